/** Invented data for the fake bridge: every name, id and answer here is made up. */
import type { Connection, ConnectionSettings, Budget } from '../../src/shared/model/connection.ts'
import { connectionSettingsSchema } from '../../src/shared/model/connection.ts'
import type { BatchId, ConnectionId, IdentifierId, RequestId } from '../../src/shared/model/ids.ts'
import type { IdentifierRow, RequestSummary, WaitingGroup } from '../../src/shared/model/request.ts'
import { countAll, identifierStates, type IdentifierState, type StateCounts } from '../../src/shared/model/state.ts'

const minute = 60_000
const hour = 60 * minute
export const day = 24 * hour

const settings: ConnectionSettings = connectionSettingsSchema.parse({})
const windows = [
  { milliseconds: minute, calls: 60 },
  { milliseconds: hour, calls: 1800 },
]

function connection(id: number, now: number, own: Partial<Connection>): Connection {
  return {
    id: id as ConnectionId,
    accountId: id as Connection['accountId'],
    accountName: own.name ?? `Account ${id}`,
    vendor: 'kore',
    name: `Connection ${id}`,
    environment: 'production',
    isSandbox: false,
    origin: 'https://platform.kore.ai',
    clientId: `cs-81f0a2b4-11d5-5e8a-9a50-0000000${id}02c9`,
    settings,
    windows,
    margin: 0.05,
    secretSavedAt: now - 20 * day,
    createdAt: now - 20 * day,
    firstUsedAt: now - 19 * day,
    retiredAt: null,
    stopped: null,
    lastTest: null,
    openRequests: 0,
    tooLarge: null,
    ...own,
  }
}

export function inventConnections(now: number): readonly Connection[] {
  const refusal = {
    title: 'The app may not erase customer data',
    explanation: 'Kore.ai knows the app but refuses it this scope.',
    steps: [
      'In Kore.ai: Admin Console → Security & Control → API Scopes → this app.',
      'Profile Management → tick Delete Users Data → Save.',
      'Test the connection again.',
    ],
    vendorWords: '4002 Permission denied. Scope is incorrect!',
  }
  return [
    connection(1, now, {
      name: 'Kore.ai production',
      openRequests: 3,
      lastTest: {
        at: now - 2 * hour,
        verdict: 'accepted',
        title: 'Credentials accepted',
        explanation: 'Kore.ai answered a harmless signed call in its own shape.',
        steps: [],
        vendorWords: null,
        httpStatus: 200,
        clockSkewMilliseconds: -420,
      },
    }),
    connection(2, now, {
      name: 'Kore.ai staging',
      environment: 'staging',
      origin: 'https://bots.kore.ai',
      openRequests: 1,
      stopped: { at: now - 35 * minute, ...refusal },
      lastTest: { at: now - 34 * minute, verdict: 'refused', httpStatus: 401, clockSkewMilliseconds: 900, ...refusal },
    }),
    connection(4, now, {
      name: 'Mixpanel EU',
      vendor: 'mixpanel',
      origin: 'https://eu.mixpanel.com',
      clientId: 'erasure-desk.4f1c09.mp-service-account',
      openRequests: 1,
      settings: connectionSettingsSchema.parse({ own: { projectId: '2211043' } }),
    }),
    connection(3, now, {
      name: 'Sandbox Kore.ai',
      environment: 'sandbox',
      isSandbox: true,
      origin: 'http://127.0.0.1:41873',
      openRequests: 1,
    }),
  ]
}

export function inventBudgets(now: number): readonly Budget[] {
  const budget = (
    id: number,
    accountName: string,
    environment: Budget['environment'],
    used: readonly [number, number],
  ): Budget => ({
    accountId: id as Budget['accountId'],
    accountName,
    vendor: 'kore',
    environment,
    windows: [
      { milliseconds: minute, calls: 60, usable: 57, used: used[0] },
      { milliseconds: hour, calls: 1800, usable: 1710, used: used[1] },
    ],
    nextFreeAt: null,
    holdUntil: id === 2 ? now + 20_000 : null,
  })
  return [
    budget(1, 'Kore.ai production', 'production', [41, 1022]),
    budget(2, 'Kore.ai staging', 'staging', [1, 4]),
    budget(3, 'Sandbox Kore.ai', 'sandbox', [0, 12]),
  ]
}

function isoDay(at: number): string {
  const date = new Date(at)
  const pad = (part: number) => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
}

type Sketch = readonly [
  name: string,
  reference: string,
  connection: 1 | 2 | 3,
  counts: StateCounts,
  waiting: number,
  dueInDays: number | null,
  phase: RequestSummary['phase'],
]

