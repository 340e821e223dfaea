/** The whole job, by mouse and by keyboard alone, on the sandbox that one click starts. */
import { emails, writeCsv } from './support/job.ts'
import { byKeyboard, byMouse, makeRequest } from './support/wizard.ts'
import { expect, test } from './support/test.ts'

const name = 'Whole job'
const identifiers = [...emails(18), 'sandbox-failed@example.com', 'sandbox-unknown-user@example.com']

for (const way of ['mouse', 'keyboard'] as const) {
  test(`the whole job by ${way} alone`, async ({ launchApp }) => {
    const app = await launchApp()
    await app.untilSender()
    await app.answerOpenDialog(await writeCsv(app, identifiers))
    const hand = way === 'mouse' ? byMouse(app.page) : byKeyboard(app.page)

    await hand.press('button', /^Start the sandbox$/)
    await hand.press('button', /^New request/)
    await hand.press('radio', /^Sandbox Kore\.ai/)
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
  })
}
