/** The channels about requests: each reads or changes one thing, tells the windows, and gives what is there then. */
import type { Value } from '../../../shared/contract.ts'
import { fail, succeed, type Result } from '../../../shared/failure.ts'
import { draftName } from '../../../shared/model/draft-name.ts'
import type { RequestId } from '../../../shared/model/ids.ts'
import {
  sendsAgain,
  type DecisionPlan,
  type Plan,
  type Repeats,
  type RequestDetail,
} from '../../../shared/model/request.ts'
import type { Notify } from '../app/changes.ts'
import type { Desk } from '../app/desk.ts'
import type { Guards } from '../app/guards.ts'
import type { Handler, HandlersOf } from '../app/handlers.ts'
import type { Clock, DecisionSubject, ReadChannel, Vendors } from '../ports.ts'
import { createScopes } from './scopes.ts'

/** What is computed from the history before a request is sent. */
type PlanUseCases = Readonly<{
  /** The plan as it stands now, and what the history must still look like when it is sent. */
  plan: (requestId: RequestId) => Promise<Result<Readonly<{ plan: Plan; fingerprint: string }>>>
  dryRun: (requestId: RequestId) => Promise<Result<Value<'dryRun'>>>
  decision: (input: DecisionSubject) => Promise<Result<DecisionPlan>>
  /** Milliseconds until its last unsent identifier will have left. */
  estimate: (requestId: RequestId) => Promise<Result<number>>
}>

export type RequestServices = Readonly<{
  desk: Desk
  guards: Guards
  plans: PlanUseCases
  vendors: Vendors
  clock: Clock
  notify: Notify
  isOnline: () => boolean
}>

type RequestChannel =
  | 'createDraft'
  | 'updateDraft'
  | 'discardDraft'
  | 'suggestBots'
  | 'getRepeats'
  | 'listRepeats'
  | 'decideRepeats'
  | 'getPlan'
  | 'dryRun'
  | 'sendRequest'
  | 'pauseRequest'
  | 'resumeRequest'
  | 'cancelUnsent'
  | 'cancelBatch'
  | 'pollNow'
  | 'getDecisionPlan'
  | 'decide'
  | 'listRequests'
  | 'getRequest'
  | 'listIdentifiers'
  | 'listBatches'
  | 'listBatchGroups'
  | 'listStrangers'
  | 'listScopes'
  | 'listAttempts'
  | 'listEvents'
  | 'getOverview'

