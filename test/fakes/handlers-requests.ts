/** The fake bridge: requests, their rows, what the operator decides, the overview. */
import type { Anchor } from '../../src/shared/channel.ts'
import type { ParsedInput } from '../../src/shared/contract.ts'
import { fail } from '../../src/shared/failure.ts'
import type { AttemptId, BatchId, EventId, IdentifierId, RequestId } from '../../src/shared/model/ids.ts'
import {
  caseFactsSchema,
  type AttemptRow,
  type BatchRow,
  type EventRow,
  type Repeats,
  type RequestDetail,
  type RequestSummary,
} from '../../src/shared/model/request.ts'
import type { StateCounts } from '../../src/shared/model/state.ts'
import type { Handlers } from './bridge.ts'
import { day, inventedRetry, inventIdentifier, stateAt } from './invented.ts'
import type { World } from './world.ts'

type Own =
  | 'createDraft'
  | 'updateDraft'
  | 'discardDraft'
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
  | 'getRepeats'
  | 'listRepeats'
  | 'decideRepeats'
  | 'getPlan'
  | 'dryRun'
  | 'sendRequest'
  | 'suggestBots'

const inventedRepeats = 1204

const bots = { kind: 'bots' as const, botIds: ['st-6d1c2f40-5a77', 'st-90ab7712-11f0'] }

export function page<Row>(total: number, anchor: Anchor, limit: number, rowAt: (index: number) => Row) {
  const start = 'index' in anchor ? Math.min(anchor.index, total) : anchor.after
  const rows = Array.from({ length: Math.max(0, Math.min(limit, total - start)) }, (_, index) => rowAt(start + index))
  return { rows, start, total }
}

const inventedStuck = () => ({ batches: 2, since: Date.now() - 9 * day, vendorWords: 'ON_HOLD' })

