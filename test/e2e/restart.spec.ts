/** Closing, reopening and killing: nothing is lost, and nothing is sent again by itself. */
import { countAll } from '../../src/shared/model/state.ts'
import { quickVendor } from '../support/sandbox.ts'
import { draftFrom, emails, saveOwnConnection, sendDraft, writeCsv } from './support/job.ts'
import { expect, test } from './support/test.ts'

const name = 'Interrupted'

test('a request goes on where it was after the app is closed and opened again', async ({ launchApp, startSandbox }) => {
  const sandbox = await startSandbox({
    ...quickVendor,
    accounts: [{ accountId: 'slow', windows: [{ milliseconds: 1_000, calls: 5 }] }],
  })
  const first = await launchApp()
  const connection = await saveOwnConnection(first, sandbox, {}, 5)
  const file = await writeCsv(first, emails(200))
  const draft = await draftFrom(first, { connectionId: connection.id, file, name })
  await sendDraft(first, draft.id)
  await first.untilRequest(name, 'part of it is sent', ({ counts }) => (counts.queued ?? 0) < 200)
  await first.quit()

  const again = await launchApp({ userData: first.userData })
  const settled = await again.untilRequestSettled(name)
  expect(settled.counts).toEqual({ erased: 200 })
  const erased = (await sandbox.readLedger()).filter(({ call }) => call === 'erase')
  expect(erased.flatMap(({ identifiers }) => identifiers)).toHaveLength(200)
})

test('a call that was under way when the app was killed has an unknown outcome and is not sent again', async ({
  launchApp,
  startSandbox,
}) => {
  const sandbox = await startSandbox({ ...quickVendor, faults: { slowMilliseconds: 60_000 } })
  const eraseCalls = async () => (await sandbox.readLedger()).filter(({ call }) => call === 'erase')
  const killed = await launchApp()
  const connection = await saveOwnConnection(killed, sandbox)
  const file = await writeCsv(killed, emails(10, 'sandbox-slow'))
  const draft = await draftFrom(killed, { connectionId: connection.id, file, name })
  await sendDraft(killed, draft.id)
  await expect.poll(async () => (await eraseCalls()).length, { message: 'the call has arrived' }).toBe(1)
  await killed.kill()

  const app = await launchApp({ userData: killed.userData })
  await app.untilSender()
  const request = await app.untilRequest(name, 'outcome unknown', ({ counts }) => counts['outcome unknown'] === 10)
  expect(countAll(request.counts)).toBe(10)
  await app.page.getByRole('link', { name: 'Requests' }).click()
  await app.page.getByRole('row', { name: new RegExp(name) }).click()
  await expect(app.page.getByRole('region', { name: 'Waits for you' })).toBeVisible()
  await expect(app.page.getByRole('button', { name: /^Decide about / })).toBeVisible()
  expect(await eraseCalls()).toHaveLength(1)
})
