/** Two windows on one history: one sends, the other shows and says so. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'playwright/test'
import { startOwnSandbox } from '../support/sandbox.ts'
import { launchApp } from './support/app.ts'
import { draftFrom, emails, expectLedgerMatches, saveOwnConnection, sendDraft, writeCsv } from './support/job.ts'

test('the second window shows what the first sends, says so, and takes over when the first closes', async () => {
  const historyFolder = await mkdtemp(path.join(tmpdir(), 'erasure-desk-history-'))
  try {
    await using sandbox = await startOwnSandbox()
    await using second = await (async () => {
      await using first = await launchApp({ historyFolder })
      const connection = await saveOwnConnection(first, sandbox)
      const viewer = await launchApp({ historyFolder })
      await expect(viewer.page.getByText('This window shows, and does not send.')).toBeVisible()
      expect((await viewer.status()).sender.sends).toBe(false)
      const file = await writeCsv(first, emails(40))
      const draft = await draftFrom(first, { connectionId: connection.id, file, name: 'Shared' })
      const plan = await viewer.call('getPlan', { requestId: draft.id })
      const refused = await viewer.ask('sendRequest', { requestId: draft.id, planDigest: plan.digest })
      expect(refused).toMatchObject({ ok: false })
      await sendDraft(first, draft.id)
      await first.untilRequestSettled('Shared')
      expect((await viewer.findRequest('Shared'))?.counts).toEqual({ erased: 40 })
      return viewer
    })()
    await second.untilSender()
    await expect(second.page.getByText('This window shows, and does not send.')).toBeHidden()
    await expectLedgerMatches(second, sandbox.readLedger)
  } finally {
    await rm(historyFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
})
