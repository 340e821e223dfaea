/** The main job at both vendors and a case over them, from the first start to the last settled identifier, through the window's own buttons. */
import type { CaseDetail } from '../../src/shared/model/case.ts'
import type { VendorId } from '../../src/shared/model/connection.ts'
import type { Plan, RequestDetail } from '../../src/shared/model/request.ts'
import { sendCase, settleCase } from './case.ts'
import { pressRadio } from './press.ts'
import type { DemoWindow } from './window.ts'

/** What was sent to one vendor: the plan as it stood before, the request as it ended. */
export type DemoJob = Readonly<{ request: RequestDetail; plan: Plan }>
/** Everything that was sent to each vendor, parts of the case among it; and the case. */
export type DemoJobs = Readonly<{ vendors: Readonly<Record<VendorId, readonly DemoJob[]>>; case: CaseDetail }>

const requestName = 'Deletion requests, October'
const firstBot = 'st-5a0d1c7e-0001-5b6f-8e21-7f4c2d9a0001'
const secondBot = 'st-5a0d1c7e-0002-5b6f-8e21-7f4c2d9a0002'
/** Every identifier is at rest after this at the latest, or the demo has failed. */
const longestMilliseconds = 230_000

type Way = Readonly<{
  connection: string
  file: string
  name: string
  reference: string
  /** The words over the third step, and how it is filled in. */
  scopeHeading: string
  chooseScope: () => Promise<void>
  /** Takes the picture of a step. */
  picture: (step: WayStep) => Promise<void>
  tell: (words: string) => void
}>
type WayStep = 'file' | 'columns' | 'check' | 'scope' | 'case facts' | 'plan'

/** Does the job; `tell` is given each step in words. */
export async function doMainJob(
  demo: DemoWindow,
  files: Readonly<{ kore: string; mixpanel: string; case: string }>,
  tell: (words: string) => void,
): Promise<DemoJobs> {
  const { page, press, picture } = demo
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
  await picture('01-overview-empty')

  tell('The sandbox starts: a Kore.ai and a Mixpanel. Their secrets go into the keychain.')
  await press('Start the sandbox')
  await page.getByText('Sandbox Mixpanel').first().waitFor()
  await openConnections(demo)
  await picture('02-connections')

  tell('Each connection is tested with one harmless call.')
  await testConnection(demo, 'Sandbox Kore.ai')
  await picture('03-connection-tested')
  await openConnections(demo)
  await testConnection(demo, 'Sandbox Mixpanel')
  await picture('15-mixpanel-connection-tested')

  const numbers: Readonly<Record<WayStep, string>> = {
    file: '04-new-request-file',
    columns: '05-new-request-columns',
    check: '06-new-request-check',
    scope: '07-new-request-scope',
    'case facts': '08-new-request-case-facts',
    plan: '09-new-request-plan',
  }
  const atKore = await send(demo, {
    connection: 'Sandbox Kore.ai',
    file: files.kore,
    name: requestName,
    reference: 'DSR-2026-10',
    scopeHeading: 'From which bots',
    chooseScope: async () => {
      await page.getByRole('textbox', { name: 'Bot ids' }).fill(`${firstBot}, ${secondBot},`)
      await page.getByRole('heading', { name: 'From which bots' }).click()
    },
    picture: async (step) => await picture(numbers[step]),
    tell,
  })
  const deadline = Date.now() + longestMilliseconds
  await untilRequest(
    demo,
    atKore.requestId,
    deadline,
    ({ counts }) => (counts.accepted ?? 0) + (counts.erased ?? 0) > 0,
  )
  await picture('10-request-sending')

  tell('While Kore.ai’s calls leave at its pace, Mixpanel’s file is brought in.')
  const atMixpanel = await send(demo, {
    connection: 'Sandbox Mixpanel',
    file: files.mixpanel,
    name: 'Web project, October',
    reference: 'DSR-2026-11',
    scopeHeading: 'Compliance type',
    chooseScope: async () => await pressRadio(demo, /^GDPR/),
    picture: async (step) => {
      if (step === 'scope') await picture('16-mixpanel-scope')
      if (step === 'plan') await picture('17-mixpanel-plan')
    },
    tell,
  })
  const sentCase = await sendCase(demo, files.case, tell)
  await openRequest(demo, 'Web project, October')
  const mixpanel = await untilAtRest(demo, atMixpanel.requestId, deadline)
  await picture('18-mixpanel-settled')
  await openRequest(demo, requestName)
  const kore = await untilAtRest(demo, atKore.requestId, deadline)
  await picture('11-request-settled')
  tell('Every identifier is settled or waits; the case says how each of its people stands.')
  const detail = await settleCase(demo, sentCase.caseId, deadline)
  await page.getByTitle('Requests', { exact: true }).click()
  await page.getByRole('grid', { name: 'Requests' }).waitFor()
  await picture('12-requests')
  await page.getByTitle('Overview', { exact: true }).click()
  await page.getByRole('heading', { name: 'By deadline' }).waitFor()
  await picture('13-overview')
  await page.getByTitle('Settings', { exact: true }).click()
  await page.getByRole('heading', { name: 'Appearance' }).waitFor()
  await picture('14-settings')
  await openRequest(demo, requestName)
  const partOf = async (vendor: VendorId): Promise<DemoJob> => {
    const request = detail.parts.find((part) => part.vendor === vendor)?.request
    const plan = sentCase.plans[vendor]
    if (request === null || request === undefined || plan === undefined) throw new Error(`The case has no ${vendor}.`)
    return { request: await demo.ask('getRequest', { requestId: request.id }), plan }
  }
  return {
    vendors: {
      kore: [{ request: kore, plan: atKore.plan }, await partOf('kore')],
      mixpanel: [{ request: mixpanel, plan: atMixpanel.plan }, await partOf('mixpanel')],
    },
    case: detail,
  }
}

