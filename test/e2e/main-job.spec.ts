/** The whole job, by mouse and by keyboard alone, on the sandbox that one click starts. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'playwright/test'
import { readLedger } from '../support/sandbox.ts'
import { launchApp } from './support/app.ts'
import { emails, expectLedgerMatches, writeCsv } from './support/job.ts'
import { byKeyboard, byMouse, makeRequest } from './support/wizard.ts'

const name = 'Whole job'
const identifiers = [...emails(18), 'sandbox-failed@example.com', 'sandbox-unknown-user@example.com']

for (const way of ['mouse', 'keyboard'] as const) {
  test(`the whole job by ${way} alone`, async () => {
    const controlToken = randomUUID()
    await using app = await launchApp({ env: { ERASURE_DESK_SANDBOX_CONTROL_TOKEN: controlToken } })
    await app.untilSender()
    await app.answerOpenDialog(await writeCsv(app, identifiers))
    const hand = way === 'mouse' ? byMouse(app.page) : byKeyboard(app.page)

    await hand.press('button', /^Start the sandbox$/)
    await hand.press('button', /^New request/)
    await makeRequest(app.page, hand, name)

    const settled = await app.untilRequestSettled(name)
    expect(settled.counts).toEqual({ erased: 18, failed: 1, unconfirmed: 1 })
    await expect(app.page.getByRole('region', { name: 'Waits for you' })).toBeVisible()
    await hand.press('button', /^Decide about /)
    await expect(app.page.getByRole('alertdialog')).toBeVisible()
    await hand.press('radio', /^Leave it unconfirmed/)
    await hand.write(/^Reason/, 'Not known at the vendor.')
    await hand.press('button', /^Accept 1 identifier as unconfirmed$/)
    await app.untilRequest(name, 'closed', ({ phase }) => phase === 'closed')
    const { sandbox } = await app.status()
    await expectLedgerMatches(app, async () => await readLedger(sandbox.origin ?? '', controlToken))
  })
}
