/** The secret is nowhere but in the keychain; an identifier is nowhere in plain text, not even while it is imported. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { draftFrom, emails, sendDraft } from './support/job.ts'
import { expect, test } from './support/test.ts'

test('neither the secret nor an identifier is left anywhere in plain text', async ({ launchApp, startSandbox }) => {
  const outside = await mkdtemp(path.join(tmpdir(), 'erasure-desk-outside-'))
  try {
    const temporary = path.join(outside, 'temporary')
    await mkdir(temporary)
    const sandbox = await startSandbox()
    const app = await launchApp({ env: { TMPDIR: temporary } })
    const known = ['findable-person-0@example.com', 'findable-person-19999@example.com']
    const secret = sandbox.clientSecret
    const file = path.join(outside, 'ids.csv')
    await writeFile(file, `user_id\n${emails(20_000, 'findable-person').join('\n')}\n`)

    await app.untilSender()
    await app.page.getByRole('link', { name: /^Connections/ }).click()
    await app.page.getByRole('button', { name: /^New connection/ }).click()
    await app.page.getByLabel('Name', { exact: true }).fill('Practice vendor')
    await app.page.getByRole('button', { name: /Origin/ }).click()
    await app.page.getByRole('option', { name: /Another host/ }).click()
    await app.page.getByLabel('Address of the host').fill(sandbox.origin)
    await app.page.getByLabel('Client id', { exact: true }).fill(sandbox.clientId)
    await app.page.getByLabel('Client secret').fill(secret)
    await app.page.getByRole('button', { name: /^Save and test/ }).click()
    await expect(app.page.getByRole('heading', { name: 'Credentials accepted' })).toBeVisible()
    expect(await app.page.content()).not.toContain(secret)
    expect(JSON.stringify(await app.call('listConnections', {}))).not.toContain(secret)

    const watch = watchFolders([app.userData, temporary], [...known, secret])
    const [connection] = await app.call('listConnections', {})
    if (connection === undefined) throw new Error('The connection was not saved.')
    const draft = await draftFrom(app, { connectionId: connection.id, file, name: 'Findable' })
    const findings = await watch.end()
    expect(findings.scans, 'the folders were looked at while the file was read').toBeGreaterThan(1)
    expect(findings.found).toEqual([])

    await sendDraft(app, draft.id)
    await app.untilRequest('Findable', 'a call was answered', ({ counts }) => (counts.accepted ?? 0) > 0)
    expect((await scan([app.userData, temporary], [...known, secret])).toSorted()).toEqual([])
    const logged = await app.everythingLogged()
    for (const text of [...known, secret]) expect(logged).not.toContain(text)
    await app.call('pauseRequest', { requestId: draft.id })
    await app.untilRequest('Findable', 'no call is under way', ({ counts }) => (counts.sending ?? 0) === 0)
    await app.quit()
  } finally {
    await rm(outside, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
})

/** Looks at every file of the folders again and again until it is ended. */
function watchFolders(folders: readonly string[], texts: readonly string[]) {
  let ended = false
  const found = new Set<string>()
  let scans = 0
  const running = (async () => {
    while (!ended) {
      for (const place of await scan(folders, texts)) found.add(place)
      scans += 1
    }
  })()
  return {
    end: async () => {
      ended = true
      await running
      return { found: [...found], scans }
    },
  }
}

/** Files that hold one of the texts, in UTF-8 or UTF-16. */
async function scan(folders: readonly string[], texts: readonly string[]): Promise<readonly string[]> {
  const needles = texts.flatMap((text) => [Buffer.from(text), Buffer.from(text, 'utf16le')])
  const found: string[] = []
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
      if (!entry.isFile()) continue
      const place = path.join(entry.parentPath, entry.name)
      // A file may vanish between the listing and the look.
      const bytes = await readFile(place).catch(() => Buffer.alloc(0))
      if (needles.some((needle) => bytes.includes(needle))) found.push(place)
    }
  }
  return found
}