const sketches: readonly Sketch[] = [
  [
    'GDPR batch 47',
    'DSR-2291',
    1,
    { erased: 11840, accepted: 420, 'outcome unknown': 100, unconfirmed: 38, failed: 6 },
    138,
    6,
    'open',
  ],
  ['Closed accounts, October', 'OPS-118', 1, { erased: 2210, sending: 100, queued: 5690 }, 0, 12, 'open'],
  ['California requests wk 46', 'CA-46', 1, { accepted: 1480, erased: 12, refused: 3 }, 0, 2, 'open'],
  ['Staging rehearsal', 'OPS-120', 2, { queued: 2400 }, 0, null, 'open'],
  ['Training', '', 3, { erased: 940, refused: 10, unconfirmed: 12, failed: 4, held: 8 }, 20, null, 'open'],
  ['Everyone who left in 2025', 'OPS-131', 1, { erased: 61200, accepted: 8000, queued: 30800 }, 0, 21, 'open'],
  ['Brasil, novembro', 'LGPD-7', 1, {}, 0, 14, 'draft'],
  ['Single request from Ghent', 'DSR-2304', 1, { erased: 3 }, 0, -2, 'closed'],
  ['Churned trial users', 'OPS-112', 1, { erased: 40190, failed: 8, cancelled: 12 }, 0, -12, 'closed'],
]

export function inventRequests(now: number, connections: readonly Connection[]): readonly RequestSummary[] {
  return sketches.map(([name, reference, connectionNumber, counts, waiting, due, phase], index) => {
    const used = connections.find(({ id }) => Number(id) === connectionNumber)
    if (used === undefined) throw new Error(`No connection ${connectionNumber}`)
    const createdAt = now - (index + 1) * 1.3 * day
    return {
      id: (index + 1) as RequestId,
      name,
      phase,
      connectionId: used.id,
      connectionName: used.name,
      environment: used.environment,
      vendor: 'kore',
      reference,
      case: null,
      answerDue: due === null ? null : isoDay(now + due * day),
      counts,
      waiting,
      copiesInDoubt: 0,
      total: countAll(counts),
      paused: false,
      createdAt,
      sentAt: phase === 'draft' ? null : createdAt + hour,
      closedAt: phase === 'closed' ? now - 3 * day : null,
    }
  })
}

export const inventedWaiting: readonly WaitingGroup[] = [
  {
    state: 'outcome unknown',
    by: 'batch',
    batchId: 120 as BatchId,
    batchNumber: 120,
    count: 100,
    title: '100 identifiers of batch 120: outcome unknown',
    explanation: 'Batch 120 was sent whole and got no answer. It may or may not have arrived.',
    vendorWords: null,
    ended: { at: Date.now() - 3_600_000, stage: 'sent', httpStatus: null, note: 'The connection was cut.' },
    strangers: 0,
    decisions: ['send again', 'treat as sent'],
  },
  {
    state: 'unconfirmed',
    by: 'batch',
    batchId: 88 as BatchId,
    batchNumber: 88,
    count: 38,
    title: '38 identifiers of batch 88: unconfirmed',
    explanation:
      'Submitted 100 in batch 88. The vendor has finished and has no word on 38 of them. It named 38 other ids that nobody submitted in this batch.',
    vendorWords: null,
    ended: null,
    strangers: 38,
    decisions: ['pair whole batch', 'send again', 'accept as unconfirmed'],
  },
]

export const inventedRetry: readonly WaitingGroup[] = [
  {
    state: 'failed',
    by: 'words',
    batchId: null,
    batchNumber: null,
    count: 6,
    title: '6 identifiers: failed, “FAILED”',
    explanation: 'The vendor’s final answer says that these were not erased.',
    vendorWords: 'FAILED',
    ended: null,
    strangers: 0,
    decisions: ['send again'],
  },
]

/** The state of the identifier at `index` where a request's counts lie one after another in the bar's order. */
export function stateAt(counts: StateCounts, index: number): IdentifierState {
  let left = index
  for (const state of identifierStates) {
    const count = counts[state] ?? 0
    if (left < count) return state
    left -= count
  }
  return 'queued'
}

function batchNumberFor(state: IdentifierState, index: number): number | null {
  if (state === 'queued' || state === 'held') return null
  const waiting = inventedWaiting.find((group) => group.state === state)
  return waiting?.batchNumber ?? Math.floor(index / 100) + 1
}

export function inventIdentifier(counts: StateCounts, index: number): IdentifierRow {
  const state = stateAt(counts, index)
  const shape = index % 5
  const hex = (((index + 7) * 2_654_435_761) % 4_294_967_296).toString(16).padStart(8, '0')
  const words: Readonly<Partial<Record<IdentifierState, string>>> = {
    erased: 'SUCCESS',
    failed: 'FAILED',
    accepted: 'in progress',
    refused: 'Requested user is an account owner',
    unconfirmed: 'not named in the answer',
  }
  return {
    id: (index + 1) as IdentifierId,
    line: index + 2,
    kind: shape === 3 ? 'channel pair' : shape === 1 ? 'user id' : 'email',
    value:
      shape === 3
        ? `4917${String(index).padStart(9, '0')}`
        : shape === 1
          ? `u-${hex}-7a1b-5c3d-9e4f-${hex}0a81`
          : `person${index}@example.com`,
    channelId: shape === 3 ? 'whatsapp' : null,
    state,
    decided: false,
    scope: null,
    batchId: batchNumberFor(state, index) as BatchId | null,
    batchNumber: batchNumberFor(state, index),
    vendorWords: words[state] ?? null,
    basis: state === 'erased' ? 'named by the vendor' : null,
    caseReference: null,
    otherSpellings: index % 17 === 0 ? 1 : 0,
    lookedUpAs: null,
  }
}