export function requestHandlers(world: World): Pick<Handlers, Own> {
  const find = (id: RequestId) => world.requests.find((request) => request.id === id)
  const repeats = (): Repeats => ({
    count: inventedRepeats,
    decision: world.repeatDecision,
    compared: true,
    scopeIsOpen: false,
    requests: [
      {
        requestId: 1 as RequestId,
        name: world.requests[0]?.name ?? 'October closures',
        erased: 1180,
        underWay: 24,
        firstAt: Date.now() - 5 * 86_400_000,
        lastAt: Date.now() - 3 * 86_400_000,
      },
    ],
    requestCount: 1,
  })
  const missing = () => fail('not-found', 'There is no such request.', { next: 'Go back to Requests.' })

  const detail = (id: RequestId) => {
    const request = find(id)
    if (request === undefined) return missing()
    const connection = world.connections.find(({ id: connectionId }) => connectionId === request.connectionId)
    const stopped = connection?.stopped ?? null
    const unsent = (request.counts.queued ?? 0) + (request.counts.sending ?? 0)
    const value: RequestDetail = {
      ...request,
      scope: world.scopes.get(id) ?? (request.phase === 'draft' ? null : bots),
      caseFacts:
        world.caseFacts.get(id) ??
        caseFactsSchema.parse({
          receivedOn: '2026-11-12',
          answerDue: request.answerDue,
          channel: 'email',
          reference: request.reference,
        }),
      imports: world.imports.filter((summary) => summary.requestId === id),
      waitingGroups: id === 1 ? [...world.waiting] : [],
      retryGroups: id === 1 ? [...inventedRetry] : [],
      batches: Math.ceil(request.total / 100),
      attempts: Math.ceil(request.total / 40),
      sendingEndsAt: unsent === 0 || request.paused ? null : Date.now() + (unsent / 100) * 1100 + 20_000,
      nextPollAt: (request.counts.accepted ?? 0) === 0 ? null : Date.now() + 140_000,
      callsUnderWay: request.counts.sending === undefined ? 0 : 1,
      standstill: request.paused
        ? 'Paused by the operator.'
        : stopped === null
          ? null
          : `The connection is stopped: ${stopped.title}.`,
      connectionStopped: stopped !== null,
      pauseCause: null,
      stuck: id === 1 ? inventedStuck() : null,
    }
    return value
  }

  const change = (id: RequestId, own: Partial<RequestSummary>) => {
    world.requests = world.requests.map((request) => (request.id === id ? { ...request, ...own } : request))
    world.push('requests')
    world.push('request', id)
    return detail(id)
  }

  const matches = (filter: ParsedInput<'listRequests'>['filter']) => (request: RequestSummary) => {
    const soon = request.answerDue !== null && Date.parse(request.answerDue) < Date.now() + 7 * day
    if (filter === 'all') return true
    if (filter === 'drafts') return request.phase === 'draft'
    if (filter === 'closed') return request.phase === 'closed'
    if (request.phase !== 'open') return false
    return filter === 'open' || (filter === 'waiting' ? request.waiting > 0 : soon)
  }

  return {
    createDraft: ({ connectionId }) => {
      const connection = world.connections.find(({ id }) => id === connectionId)
      if (connection === undefined) return fail('not-found', 'There is no such connection.')
      const id = (Math.max(0, ...world.requests.map((request) => request.id)) + 1) as RequestId
      const draft: RequestSummary = {
        id,
        name: 'New request',
        phase: 'draft',
        connectionId,
        connectionName: connection.name,
        environment: connection.environment,
        vendor: 'kore',
        reference: '',
        answerDue: null,
        case: null,
        counts: {},
        waiting: 0,
        copiesInDoubt: 0,
        total: 0,
        paused: false,
        createdAt: Date.now(),
        sentAt: null,
        closedAt: null,
      }
      world.requests = [draft, ...world.requests]
      return detail(id)
    },
    updateDraft: ({ requestId, name, scope, caseFacts }) => {
      if (scope !== undefined) world.scopes = new Map([...world.scopes, [requestId, scope]])
      if (caseFacts !== undefined) world.caseFacts = new Map([...world.caseFacts, [requestId, caseFacts]])
      return change(requestId, name === undefined ? {} : { name })
    },
    discardDraft: ({ requestId }) => {
      world.requests = world.requests.filter((request) => request.id !== requestId)
      world.push('requests')
      return {}
    },
    suggestBots: () => ({
      inFile: [{ botIds: ['st-77e0aa10-0c1d'], identifiers: 42 }],
      withoutOwn: 958,
      known: [...bots.botIds],
    }),
    getRepeats: () => repeats(),
    decideRepeats: ({ requestId, decision }) => {
      world.repeatDecision = decision
      world.push('request', requestId)
      return repeats()
    },
    listRepeats: ({ anchor, limit }) =>
      page(inventedRepeats, anchor, limit, (index) => ({
        id: (index + 1) as IdentifierId,
        line: index * 3 + 2,
        value: `person${index}@example.com`,
        channelId: null,
        earlierRequestId: 1 as RequestId,
        earlierRequestName: world.requests[0]?.name ?? 'October closures',
        earlierState: index < 1180 ? ('erased' as const) : ('accepted' as const),
        earlierAt: Date.now() - index * 60_000 - 3 * 86_400_000,
      })),
    getPlan: ({ requestId }) => {
      const request = find(requestId)
      if (request === undefined) return missing()
      const scope = world.scopes.get(requestId) ?? bots
      const identifiers = Math.max(1, request.total)
      return {
        requestId,
        digest: `plan-${requestId}-${identifiers}-${scope.kind}`,
        identifiers,
        held: request.counts.held ?? 0,
        repeats: { count: inventedRepeats, decision: world.repeatDecision },
        eraseCalls: Math.ceil(identifiers / 100),
        lookUpCalls: 0,
        firstLookUp: null,
        perCall: { most: 100, tooLarge: null },
        groups: [
          {
            scope,
            own: false,
            identifiers,
            calls: Math.ceil(identifiers / 100),
            firstCall: {
              method: 'DELETE',
              url: 'https://platform.kore.ai/api/public/bot/eraseUsersData',
              headers: [['auth', '‹signed per call›']],
              body: '{\n  "userIds": ["u-5f2e1c90-11aa-5b8c-a81", "jane.doe@example.com", … 98 more],\n  "botIds": ["st-6d1c2f40-5a77", "st-90ab7712-11f0"],\n  "RemoveDataFromAllBots": false\n}',
            },
          },
        ],
        sendingMilliseconds: Math.ceil(identifiers / 100) * 1060,
        windows: [
          { milliseconds: 60_000, calls: 60 },
          { milliseconds: 3_600_000, calls: 1800 },
        ],
        vendorTime: 'not documented; asked every few minutes until each identifier is named',
        doesNotReach: ['account owners and members', 'bot owners and co-developers'],
        splitting: {
          callsEach: 14,
          calls: Math.ceil(identifiers / 100) * 14,
          milliseconds: Math.ceil(identifiers / 100) * 14_840,
        },
        worstCase:
          'a call that is cut off, or answered without a yes or no, leaves all of its up to 100 identifiers waiting for your decision',
        signedAs: 'cs-81f0a7c2-5d13-5f6e-9b42-77d1e0c2c9 · HS256 · a new token for every call, 60 s',
        needsTypedCount: scope.kind === 'all bots',
        obstacles: [],
      }
    },
    dryRun: () => ({
      calls: 80,
      lookUpCalls: 0,
      identifiers: 8000,
      bytes: 412_000,
      largestCall: 5210,
      lastCall: {
        method: 'DELETE',
        url: 'https://platform.kore.ai/api/public/bot/eraseUsersData',
        headers: [['auth', '‹signed per call›']],
        body: '{ "userIds": ["u-77…1f"] }',
      },
    }),
    sendRequest: ({ requestId }) => {
      const request = find(requestId)
      return change(requestId, { phase: 'open', sentAt: Date.now(), counts: { queued: request?.total ?? 0 } })
    },
    pauseRequest: ({ requestId }) => change(requestId, { paused: true }),
    resumeRequest: ({ requestId }) => change(requestId, { paused: false }),
    cancelUnsent: ({ requestId }) => {
      const request = find(requestId)
      if (request === undefined) return missing()
      const { queued = 0, cancelled = 0, ...rest } = request.counts
      return change(requestId, { counts: { ...rest, cancelled: cancelled + queued } })
    },
    cancelBatch: () => fail('wrong-state', 'Kore.ai takes nothing back once it has accepted it.'),
    pollNow: () => ({ batches: 5 }),
    getDecisionPlan: ({ target, state }) => {
      const groups = [...world.waiting, ...inventedRetry].filter(
        (group) => group.state === state && (!('batchId' in target) || target.batchId === group.batchId),
      )
      const identifiers = 'identifierId' in target ? 1 : groups.reduce((sum, { count }) => sum + count, 0)
      return {
        digest: `decision-${identifiers}`,
        identifiers: Math.max(1, identifiers),
        calls: Math.max(1, groups.length),
        lookUpCalls: 0,
        scopes: [{ scope: bots, identifiers: Math.max(1, identifiers) }],
        scopeCount: 1,
        sendingMilliseconds: 64_000,
        splitting: { callsEach: 14, calls: 14 * Math.max(1, groups.length), milliseconds: 15_000 },
        vendorTime: 'not documented; asked every few minutes until each identifier is named',
        needsTypedCount: false,
      }
    },
    decide: ({ requestId, target, state, decision }) => {
      const decided = world.waiting.filter(
        (group) =>
          group.state === state && ('all' in target || ('batchId' in target && target.batchId === group.batchId)),
      )
      world.waiting = world.waiting.filter((group) => !decided.includes(group))
      const request = find(requestId)
      if (request === undefined) return missing()
      const count = decided.reduce((sum, group) => sum + group.count, 0)
      const next =
        decision === 'send again' || decision === 'release'
          ? 'queued'
          : decision === 'pair whole batch'
            ? 'erased'
            : 'unconfirmed'
      const counts: StateCounts =
        next === state
          ? request.counts
          : {
              ...request.counts,
              [state]: (request.counts[state] ?? 0) - count,
              [next]: (request.counts[next] ?? 0) + count,
            }
      return change(requestId, { counts, waiting: Math.max(0, request.waiting - count) })
    },
    listRequests: ({ filter, search, sort, anchor, limit }) => {
      const found = world.requests
        .filter(matches(filter))
        .filter(({ name, reference }) => `${name} ${reference}`.toLowerCase().includes(search.toLowerCase()))
        .toSorted((a, b) => {
          if (sort === 'name') return a.name.localeCompare(b.name)
          if (sort === 'size') return b.total - a.total
          if (sort === 'answer due') return (a.answerDue ?? '9').localeCompare(b.answerDue ?? '9')
          return sort === 'oldest' ? a.createdAt - b.createdAt : b.createdAt - a.createdAt
        })
      const count = (name: ParsedInput<'listRequests'>['filter']) => world.requests.filter(matches(name)).length
      return {
        ...page(found.length, anchor, limit, (index) => found[index] as RequestSummary),
        counts: {
          open: count('open'),
          waiting: count('waiting'),
          'due this week': count('due this week'),
          drafts: count('drafts'),
          closed: count('closed'),
          all: count('all'),
        },
      }
    },
    getRequest: ({ requestId }) => detail(requestId),
    listIdentifiers: ({ requestId, states, anchor, limit, search }) => {
      const request = find(requestId)
      if (request === undefined) return missing()
      const counts =
        states.length === 0
          ? request.counts
          : Object.fromEntries(states.map((state) => [state, request.counts[state] ?? 0]))
      const total = search === '' ? Object.values(counts).reduce((sum, count) => sum + count, 0) : 1
      return page(total, anchor, limit, (index) => inventIdentifier(counts, index))
    },
    listBatches: ({ requestId, anchor, limit }) => {
      const request = find(requestId)
      if (request === undefined) return missing()
      const total = Math.ceil(request.total / 100)
      return page(total, anchor, limit, (index): BatchRow => {
        const state = stateAt(request.counts, index * 100)
        const at = request.createdAt + index * 1100
        return {
          id: (index + 1) as BatchId,
          number: index + 1,
          status:
            state === 'erased' || state === 'failed' || state === 'unconfirmed'
              ? 'finished'
              : state === 'accepted' || state === 'queued' || state === 'sending' || state === 'outcome unknown'
                ? state
                : 'rejected',
          scope: bots,
          size: 100,
          counts: { [state]: 100 },
          vendorRequestId: state === 'queued' ? null : `erase-${(index * 7919 + 104_729).toString(16)}-5a77-4c10`,
          parent: index === 3 ? 'batch 2, sent again' : null,
          parentNumber: index === 3 ? 2 : null,
          children: index === 1 ? [{ reason: 'resend', numbers: [4] }] : [],
          attempts: state === 'queued' ? 0 : 1,
          polls: state === 'queued' ? 0 : index % 6,
          lookUp: 'none',
          createdAt: at,
          acceptedAt: state === 'queued' ? null : at,
          finishedAt: state === 'erased' ? at + 400_000 : null,
          lastAnswerAt: state === 'queued' ? null : Date.now() - 120_000,
          nextPollAt: state === 'accepted' ? Date.now() + 140_000 : null,
          vendorWords: state === 'accepted' ? 'in progress' : null,
          note: null,
          strangers: state === 'unconfirmed' ? 38 : 0,
          mayBeCancelled: false,
          cancelAsked: false,
          lastCancel: null,
          adopted: false,
          open: state === 'outcome unknown' || state === 'unconfirmed' ? [{ state, count: 100 }] : [],
        }
      })
    },
    listBatchGroups: ({ batchId }) => world.waiting.filter((group) => group.batchId === batchId),
    listStrangers: ({ anchor, limit }) =>
      page(38, anchor, limit, (index) => ({
        position: index,
        value: `u-${(index * 7919 + 104_729).toString(16)}-7a1b-5c3d-9e4f`,
        status: 'SUCCESS',
        success: true,
      })),
    listScopes: ({ requestId }) => {
      const total = find(requestId)?.total ?? 0
      return total === 0
        ? { scopes: [], total: 0 }
        : { scopes: [{ scope: bots, identifiers: total, calls: Math.ceil(total / 100) }], total: 1 }
    },
    listAttempts: ({ requestId, anchor, limit }) => {
      const request = find(requestId)
      if (request === undefined) return missing()
      const total = Math.ceil(request.total / 40)
      return page(total, anchor, limit, (index): AttemptRow => {
        const startedAt = Date.now() - index * 61_000 - 20_000
        const kind = index % 3 === 0 ? 'erase' : 'status'
        return {
          id: (index + 1) as AttemptId,
          kind,
          jti: `6f1c${(index * 7919).toString(16).padStart(6, '0')}-11d5-4e8a-9a50-3f7742`,
          batchNumber: Math.max(1, 124 - Math.floor(index / 3)),
          startedAt,
          endedAt: index === 0 ? null : startedAt + 640,
          ending: index === 0 ? null : index === 9 ? 'outcome unknown' : kind === 'erase' ? 'accepted' : 'answered',
          stage: index === 0 ? 'sent' : index === 9 ? 'first byte' : 'body',
          httpStatus: index === 0 || index === 9 ? null : 200,
          vendorWords: index === 9 ? null : kind === 'status' ? 'in progress' : null,
          note: index === 9 ? 'The connection was cut.' : null,
        }
      })
    },
    listEvents: ({ requestId, anchor, limit }) => {
      if (find(requestId) === undefined) return missing()
      const told = [
        [
          'app',
          'finished',
          'Batch 88 is finished, since its answer has not changed for 24 h: 62 erased, 38 unconfirmed.',
          null,
        ],
        [
          'app',
          'outcome unknown',
          'Batch 120 was sent whole and got no answer: 100 identifiers may or may not have arrived.',
          null,
        ],
        ['operator', 'resumed', 'Sending resumed.', null],
        ['operator', 'paused', 'Sending paused.', 'Lunch, nobody at the desk'],
        ['operator', 'sent', '12,404 identifiers released for sending in 125 calls.', null],
        ['operator', 'imported', 'gdpr-47.csv imported: 12,404 identifiers, 171 duplicates, 43 rejects.', null],
      ] as const
      return page(told.length, anchor, limit, (index): EventRow => {
        const [actor, kind, words, reason] = told[index] ?? told[0]
        return { id: (index + 1) as EventId, at: Date.now() - (index + 1) * 3_400_000, actor, kind, words, reason }
      })
    },
    getOverview: () => {
      const open = world.requests.filter((request) => request.phase === 'open')
      const first = world.requests[0]
      const today = Date.now()
      return {
        waiting: open.reduce((sum, request) => sum + request.waiting, 0),
        dueWithinWeek: world.requests.filter(matches('due this week')).length,
        onTheirWay: open.reduce((sum, { counts }) => sum + (counts.accepted ?? 0) + (counts.sending ?? 0), 0),
        sandboxApart: false,
        erasedLast30Days: world.requests.length === 0 ? 0 : 54_050,
        days: Array.from({ length: 30 }, (_, index) => ({
          day: new Date(today - (29 - index) * day).toISOString().slice(0, 10),
          counts:
            first === undefined
              ? {}
              : {
                  erased: 400 + ((index * 37) % 23) * 110,
                  unconfirmed: index % 9 === 4 ? 160 : 24,
                  failed: index % 7 === 2 ? 40 : 3,
                },
        })),
        byDeadline: open
          .filter(({ answerDue }) => answerDue !== null)
          .toSorted((a, b) => (a.answerDue ?? '').localeCompare(b.answerDue ?? '')),
        copiesInDoubt: [],
        waitingGroups:
          first === undefined
            ? []
            : [
                ...world.waiting.map(({ state, count }) => ({
                  requestId: first.id,
                  requestName: first.name,
                  state,
                  count,
                })),
                ...(world.requests[4] === undefined
                  ? []
                  : [
                      {
                        requestId: world.requests[4].id,
                        requestName: world.requests[4].name,
                        state: 'held' as const,
                        count: 8,
                      },
                    ]),
              ],
        pausedRequests: [],
        stoppedConnections: world.connections.flatMap(({ id, name, stopped }) =>
          stopped === null ? [] : [{ connectionId: id, name, title: stopped.title }],
        ),
        stuck: first === undefined ? [] : [{ requestId: first.id, requestName: first.name, ...inventedStuck() }],
      }
    },
  }
}
