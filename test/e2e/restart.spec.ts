/** Closing, reopening and killing: nothing is lost, and nothing is sent again by itself. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'playwright/test'
import { countAll } from '../../src/shared/model/state.ts'
import { quickVendor, startOwnSandbox } from '../support/sandbox.ts'
import { launchApp } from './support/app.ts'
import { draftFrom, emails, expectLedgerMatches, saveOwnConnection, sendDraft, writeCsv } from './support/job.ts'

const name = 'Interrupted'

async function withUserData(run: (userData: string) => Promise<void>): Promise<void> {
  const userData = await mkdtemp(path.join(tmpdir(), 'erasure-desk-restart-'))
  try {
    await run(userData)
  } finally {
    await rm(userData, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
}

test('a request goes on where it was after the app is closed and opened again', async () => {
  await withUserData(async (userData) => {
    await using sandbox = await startOwnSandbox({
      ...quickVendor,
      accounts: [{ accountId: 'slow', windows: [{ milliseconds: 1_000, calls: 5 }] }],
    })
    {
      await using app = await launchApp({ userData })
      const connection = await saveOwnConnection(app, sandbox, {}, 5)
      const file = await writeCsv(app, emails(200))
      const draft = await draftFrom(app, { connectionId: connection.id, file, name })
      await sendDraft(app, draft.id)
      await app.untilRequest(name, 'part of it is sent', ({ counts }) => (counts.queued ?? 0) < 200)
    }
    await using app = await launchApp({ userData })
    const settled = await app.untilRequestSettled(name)
    expect(settled.counts).toEqual({ erased: 200 })
    await expectLedgerMatches(app, sandbox.readLedger)
    const erased = (await sandbox.readLedger()).filter(({ call }) => call === 'erase')
    expect(erased.flatMap(({ identifiers }) => identifiers)).toHaveLength(200)
  })
})

test('a call that was under way when the app was killed has an unknown outcome and is not sent again', async () => {
  await withUserData(async (userData) => {
    await using sandbox = await startOwnSandbox({ ...quickVendor, faults: { slowMilliseconds: 60_000 } })
    {
      await using app = await launchApp({ userData })
      const connection = await saveOwnConnection(app, sandbox)
      const file = await writeCsv(app, emails(10, 'sandbox-slow'))
      const draft = await draftFrom(app, { connectionId: connection.id, file, name })
      await sendDraft(app, draft.id)
      await expect
        .poll(async () => (await sandbox.readLedger()).filter(({ call }) => call === 'erase').length, {
          message: 'the call has arrived',
        })
        .toBe(1)
      await app.kill()
    }
    await using app = await launchApp({ userData })
    await app.untilSender()
    const request = await app.untilRequest(name, 'outcome unknown', ({ counts }) => counts['outcome unknown'] === 10)
    expect(countAll(request.counts)).toBe(10)
    await app.page.getByRole('link', { name: 'Requests' }).click()
    await app.page.getByRole('row', { name: new RegExp(name) }).click()
    await expect(app.page.getByRole('region', { name: 'Waits for you' })).toBeVisible()
    await expect(app.page.getByRole('button', { name: /^Decide about / })).toBeVisible()
    expect((await sandbox.readLedger()).filter(({ call }) => call === 'erase')).toHaveLength(1)
    await expectLedgerMatches(app, sandbox.readLedger)
  })
})
