import { empty, text, zipFile, type Answer } from '../answer.ts'
import type { SandboxConfig } from '../config.ts'
import type { LedgerChange, Verdict } from '../ledger.ts'
import type { SandboxPorts } from '../ports.ts'
import { createRateMeter, type RateDecision } from '../rate-windows.ts'
import { ended, type CallBody, type CallHead, type Outcome, type Simulator } from '../simulator.ts'
import { createStrikes } from '../strikes.ts'
import { accountOf, checkAccess, readCaller, type Caller } from './access.ts'
import {
  conflictAnswer,
  createdAnswer,
  deletionStatusAnswer,
  overLimitAnswer,
  refusalAnswer,
  retrievalStatusAnswer,
  type ToldTask,
} from './answers.ts'
import { behavioursAmong, findMixpanelBehaviours, having, type Ending } from './behaviours.ts'
import { readTaskBody, type TaskOrder } from './body.ts'
import { maximumIdsOf, type MixpanelAccount, type MixpanelProject, type MixpanelRefusalName } from './config.ts'
import { exportFileOf } from './export-file.ts'
import { faultyAnswer } from './faults.ts'
import { fileOf, routeOf, type Route, type TaskKind } from './route.ts'
import { endsAt, isCancellable, statusOf, toldStatusOf, viewOf, type Task, type TaskView } from './task.ts'
import { createTaskBook } from './tasks.ts'

type MixpanelSimulator = Simulator & {
  /** What has really become of every task, in the order in which they were made. */
  readonly tasks: () => readonly TaskView[]
}

/** A call as it stands when its headers were read. */
type MixpanelCall = {
  readonly head: CallHead
  readonly route: Route | null
  readonly caller: Caller
  readonly rate: RateDecision
}

type Access = { readonly account: MixpanelAccount; readonly project: MixpanelProject }
type TaskRoute = Exclude<Route, { readonly call: 'download' }>

const fits: RateDecision = { fits: true }

/**
 * Mixpanel's GDPR API v3.0, on a clock of the caller's choice: deletions, retrievals and their files.
 *
 * @param origin where the simulator listens, for the links to its files; asked when a link is given
 */
