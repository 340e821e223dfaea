/** What an operator can hold back: pause and resume, and the count that all bots asks for. */
import { draftFrom, emails, saveOwnConnection, sendDraft, writeCsv } from './support/job.ts'
import { expect, test } from './support/test.ts'

test('a paused request starts no new call, and goes on when it is resumed', async ({ launchApp, startSandbox }) => {
  const sandbox = await startSandbox()
  const app = await launchApp()
  const connection = await saveOwnConnection(app, sandbox, { identifiersPerCall: 5 }, 5)
  const file = await writeCsv(app, emails(200))
  const draft = await draftFrom(app, { connectionId: connection.id, file, name: 'Paused' })
  await sendDraft(app, draft.id)
  await app.page.getByRole('link', { name: /^Requests/ }).click()
  await app.page.getByRole('row', { name: /Paused/ }).click()
  await app.page.getByRole('button', { name: /^Pause/ }).click()
  await expect(app.page.getByRole('button', { name: /^Resume/ })).toBeVisible()
  const paused = await app.untilRequest('Paused', 'no call is under way', ({ counts }) => (counts.sending ?? 0) === 0)
  expect(paused.counts.queued ?? 0).toBeGreaterThan(0)
  const erased = async () => (await sandbox.readLedger()).filter(({ call }) => call === 'erase').length
  const before = await erased()
  // The account's window is free again, and still nothing has left.
  await expect
    .poll(async () => (await app.call('listBudgets', {}))[0]?.windows[0]?.used, { message: 'the window is free' })
    .toBe(0)
  expect(await erased()).toBe(before)
  await app.page.getByRole('button', { name: /^Resume/ }).click()
  expect((await app.untilRequestSettled('Paused')).counts).toEqual({ erased: 200 })
})

test('erasing from all bots asks for the count to be typed', async ({ launchApp, startSandbox }) => {
  const sandbox = await startSandbox()
  const app = await launchApp()
  const connection = await saveOwnConnection(app, sandbox)
  const file = await writeCsv(app, emails(12))
  const draft = await draftFrom(app, { connectionId: connection.id, file, name: 'Everywhere' })
  await app.call('updateDraft', { requestId: draft.id, scope: { kind: 'all bots' } })
  const plan = await app.call('getPlan', { requestId: draft.id })
  expect(plan.needsTypedCount).toBe(true)
  const untyped = await app.ask('sendRequest', { requestId: draft.id, planDigest: plan.digest })
  expect(untyped).toMatchObject({ ok: false })
  const mistyped = await app.ask('sendRequest', { requestId: draft.id, planDigest: plan.digest, typedCount: 11 })
  expect(mistyped).toMatchObject({ ok: false })
  expect(await sandbox.readLedger()).toEqual([])

  await app.page.getByRole('link', { name: /^Requests/ }).click()
  await app.page.getByRole('button', { name: /^Drafts/ }).click()
  await app.page.getByRole('row', { name: /Everywhere/ }).click()
  await app.page.getByRole('button', { name: /Plan/ }).click()
  const send = app.page.getByRole('button', { name: /^Send 12 identifiers to / })
  await expect(send).toBeDisabled()
  const count = app.page.getByLabel('Type the number of identifiers to send')
  await count.fill('11')
  await expect(send).toBeDisabled()
  await count.fill('12')
  await send.click()
  expect((await app.untilRequestSettled('Everywhere')).counts).toEqual({ erased: 12 })
  const ledger = await sandbox.readLedger()
  expect(
    ledger.filter(({ call }) => call === 'erase').map(({ removeDataFromAllBots }) => removeDataFromAllBots),
  ).toEqual([true, true])
})