export function createRequestHandlers(services: RequestServices): HandlersOf<RequestChannel> {
  const { desk, guards, plans, clock, notify } = services
  const { vendorOf, checkScope, giveOnlyScope } = createScopes(services)

  const read =
    <C extends ReadChannel>(channel: C): Handler<C> =>
    async (input) =>
      await desk.database().read(channel, input, clock.now())

  const detail = async (requestId: RequestId): Promise<Result<RequestDetail>> => {
    const found = await desk.database().read('getRequest', { requestId }, clock.now())
    return found.ok ? succeed(await complete(services, found.value)) : found
  }

  /** Tells the windows, sets the engine to work, and gives the request as it is now. */
  const changed = async (requestId: RequestId, result: Result<unknown>): Promise<Result<RequestDetail>> => {
    if (!result.ok) return result
    notify('request', requestId)
    notify('requests')
    desk.engine()?.wake()
    return await detail(requestId)
  }

  /** Compared where it can be: an in-memory history has nothing to compare with. */
  const repeats = async (requestId: RequestId): Promise<Result<Repeats>> => {
    const compared = await desk.database().compareWithHistory({ requestId, now: clock.now() })
    return compared.ok ? await desk.database().read('getRepeats', { requestId }, clock.now()) : compared
  }

  return {
    suggestBots: read('suggestBots'),
    listRequests: read('listRequests'),
    listIdentifiers: read('listIdentifiers'),
    listBatches: async (input) => {
      const page = await desk.database().read('listBatches', input, clock.now())
      if (!page.ok) return page
      const vendor = await vendorOf(input.requestId)
      const mayStill = vendor.ok ? vendor.value.cancel?.mayStill : undefined
      const rows = page.value.rows.map((row) => ({
        ...row,
        // Before its first answer nothing speaks against it.
        mayBeCancelled:
          row.mayBeCancelled && mayStill !== undefined && (row.vendorWords === null || mayStill(row.vendorWords)),
      }))
      return succeed({ ...page.value, rows })
    },
    listBatchGroups: read('listBatchGroups'),
    listStrangers: read('listStrangers'),
    listScopes: read('listScopes'),
    listAttempts: read('listAttempts'),
    listEvents: read('listEvents'),
    getOverview: read('getOverview'),
    getRequest: async ({ requestId }) => await detail(requestId),

    createDraft: guards.saved(async ({ connectionId }) => {
      const now = clock.now()
      const caseFacts = { regulation: 'GDPR', receivedOn: null, answerDue: null, channel: '', reference: '' } as const
      const made = await desk.database().createDraft({ connectionId, name: draftName(now), caseFacts, now })
      if (!made.ok) return made
      const scoped = await giveOnlyScope(made.value)
      return scoped.ok ? await changed(made.value, made) : scoped
    }),
    updateDraft: guards.saved(async (input) => {
      const fitting = await checkScope(input)
      if (!fitting.ok) return fitting
      const updated = await desk.database().updateDraft({ ...input, now: clock.now() })
      const scoped = updated.ok && input.connectionId !== undefined ? await giveOnlyScope(input.requestId) : updated
      return await changed(input.requestId, scoped)
    }),
    discardDraft: guards.saved(async ({ requestId }) => {
      const discarded = await desk.database().discardDraft({ requestId, now: clock.now() })
      if (!discarded.ok) return discarded
      notify('requests')
      return succeed({})
    }),

    getRepeats: async ({ requestId }) => await repeats(requestId),
    listRepeats: read('listRepeats'),
    decideRepeats: guards.saved(async ({ requestId, decision }) => {
      const decided = await desk.database().decideRepeats({ requestId, decision, now: clock.now() })
      if (!decided.ok) return decided
      notify('request', requestId)
      notify('requests')
      return await repeats(requestId)
    }),

    getPlan: async ({ requestId }) => {
      const planned = await plans.plan(requestId)
      return planned.ok ? succeed(planned.value.plan) : planned
    },
    dryRun: guards.saved(async ({ requestId }) => await plans.dryRun(requestId)),
    sendRequest: guards.sending(async ({ requestId, planDigest, typedCount }) => {
      const planned = await plans.plan(requestId)
      if (!planned.ok) return planned
      const refused = refusalOf(planned.value.plan, planDigest, typedCount)
      if (refused !== null) return refused
      const { fingerprint } = planned.value
      return await changed(
        requestId,
        await desk.database().openRequest({ requestId, planDigest, fingerprint, now: clock.now() }),
      )
    }),

    // A pause may come from any window: it only ever holds calls back.
    pauseRequest: guards.saved(
      async ({ requestId }) =>
        await changed(requestId, await desk.database().setPaused({ requestId, paused: true, now: clock.now() })),
    ),
    resumeRequest: guards.sending(
      async ({ requestId }) =>
        await changed(requestId, await desk.database().setPaused({ requestId, paused: false, now: clock.now() })),
    ),
    cancelUnsent: guards.sending(
      async ({ requestId, reason }) =>
        await changed(requestId, await desk.database().cancelUnsent({ requestId, reason, now: clock.now() })),
    ),
    cancelBatch: guards.sending(async ({ requestId, batchId, reason }) => {
      const found = await vendorOf(requestId)
      if (!found.ok) return found
      if (found.value.cancel === undefined) return cannotCancel(found.value.profile.name)
      return await changed(
        requestId,
        await desk.database().askToCancel({ requestId, batchId, reason, now: clock.now() }),
      )
    }),
    pollNow: guards.sending(async ({ requestId }) => {
      const batches = await desk.database().pollNow({ requestId, now: clock.now() })
      if (!batches.ok) return batches
      notify('request', requestId)
      desk.engine()?.wake()
      return succeed({ batches: batches.value })
    }),
    getDecisionPlan: async (input) => await plans.decision(input),
    decide: guards.sending(async ({ planDigest, typedCount, ...input }) => {
      const fingerprint = sendsAgain(input.decision) ? planDigest : undefined
      if (sendsAgain(input.decision)) {
        const planned = await plans.decision(input)
        if (!planned.ok) return planned
        const refused = decisionRefusalOf(planned.value, planDigest, typedCount)
        if (refused !== null) return refused
      }
      return await changed(input.requestId, await desk.database().decide({ ...input, fingerprint, now: clock.now() }))
    }),
  }
}