export function createMixpanelSimulator(
  sandbox: SandboxConfig,
  { clock, random }: SandboxPorts,
  origin: () => string,
): MixpanelSimulator {
  const config = sandbox.mixpanel
  const { processing } = config
  const meters = new Map(config.accounts.map(({ accountId, windows }) => [accountId, createRateMeter(windows)]))
  const strikes = createStrikes(sandbox.faults.times)
  const book = createTaskBook(config, random)
  const startedAt = clock.now()
  const vendorNow = () => clock.now() + sandbox.clockSkewMilliseconds

  return {
    receive: (head) => {
      const route = routeOf(head.method, head.url.pathname)
      const caller = readCaller(head.headers, head.url.searchParams)
      const accountId = accountOf(config, caller)?.accountId ?? null
      const isLimited = route !== null && route.call !== 'download' && accountId !== null
      const rate = isLimited ? (meters.get(accountId)?.take(head.receivedAt) ?? fits) : fits
      return {
        ledger: {
          vendor: 'mixpanel',
          call: route?.call ?? 'other',
          jti: requestIdOf(head),
          appId: null,
          projectToken: caller.projectToken,
          accountId,
        },
        decide: async (body) => decide({ head, route, caller, rate }, body),
      }
    },
    reset: () => {
      for (const meter of meters.values()) meter.reset()
      strikes.reset()
      book.reset()
    },
    tasks: () => book.all().map((task) => viewOf(task, clock.now(), processing)),
  }

  function decide({ head, route, caller, rate }: MixpanelCall, body: CallBody): Outcome {
    if (route === null) return refused('unknown-path', 'unknownPath')
    if (!rate.fits) return ended('rate-limited', overLimitAnswer(config, rate.retryAfterMilliseconds, vendorNow()))
    if (!route.allowed) return refused('method-refused', 'methodNotAllowed')
    if (route.call === 'download') return download(route.trackingId, head.url.searchParams.get('signature'))
    const access = checkAccess(config, caller, vendorNow() - startedAt)
    if (!access.accepted)
      return refused(access.refusal === 'forbidden' ? 'project-refused' : 'token-refused', access.refusal)
    if (body.tooLarge) return refused('too-large', 'tooLarge')
    if (access.project.residency !== config.residency) return pretend(route, access, head, body.text)
    switch (route.call) {
      case 'erase':
      case 'retrieve':
        return create(route.kind, access, head, body.text)
      case 'status':
      case 'retrieval-status':
        return status(route.kind, access.project, route.trackingId)
      case 'cancel':
        return cancel(access.project, route.trackingId)
      default:
        return route satisfies never
    }
  }

  function create(kind: TaskKind, { account, project }: Access, head: CallHead, body: string): Outcome {
    const read = readTaskBody(kind, head.headers['content-type'], body)
    if (!read.accepted) return refused('body-refused', read.refusal)
    const { order } = read
    const { distinctIds } = order
    const asked = behavioursAmong(distinctIds)
    const ledger = { ...ledgerOf(order), behaviours: asked.map(({ name }) => name) }
    if (distinctIds.length > maximumIdsOf(config, project)) return refused('too-large', 'tooManyIds', ledger)
    if (having(asked, 'create', 'refuse').length > 0) return refused('identifier-refused', 'invalidId', ledger)

    const now = clock.now()
    if (kind === 'deletion') {
      for (const { name, effect } of having(asked, 'create', 'conflict'))
        book.beginElsewhere(project, idsWith(name, distinctIds), effect.ends, now)
      const conflict = book.conflictOf(project, distinctIds, now)
      if (conflict !== null) return ended('conflict', conflictAnswer(conflict, config), ledger)
    }

    const struck = having(asked, 'create', 'fault').find(({ name }) =>
      idsWith(name, distinctIds).some((id) => strikes.strike(JSON.stringify([name, kind, id]))),
    )?.effect
    if (struck?.recorded === false) return ended('fault', faultyAnswer(struck.fault, { kind: 'cut' }), ledger)
    const task = book.add({
      kind,
      project,
      order,
      createdAt: now,
      requestingUser: account.requestingUser,
      origin: 'caller',
      ending: endingOf(kind, distinctIds),
    })
    const recorded = { ...ledger, requestId: task.trackingId, tookEffect: true }
    const meant = createdAnswer(task, config)
    if (struck !== undefined) return ended('fault', faultyAnswer(struck.fault, meant), recorded)
    return { ...ended('accepted', meant, recorded), slow: having(asked, 'create', 'slow').length > 0 }
  }

  /** How a new task with these ids will end: as the first in the table that has not had its turn says. */
  function endingOf(kind: TaskKind, distinctIds: readonly string[]): Ending {
    const first = having(behavioursAmong(distinctIds), 'task', 'end').find(({ name, effect }) => {
      if (effect.lasting) return true
      // Each of the ids has its turn with the same task, so that the next one is free of all of them.
      const turns = idsWith(name, distinctIds).map((id) => strikes.strike(JSON.stringify([name, kind, id])))
      return turns.includes(true)
    })
    return first?.effect.as ?? 'SUCCESS'
  }

  function status(kind: TaskKind, project: MixpanelProject, trackingId: string): Outcome {
    const task = book.find(kind, project, trackingId)
    const told = task === undefined ? 'NOT_FOUND' : toldStatusOf(task, clock.now(), processing)
    if (told === 'NOT_FOUND' && config.unknownTask === 'error')
      return refused('unknown-request', 'unknownTask', { requestId: trackingId })
    const ledger = { requestId: trackingId, taskStatus: told }
    const isSeen = task !== undefined && told !== 'NOT_FOUND' && told !== 'UNKNOWN'
    const meant = statusAnswer(kind, { trackingId, project, status: told, task: isSeen ? task : null })
    if (task === undefined) return ended('unknown-request', meant, ledger)
    const asked = behavioursAmong(task.order.distinctIds)
    const struck = having(asked, 'status', 'fault').find(({ name }) =>
      strikes.strike(JSON.stringify([name, trackingId])),
    )?.effect
    if (struck !== undefined) return ended('fault', faultyAnswer(struck.fault, meant), { requestId: trackingId })
    const verdict = told === 'NOT_FOUND' ? 'unknown-request' : 'accepted'
    return { ...ended(verdict, meant, ledger), slow: having(asked, 'status', 'slow').length > 0 }
  }

  function statusAnswer(kind: TaskKind, told: ToldTask): Answer {
    if (kind === 'deletion') return deletionStatusAnswer(told, config)
    const asked = told.task === null ? [] : behavioursAmong(told.task.order.distinctIds)
    const place = having(asked, 'link', 'place')[0]?.effect.place ?? config.retrieval.linkAt
    const link = told.task !== null && told.status === 'SUCCESS' ? linkTo(told.task) : null
    return retrievalStatusAnswer(told, link, place, config)
  }

  function linkTo({ trackingId, signature }: Task): string {
    return `${origin()}${fileOf(trackingId)}?signature=${signature}`
  }

  function cancel(project: MixpanelProject, trackingId: string): Outcome {
    const ledger = { requestId: trackingId }
    const task = book.find('deletion', project, trackingId)
    const before = task === undefined ? 'NOT_FOUND' : statusOf(task, clock.now(), processing)
    if (task === undefined || before === 'NOT_FOUND') return refused('unknown-request', 'unknownTask', ledger)
    if (!isCancellable(before)) return refused('too-late', 'tooLate', ledger)
    const struck = having(behavioursAmong(task.order.distinctIds), 'cancel', 'fault').find(({ name }) =>
      strikes.strike(JSON.stringify([name, trackingId])),
    )?.effect
    if (struck?.recorded === false) return ended('fault', faultyAnswer(struck.fault, { kind: 'cut' }), ledger)
    book.cancel(task)
    const recorded = { ...ledger, tookEffect: true }
    if (struck !== undefined) return ended('fault', faultyAnswer(struck.fault, empty(204)), recorded)
    return ended('accepted', empty(204), recorded)
  }

  /**
   * Answers a call for a project of another residency as if all were well, and does nothing. That the vendor does so is
   * known from third-party code alone; what its status call says afterwards is a guess.
   */
  function pretend(route: TaskRoute, { account, project }: Access, head: CallHead, body: string): Outcome {
    switch (route.call) {
      case 'erase':
      case 'retrieve': {
        const read = readTaskBody(route.kind, head.headers['content-type'], body)
        if (!read.accepted) return refused('body-refused', read.refusal)
        const { order } = read
        const trackingId = book.unusedId()
        const { requestingUser } = account
        const answer = createdAnswer({ trackingId, project, order, createdAt: clock.now(), requestingUser }, config)
        return ended('wrong-residency', answer, { ...ledgerOf(order), requestId: trackingId })
      }
      case 'status':
      case 'retrieval-status': {
        const { trackingId } = route
        const told = config.wrongResidencyStatus
        const answer = statusAnswer(route.kind, { trackingId, project, status: told, task: null })
        return ended('wrong-residency', answer, { requestId: trackingId, taskStatus: told })
      }
      case 'cancel':
        return ended('wrong-residency', empty(204), { requestId: route.trackingId })
      default:
        return route satisfies never
    }
  }

  /** A link is whoever's has it: signed, and good for a time. No bearer token, and no place in the rate windows. */
  function download(trackingId: string, signature: string | null): Outcome {
    const ledger = { requestId: trackingId }
    const task = book.findRetrieval(trackingId)
    const now = clock.now()
    if (task === undefined || statusOf(task, now, processing) !== 'SUCCESS')
      return ended('link-refused', text(404, 'No such file'), ledger)
    if (signature !== task.signature) return ended('link-refused', text(403, 'The signature does not match'), ledger)
    const isSpoilt = having(behavioursAmong(task.order.distinctIds), 'link', 'expire').length > 0
    if (isSpoilt || now >= endsAt(task, processing) + config.retrieval.linkMilliseconds)
      return ended('link-refused', text(config.retrieval.expiredStatus, 'The link has expired'), ledger)
    const { name, content } = exportFileOf(task)
    return ended('accepted', zipFile(name, content), ledger)
  }

  function refused(verdict: Verdict, name: MixpanelRefusalName, ledger: LedgerChange = {}): Outcome {
    return ended(verdict, refusalAnswer(name, config), ledger)
  }
}

/** The ids among these that ask for the behaviour of this name. */
function idsWith(name: string, distinctIds: readonly string[]): readonly string[] {
  return distinctIds.filter((id) => findMixpanelBehaviours(id).some((behaviour) => behaviour.name === name))
}

function ledgerOf({ distinctIds, complianceType, disclosureType }: TaskOrder) {
  return { identifiers: distinctIds, identifierCount: distinctIds.length, complianceType, disclosureType }
}

/** What the caller calls this one call; the vendor pays it no heed. */
function requestIdOf(head: CallHead): string | null {
  const requestId = head.headers['x-request-id']
  return typeof requestId === 'string' ? requestId : null
}
