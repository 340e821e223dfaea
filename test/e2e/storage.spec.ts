/** Trouble with the place where the history is kept, as an operator meets it. */
import { chmod, copyFile, readdir, rename } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from './support/test.ts'

test('a history made read-only is said with its cure, and opens when it is tried again', async ({ launchApp }) => {
  const first = await launchApp()
  const connection = await first.saveSandboxConnection()
  const { userData, historyFolder } = first
  await first.quit()
  await chmod(historyFolder, 0o500)

  const app = await launchApp({ userData })
  try {
    const notice = app.page.getByRole('alert').first()
    await expect(notice).toContainText('The history cannot be written: its folder or file is read-only.')
    await expect(notice).toContainText('Everything recorded so far is kept as it is.')
    await expect(notice).toContainText('Give your account the right to write to the folder of the history')
    expect(await app.status()).toMatchObject({
      history: { kind: 'memory', failure: { code: 'history-read-only' } },
      sender: { sends: false },
    })
    await chmod(historyFolder, 0o700)
    // It looks once a second at most, and did so a moment ago.
    await expect(async () => {
      await notice.getByRole('button', { name: 'Try again' }).click()
      await expect(notice).toHaveCount(0, { timeout: 2_000 })
    }).toPass()
    await app.untilSender()
    expect((await app.call('listConnections', {})).map(({ id }) => id)).toContain(connection.id)
  } finally {
    await chmod(historyFolder, 0o700)
  }
})

test('a history whose file was put aside, and put back, is what it was', async ({ launchApp }) => {
  const first = await launchApp()
  const connection = await first.saveSandboxConnection()
  const { userData, historyFolder } = first
  await first.quit()
  const aside = path.join(userData, 'aside.db')
  await copyFile(path.join(historyFolder, 'history.db'), aside)
  for (const name of (await readdir(historyFolder)).filter((file) => file.startsWith('history.db')))
    await rename(path.join(historyFolder, name), path.join(userData, `old-${name}`))
  await copyFile(aside, path.join(historyFolder, 'history.db'))
  const second = await launchApp({ userData })
  expect((await second.call('listConnections', {})).map(({ id }) => id)).toContain(connection.id)
  await second.untilSender()
})