function cannotCancel(name: string): Result<never> {
  return fail('wrong-state', `${name} takes nothing back once it has accepted it.`, { kept: 'Nothing was changed.' })
}

/** Why the plan that the operator saw cannot be sent; null: it can. */
export function refusalOf(plan: Plan, planDigest: string, typedCount: number | undefined): Result<never> | null {
  const kept = 'Nothing was sent.'
  if (plan.digest !== planDigest) {
    return fail('plan-changed', 'The plan has changed since it was shown.', {
      kept,
      next: 'Look at the plan again, then send.',
      retryable: true,
    })
  }
  const [obstacle] = plan.obstacles
  if (obstacle !== undefined)
    return fail('wrong-state', obstacle.words, {
      kept,
      ...(obstacle.next === undefined ? {} : { next: obstacle.next }),
    })
  if (plan.needsTypedCount && typedCount !== plan.identifiers) {
    return fail('count-not-typed', 'The number typed is not the number of identifiers in the plan.', {
      kept,
      next: `Type ${plan.identifiers} if all of them are to be erased in the scope shown.`,
      field: 'typedCount',
    })
  }
  return null
}

/** Why what the operator saw of a decision that sends cannot be carried out; null: it can. */
export function decisionRefusalOf(
  plan: DecisionPlan,
  planDigest: string | undefined,
  typedCount: number | undefined,
): Result<never> | null {
  const kept = 'Nothing was sent.'
  if (plan.digest !== planDigest) {
    return fail('plan-changed', 'What waits has changed since it was shown.', {
      kept,
      next: 'Look at the numbers again, then decide.',
      retryable: true,
    })
  }
  if (plan.needsTypedCount && typedCount !== plan.identifiers) {
    return fail('count-not-typed', 'The number typed is not the number of identifiers that would be sent.', {
      kept,
      next: `Type ${plan.identifiers} if all of them are to be erased in the scope shown.`,
      field: 'typedCount',
    })
  }
  return null
}

/** Adds what the history alone cannot know: when sending ends, and what in this process holds it up. */
async function complete(services: RequestServices, request: RequestDetail): Promise<RequestDetail> {
  if (request.phase !== 'open') return request
  const { desk, plans, clock, isOnline } = services
  const unsent = (request.counts.queued ?? 0) > 0
  const left = unsent && !request.paused ? await plans.estimate(request.id) : null
  const sendingEndsAt = left?.ok === true ? clock.now() + left.value : null
  return { ...request, sendingEndsAt, standstill: request.standstill ?? standstillOf(desk, request, isOnline()) }
}

function standstillOf(desk: Desk, request: RequestDetail, online: boolean): string | null {
  const underWay = (['queued', 'sending', 'accepted'] as const).some((state) => (request.counts[state] ?? 0) > 0)
  if (!underWay) return null
  if (desk.isClosing()) return 'Erasure Desk is closing; everything goes on when it is opened again.'
  const engine = desk.engine()?.status()
  if (engine !== undefined && !engine.sends) return engine.reason
  if (!online && request.environment !== 'sandbox')
    return 'This machine has no network. Everything goes on when it is back.'
  return null
}