async function openRequest({ page }: DemoWindow, name: string): Promise<void> {
  await page.getByTitle('Requests', { exact: true }).click()
  await page.getByRole('row', { name: new RegExp(name) }).click()
  await page.getByRole('tab', { name: /^Identifiers/ }).waitFor()
}

async function openConnections({ page }: DemoWindow): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: /^Connections/ })
    .click()
  await page.getByRole('table', { name: 'Connections' }).waitFor()
}

async function testConnection({ page, press }: DemoWindow, name: string): Promise<void> {
  await page.getByRole('table', { name: 'Connections' }).getByRole('link', { name }).click()
  await press(/^Test connection/)
  await page.getByRole('heading', { name: 'Credentials accepted' }).waitFor()
}

/** From *New request* to the request's page, with its first call under way. */
async function send(demo: DemoWindow, way: Way): Promise<Readonly<{ requestId: RequestDetail['id']; plan: Plan }>> {
  const { page, press } = demo
  const { picture, tell } = way
  tell(`The file for ${way.connection} is chosen and read.`)
  await demo.electron.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] })
  }, way.file)
  await page.getByTitle('Requests', { exact: true }).click()
  await press(/^New request/)
  await page.getByRole('heading', { name: 'Choose a file' }).waitFor()
  await pressRadio(demo, new RegExp(`^${way.connection.replace('.', String.raw`\.`)}`))
  await picture('file')
  await press('Choose a file')
  await page.getByRole('button', { name: 'Import', exact: true }).waitFor()
  await picture('columns')
  await press('Import')
  await page.getByRole('heading', { name: 'Columns and check' }).waitFor()
  await picture('check')
  await press('Continue')

  await page.getByRole('heading', { name: way.scopeHeading }).waitFor()
  await way.chooseScope()
  await picture('scope')
  await press('Continue')

  await page.getByRole('heading', { name: 'Case facts' }).waitFor()
  await page.getByRole('textbox', { name: 'Name' }).fill(way.name)
  await page.getByLabel('Received on').fill(daysAgo(4))
  await page.getByRole('textbox', { name: 'Came in by' }).fill('web form')
  await page.getByRole('textbox', { name: 'Reference' }).fill(way.reference)
  await picture('case facts')
  await press('Continue')

  tell('The plan is on screen; a dry run builds and authorises every call with the network off.')
  const button = page.getByRole('button', { name: /^Send [\d,.\s]+ identifiers to / })
  await button.waitFor()
  await press('Dry run')
  await page.getByRole('region', { name: 'Dry run' }).waitFor()
  await picture('plan')
  const requestId = await onlyDraft(demo)
  const plan = await demo.ask('getPlan', { requestId })
  tell(
    `${plan.identifiers.toLocaleString('en')} identifiers leave in ${plan.eraseCalls === 1 ? '1 call' : `${plan.eraseCalls} calls`}, within the vendor’s limits.`,
  )
  await press(/^Send [\d,.\s]+ identifiers to /)
  await page.getByRole('tab', { name: /^Identifiers/ }).waitFor()
  return { requestId, plan }
}

async function onlyDraft(demo: DemoWindow): Promise<RequestDetail['id']> {
  const { rows } = await demo.ask('listRequests', { filter: 'drafts', anchor: { index: 0 }, limit: 1 })
  const [draft] = rows
  if (draft === undefined) throw new Error('The draft is not in the history.')
  return draft.id
}

async function untilAtRest(demo: DemoWindow, requestId: RequestDetail['id'], deadline: number): Promise<RequestDetail> {
  return await untilRequest(
    demo,
    requestId,
    deadline,
    ({ counts }) => (counts.queued ?? 0) + (counts.sending ?? 0) + (counts.accepted ?? 0) === 0,
  )
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
