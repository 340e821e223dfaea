/** Without a keychain nothing is saved, and the app says why and what cures it. */
import { readdir } from 'node:fs/promises'
import { withoutKeychain } from './support/app.ts'
import { expect, test } from './support/test.ts'

const connection = {
  vendor: 'kore',
  name: 'Production',
  origin: 'https://platform.kore.ai',
  clientId: 'cs-00000000-0000-0000-0000-000000000000',
  secret: 'a secret that must go nowhere',
} as const

test('without a keychain the history is in memory, import is off, and nothing is saved', async ({ launchApp }) => {
  const app = await launchApp({ env: withoutKeychain })
  const status = await app.status()
  expect(status.history.kind).toBe('memory')
  expect(status.keychain.usable).toBe(false)
  expect(status.keychain.failure?.code).toMatch(/^keychain-/)
  expect(status.keychain.failure?.message).not.toBe('')
  expect(status.keychain.failure?.next ?? '', 'the cure').not.toBe('')
  expect(status.sender.sends).toBe(false)

  expect(await app.ask('saveConnection', connection)).toMatchObject({
    ok: false,
    failure: { code: 'history-in-memory' },
  })
  expect(await app.ask('startSandbox', {})).toMatchObject({ ok: false, failure: { code: 'history-in-memory' } })
  expect(await app.ask('chooseFile', {})).toMatchObject({ ok: false, failure: { code: 'import-off' } })
  expect(await app.call('listConnections', {})).toEqual([])
  expect(await readdir(app.userData)).not.toContain('history')
  expect(await app.everythingLogged()).not.toContain(connection.secret)
})

test('a look around is possible: every list answers, appearance changes', async ({ launchApp }) => {
  const app = await launchApp({ env: withoutKeychain })
  await app.call('getOverview', {})
  await app.call('listBudgets', {})
  await app.call('listRequests', { filter: 'all', anchor: { index: 0 }, limit: 50 })
  expect(await app.call('setAppearance', { theme: 'dark', zoom: 1 })).toEqual({ theme: 'dark', zoom: 1 })
  await expect
    .poll(async () => await app.page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches))
    .toBe(true)
})

test('the window says that nothing is saved, what was kept and what helps, and tries again when asked', async ({
  launchApp,
}) => {
  const app = await launchApp({ env: withoutKeychain })
  const { keychain } = await app.status()
  const notice = app.page.getByRole('alert').first()
  await expect(notice).toContainText('Nothing is saved: the history of this session is in memory, for a look around')
  await expect(notice).toContainText('import and sending are off')
  await expect(notice).toContainText(keychain.failure?.kept ?? 'kept')
  await expect(notice).toContainText(keychain.failure?.next ?? 'next')
  await notice.getByRole('button', { name: 'Try again' }).click()
  await expect(notice.getByRole('button', { name: 'Try again' })).toBeEnabled()
  await expect(notice).toContainText('Nothing is saved')
})

test('a history that was made with a keychain is neither opened nor touched without it', async ({ launchApp }) => {
  const first = await launchApp()
  expect((await first.status()).history.kind).toBe('encrypted')
  const { userData, historyFolder } = first
  await first.call('setAppearance', { theme: 'dark', zoom: 1.25 })
  await first.quit()
  const before = await readdir(historyFolder)

  const second = await launchApp({ userData, env: withoutKeychain })
  expect((await second.status()).history.kind).toBe('memory')
  await second.quit()
  expect(await readdir(historyFolder)).toEqual(before)

  const third = await launchApp({ userData })
  expect((await third.status()).history).toEqual({ kind: 'encrypted', failure: null })
  expect(await third.call('getAppearance', {})).toEqual({ theme: 'dark', zoom: 1.25 })
})
