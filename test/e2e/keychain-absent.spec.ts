/** Without a keychain the app opens for a look around: nothing is saved, import is off, and it says why. */
import { readdir } from 'node:fs/promises'
import { expect, test } from 'playwright/test'
import { launchApp, withoutKeychain } from './support/app.ts'

test('without a keychain nothing is saved and the cure is said', async () => {
  await using app = await launchApp({ env: withoutKeychain })
  await app.untilStatus('history in memory', ({ history }) => history.kind === 'memory')
  const { keychain, history } = await app.status()
  expect(keychain.usable).toBe(false)
  const failure = history.failure ?? keychain.failure
  expect(failure).not.toBeNull()
  await expect(app.page.getByText(failure?.message ?? 'no words')).toBeVisible()
  await expect(app.page.getByText(failure?.next ?? 'no words')).toBeVisible()
  expect(await app.ask('chooseFile', {})).toMatchObject({ ok: false })
  const saved = await app.ask('saveConnection', {
    vendor: 'kore',
    name: 'Never saved',
    environment: 'production',
    origin: 'https://platform.kore.ai',
    clientId: 'cs-never',
    secret: 'never-saved-anywhere',
  })
  expect(saved).toMatchObject({ ok: false })
  expect(await readdir(app.historyFolder).catch(() => [])).toEqual([])
})
