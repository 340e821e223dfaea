/** Invented cases for the fake bridge: every person, id and answer here is made up. */
import type { CaseDetail, CasePart, PersonIdentifier, PersonRow, ReadingOfCase } from '../../src/shared/model/case.ts'
import type { Connection } from '../../src/shared/model/connection.ts'
import type { CaseId, ConnectionId, IdentifierId, ImportId, PersonId, RequestId } from '../../src/shared/model/ids.ts'
import type { ImportSummary } from '../../src/shared/model/import.ts'
import { personStandings, standingOf, type PersonPart } from '../../src/shared/model/person.ts'
import { caseFactsSchema, type RequestSummary } from '../../src/shared/model/request.ts'
import { countAll, waitingStates, type IdentifierState, type StateCounts } from '../../src/shared/model/state.ts'
import { day } from './invented.ts'

const kore = 1 as ConnectionId
const mixpanel = 4 as ConnectionId
const peopleOfCase = 2140

/** The identifiers of the person at `index`; `isSent` false: all of them still wait for their plan. */
export function inventPersonIdentifiers(
  caseId: CaseId,
  index: number,
  isSent: boolean,
  leftOut: readonly ConnectionId[] = [],
): readonly PersonIdentifier[] {
  const base = (Number(caseId) * 100_000 + index) * 4
  const make = (
    offset: number,
    connectionId: ConnectionId,
    state: IdentifierState,
    own: Partial<PersonIdentifier>,
  ): PersonIdentifier => ({
    id: (base + offset + 1) as IdentifierId,
    connectionId,
    requestId: requestIdOf(caseId, connectionId),
    line: index + 2,
    kind: 'email',
    value: `person${index}@example.com`,
    channelId: null,
    state: isSent ? state : 'queued',
    decided: false,
    vendorWords: isSent ? (words[state] ?? null) : null,
    sharedWith: 0,
    earlier: null,
    ...own,
  })
  const email = index % 23 === 3 ? 'unconfirmed' : index % 31 === 5 ? 'failed' : index % 6 === 0 ? 'accepted' : 'erased'
  const pair = index % 6 === 0 ? 'accepted' : 'erased'
  const distinct = index % 41 === 7 ? 'unconfirmed' : index % 4 < 2 ? 'erased' : 'accepted'
  const earlier = { requestId: 8 as RequestId, requestName: 'Single request from Ghent', state: 'erased' as const }
  return [
    make(0, kore, email, index % 47 === 1 ? { state: 'cancelled', vendorWords: null, earlier } : {}),
    ...(index % 3 === 0
      ? [make(1, kore, pair, { kind: 'channel pair', value: `U0${7919 + index}`, channelId: 'C02-support' })]
      : []),
    ...(index % 9 === 4
      ? []
      : [
          make(2, mixpanel, distinct, {
            kind: 'distinct id',
            value: `$device:${(index * 7919 + 104_729).toString(16)}-7a1b`,
            decided: index % 41 === 7,
            sharedWith: index % 17 === 2 ? 1 : 0,
          }),
        ]),
  ].filter(({ connectionId }) => !leftOut.includes(connectionId))
}

const words: Readonly<Partial<Record<IdentifierState, string>>> = {
  erased: 'SUCCESS',
  failed: 'FAILED',
  accepted: 'in progress',
  unconfirmed: 'not named in the answer',
}

const requestIdOf = (caseId: CaseId, connectionId: ConnectionId): RequestId =>
  (Number(caseId) * 100 + Number(connectionId)) as RequestId

const rejectedAt = (index: number): number => (index % 53 === 9 ? 1 : 0)

function partOf({ state, decided, earlier }: PersonIdentifier, isSent: boolean): PersonPart {
  return { state: earlier?.state ?? state, decided, isSent: isSent || earlier !== null, count: 1 }
}

/** The person at `index` as a row of the case's table, from their identifiers. */
export function inventPerson(detail: CaseDetail, index: number): PersonRow {
  const isSent = detail.phase !== 'draft'
  const leftOut = detail.parts.flatMap(({ connectionId, request }) => (request === null ? [connectionId] : []))
  const identifiers = inventPersonIdentifiers(detail.id, index, isSent, leftOut)
  const rejected = rejectedAt(index)
  const cells = detail.parts.flatMap(({ connectionId }) => {
    const own = identifiers.filter((identifier) => identifier.connectionId === connectionId)
    const rejectedHere = connectionId === kore ? rejected : 0
    const parts = own.map((identifier) => partOf(identifier, isSent))
    return own.length === 0
      ? []
      : [
          {
            connectionId,
            standing: standingOf(parts, rejectedHere),
            counts: countStates(parts.map(({ state }) => state)),
            waiting: own.filter(({ state, decided }) => isSent && !decided && waitingStates.includes(state)).length,
            rejected: rejectedHere,
          },
        ]
  })
  return {
    id: (Number(detail.id) * 100_000 + index + 1) as PersonId,
    key: detail.personColumn === null || index % 61 === 11 ? null : `CUST-${10_400 + index}`,
    line: index + 2,
    lines: 1,
    standing: standingOf(
      identifiers.map((identifier) => partOf(identifier, isSent)),
      rejected,
    ),
    cells,
  }
}

export function countStates(states: readonly IdentifierState[]): StateCounts {
  return states.reduce<Partial<Record<IdentifierState, number>>>(
    (counts, state) => ({ ...counts, [state]: (counts[state] ?? 0) + 1 }),
    {},
  )
}

