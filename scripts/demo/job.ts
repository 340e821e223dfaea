/** The main job, from the first start to the last settled identifier, through the window's own buttons. */
import type { Plan, RequestDetail } from '../../src/shared/model/request.ts'
import type { DemoWindow } from './window.ts'

export type DemoJob = Readonly<{ request: RequestDetail; plan: Plan; sandboxOrigin: string }>

const requestName = 'Deletion requests, October'
const firstBot = 'st-5a0d1c7e-0001-5b6f-8e21-7f4c2d9a0001'
const secondBot = 'st-5a0d1c7e-0002-5b6f-8e21-7f4c2d9a0002'
/** Every identifier is at rest after this at the latest, or the demo has failed. */
const longestMilliseconds = 230_000

/** Does the job; `tell` is given each step in words. */
export async function doMainJob(demo: DemoWindow, file: string, tell: (words: string) => void): Promise<DemoJob> {
  const { page, press, picture } = demo
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
  await picture('01-overview-empty')

  tell('The sandbox Kore.ai starts; its secret goes into the keychain.')
  await press('Start the sandbox')
  await page.getByRole('link', { name: 'Sandbox Kore.ai' }).or(page.getByText('Sandbox Kore.ai')).first().waitFor()
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: /^Connections/ })
    .click()
  await page.getByRole('table', { name: 'Connections' }).waitFor()
  await picture('02-connections')

  tell('The connection is tested with one harmless call.')
  await page.getByRole('link', { name: 'Sandbox Kore.ai' }).first().click()
  await press(/^Test connection/)
  await page.getByRole('heading', { name: 'Credentials accepted' }).waitFor()
  await picture('03-connection-tested')

  tell('The file is chosen and read.')
  await demo.electron.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] })
  }, file)
  await page.getByTitle('Requests', { exact: true }).click()
  await press(/^New request/)
  await page.getByRole('heading', { name: 'Choose a file' }).waitFor()
  await picture('04-new-request-file')
  await press('Choose a file')
  await page.getByRole('button', { name: 'Import', exact: true }).waitFor()
  await picture('05-new-request-columns')
  await press('Import')
  await page.getByRole('heading', { name: 'Columns and check' }).waitFor()
  await picture('06-new-request-check')
  await press('Continue')

  await page.getByRole('heading', { name: 'From which bots' }).waitFor()
  await page.getByRole('textbox', { name: 'Bot ids' }).fill(`${firstBot}, ${secondBot},`)
  await page.getByRole('heading', { name: 'From which bots' }).click()
  await picture('07-new-request-scope')
  await press('Continue')

  await page.getByRole('heading', { name: 'Case facts' }).waitFor()
  await page.getByRole('textbox', { name: 'Name' }).fill(requestName)
  await page.getByLabel('Received on').fill(daysAgo(4))
  await page.getByRole('textbox', { name: 'Came in by' }).fill('web form')
  await page.getByRole('textbox', { name: 'Reference' }).fill('DSR-2026-10')
  await picture('08-new-request-case-facts')
  await press('Continue')

  tell('The plan is on screen; a dry run builds and signs every call with the network off.')
  const send = page.getByRole('button', { name: /^Send [\d,.\s]+ identifiers to / })
  await send.waitFor()
  await press('Dry run')
  await page.getByRole('region', { name: 'Dry run' }).waitFor()
  await picture('09-new-request-plan')
  const requestId = await onlyDraft(demo)
  const plan = await demo.ask('getPlan', { requestId })
  const { sandbox } = await demo.ask('getAppStatus', {})

  tell(
    `${plan.identifiers.toLocaleString('en')} identifiers leave in ${plan.eraseCalls} calls, within the vendor’s limits.`,
  )
  await press(/^Send [\d,.\s]+ identifiers to /)
  await page.getByRole('tab', { name: /^Identifiers/ }).waitFor()
  const deadline = Date.now() + longestMilliseconds
  await untilRequest(demo, requestId, deadline, ({ counts }) => (counts.accepted ?? 0) + (counts.erased ?? 0) > 0)
  await picture('10-request-sending')
  const request = await untilRequest(
    demo,
    requestId,
    deadline,
    ({ counts }) => (counts.queued ?? 0) + (counts.sending ?? 0) + (counts.accepted ?? 0) === 0,
  )
  await picture('11-request-settled')
  await page.getByTitle('Requests', { exact: true }).click()
  await page.getByRole('grid', { name: 'Requests' }).waitFor()
  await picture('12-requests')
  await page.getByTitle('Overview', { exact: true }).click()
  await page.getByRole('heading', { name: 'By deadline' }).waitFor()
  await picture('13-overview')
  await page.getByTitle('Settings', { exact: true }).click()
  await page.getByRole('heading', { name: 'Appearance' }).waitFor()
  await picture('14-settings')
  await page.getByTitle('Requests', { exact: true }).click()
  await page.getByRole('row', { name: new RegExp(requestName) }).click()
  return { request, plan, sandboxOrigin: sandbox.origin ?? '' }
}

async function onlyDraft(demo: DemoWindow): Promise<RequestDetail['id']> {
  const { rows } = await demo.ask('listRequests', { filter: 'drafts', anchor: { index: 0 }, limit: 1 })
  const [draft] = rows
  if (draft === undefined) throw new Error('The draft is not in the history.')
  return draft.id
}

async function untilRequest(
  demo: DemoWindow,
  requestId: RequestDetail['id'],
  deadline: number,
  holds: (request: RequestDetail) => boolean,
): Promise<RequestDetail> {
  for (;;) {
    const request = await demo.ask('getRequest', { requestId })
    if (holds(request)) return request
    if (Date.now() > deadline) {
      throw new Error(`Not every identifier is settled or waits for a person: ${JSON.stringify(request.counts)}.`)
    }
    await demo.page.waitForTimeout(500)
  }
}

/** A day as a date field takes it. */
function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
}
