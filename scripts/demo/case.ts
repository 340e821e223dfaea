/** A case over both vendors, from one CSV, through the window's own buttons. */
import type { CaseDetail } from '../../src/shared/model/case.ts'
import type { CaseId } from '../../src/shared/model/ids.ts'
import type { Plan } from '../../src/shared/model/request.ts'
import { pressRadio } from './press.ts'
import type { DemoWindow } from './window.ts'

const caseName = 'Customers, October'
const bots = 'st-5a0d1c7e-0001-5b6f-8e21-7f4c2d9a0001'

/** A case that was sent: its plans by the vendor they were for. */
export type SentCase = Readonly<{ caseId: CaseId; plans: Readonly<Record<string, Plan>> }>

/** Reads the file for both connections, and sends each part from its own plan. */
export async function sendCase(demo: DemoWindow, file: string, tell: (words: string) => void): Promise<SentCase> {
  const { page, press, picture } = demo
  tell('One file names people at both vendors: a case.')
  await demo.electron.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] })
  }, file)
  await openCases(demo)
  await press(/^New case/)
  await page.getByRole('heading', { name: 'Choose where to erase' }).waitFor()
  for (const connection of [/^Sandbox Kore\.ai/, /^Sandbox Mixpanel/])
    await page.getByRole('checkbox', { name: connection }).locator('xpath=ancestor::label[1]').click()
  await press('Continue')
  await page.getByRole('heading', { name: 'Choose a file' }).waitFor()
  await press('Choose a file')
  await page.getByRole('heading', { name: /^What the columns of / }).waitFor()
  await page.getByText('are one person;').first().waitFor()
  await picture('19-case-columns')
  await press('Continue')
  await page.getByRole('heading', { name: 'Case facts' }).waitFor()
  await page.getByRole('textbox', { name: 'Name' }).fill(caseName)
  await press('Read the file')
  await page.getByRole('tab', { name: /^People/ }).waitFor()
  await picture('20-case-to-send')

  const [made] = (await demo.ask('listCases', { filter: 'drafts', anchor: { index: 0 }, limit: 1 })).rows
  if (made === undefined) throw new Error('The case is not in the history.')
  const caseId = made.id
  const plans: Record<string, Plan> = {}
  for (const part of (await demo.ask('getCase', { caseId })).parts) {
    const { connectionName, vendor, request } = part
    if (request === null) throw new Error(`${connectionName} was left out.`)
    await press(`Choose the scope of ${connectionName}`)
    await page.getByRole('heading', { name: /^(From which bots|Compliance type)$/ }).waitFor()
    if (vendor === 'kore') await page.getByRole('textbox', { name: 'Bot ids' }).fill(`${bots},`)
    else await pressRadio(demo, /^GDPR/)
    await press('Continue')
    await page.getByRole('heading', { name: 'Case facts' }).waitFor()
    await press('Continue')
    const button = page.getByRole('button', { name: /^Send [\d,.\s]+ identifiers to / })
    await button.waitFor()
    plans[vendor] = await demo.ask('getPlan', { requestId: request.id })
    tell(`${plans[vendor].identifiers} identifiers of the case leave for ${connectionName}.`)
    await press(/^Send [\d,.\s]+ identifiers to /)
    await page.getByRole('tab', { name: /^People/ }).waitFor()
  }
  return { caseId, plans }
}

/** Shows the case once nobody of it is under way. */
export async function settleCase(demo: DemoWindow, caseId: CaseId, deadline: number): Promise<CaseDetail> {
  await openCases(demo)
  await demo.page.getByRole('row', { name: new RegExp(caseName) }).click()
  await demo.page.getByRole('tab', { name: /^People/ }).waitFor()
  for (;;) {
    const detail = await demo.ask('getCase', { caseId })
    const { standings } = detail
    if (standings['under way'] + standings['not sent'] === 0) {
      await demo.picture('21-case-settled')
      return detail
    }
    if (Date.now() > deadline) throw new Error(`Somebody of the case is still under way: ${JSON.stringify(standings)}.`)
    await demo.page.waitForTimeout(500)
  }
}

async function openCases({ page }: DemoWindow): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: /^Cases/ })
    .click()
  await page.getByRole('heading', { name: 'Cases', level: 1 }).waitFor()
}