/** A reading of a file that is in, with its import. */
function inventReading(
  importId: number,
  requestId: RequestId,
  columns: readonly string[],
  identifiers: number,
  own: Partial<ImportSummary> = {},
): ReadingOfCase & { readonly summary: ImportSummary } {
  const rejects = 40
  const duplicates = 12
  return {
    columns: [...columns],
    importId: importId as ImportId,
    summary: {
      id: importId as ImportId,
      requestId,
      fileName: 'asks-of-october.csv',
      byteSize: 214_900,
      format: { encoding: 'utf-8', delimiter: ';', hasHeader: true },
      status: 'done',
      progress: 1,
      rows: peopleOfCase + 60,
      identifiers,
      duplicates,
      rejects,
      elsewhere: peopleOfCase + 60 - identifiers - duplicates - rejects,
      findings: [
        {
          kind: 'mangled by a spreadsheet',
          count: 3,
          lines: [18, 240, 1022],
          words: '3 ids look as if a spreadsheet had rewritten them (1.23457E+15).',
        },
      ],
      failure: null,
      startedAt: Date.now() - 4 * day,
      finishedAt: Date.now() - 4 * day + 2000,
      ...own,
    },
  }
}

type Invented = Readonly<{
  cases: readonly CaseDetail[]
  requests: readonly RequestSummary[]
  imports: readonly ImportSummary[]
}>

/** One case that is under way, one that waits for its plans, and one whose file was not read to its end. */
export function inventCases(
  now: number,
  connections: readonly Connection[],
  requests: readonly RequestSummary[],
): Invented {
  const open = inventCase(1 as CaseId, 'Asks of October', 'open', now - 4 * day, connections)
  const draft = inventCase(2 as CaseId, 'Asks of November', 'draft', now - day / 4, connections)
  const broken = inventCase(3 as CaseId, 'Asks by letter', 'draft', now - day / 8, connections)
  const incomplete: CaseDetail = {
    ...broken,
    reading: 'incomplete',
    progress: 0.5,
    personColumn: null,
    parts: broken.parts.map((part, index) => ({
      ...part,
      readings: part.readings.map((reading) =>
        index === 0 ? reading : { columns: reading.columns, importId: null, summary: null },
      ),
    })),
  }
  const cases = [incomplete, draft, open]
  const own = cases.flatMap(({ parts }) => parts.flatMap(({ request }) => (request === null ? [] : [request])))
  return {
    cases,
    requests: [...own, ...requests],
    imports: cases.flatMap(({ parts }) =>
      parts.flatMap(({ readings }) => readings.flatMap(({ summary }) => (summary === null ? [] : [summary]))),
    ),
  }
}

function inventCase(
  id: CaseId,
  name: string,
  phase: 'draft' | 'open',
  createdAt: number,
  connections: readonly Connection[],
): CaseDetail {
  const isSent = phase !== 'draft'
  const all = Array.from({ length: peopleOfCase }, (_, index) => inventPersonIdentifiers(id, index, isSent)).flat()
  const parts = [kore, mixpanel].map((connectionId): CasePart => {
    const connection = connections.find((one) => one.id === connectionId)
    if (connection === undefined) throw new Error(`No connection ${connectionId}`)
    const own = all.filter((identifier) => identifier.connectionId === connectionId)
    const counts = countStates(own.map(({ state }) => state))
    const requestId = requestIdOf(id, connectionId)
    const facts = {
      connectionId,
      connectionName: connection.name,
      vendor: connection.vendor,
      environment: connection.environment,
    }
    const pairs = own.filter(({ kind }) => kind === 'channel pair').length
    const importId = Number(requestId) * 10
    return {
      ...facts,
      request: {
        ...facts,
        id: requestId,
        name: `${name}: ${connection.name}`,
        phase,
        case: { id, name },
        reference: 'DSR-2410',
        answerDue: '2026-11-30',
        counts,
        waiting: own.filter(({ state, decided }) => isSent && !decided && waitingStates.includes(state)).length,
        copiesInDoubt: 0,
        total: countAll(counts),
        paused: false,
        createdAt,
        sentAt: isSent ? createdAt + 3_600_000 : null,
        closedAt: null,
      },
      leftOutAt: null,
      readings:
        connectionId === kore
          ? [
              inventReading(importId, requestId, ['email'], own.length - pairs),
              inventReading(importId + 1, requestId, ['slack channel', 'slack user'], pairs, { findings: [] }),
            ]
          : [inventReading(importId, requestId, ['mixpanel id'], own.length, { findings: [] })],
      people: new Set(own.map(({ line }) => line)).size,
    }
  })
  const detail: CaseDetail = {
    id,
    name,
    phase,
    reading: 'done',
    createdAt,
    answerDue: '2026-11-30',
    people: peopleOfCase,
    counts: countStates(all.map(({ state }) => state)),
    waiting: parts.reduce((sum, { request }) => sum + (request?.waiting ?? 0), 0),
    connections: parts.map(({ connectionId, connectionName, vendor, environment }) => ({
      connectionId,
      connectionName,
      vendor,
      environment,
    })),
    fileName: 'asks-of-october.csv',
    progress: 1,
    personColumn: 'customer_id',
    caseFacts: caseFactsSchema.parse({ receivedOn: '2026-10-30', channel: 'web form', reference: 'DSR-2410' }),
    standings: { erased: 0, 'under way': 0, 'not sent': 0, waits: 0, 'not erased': 0 },
    parts,
  }
  return { ...detail, standings: countStandings(detail) }
}

/** How many people of a case stand how. */
export function countStandings(detail: CaseDetail): CaseDetail['standings'] {
  const people = Array.from({ length: detail.people }, (_, index) => inventPerson(detail, index).standing)
  const counted = personStandings.map(
    (standing) => [standing, people.filter((other) => other === standing).length] as const,
  )
  return Object.fromEntries(counted) as CaseDetail['standings']
}
