/** The fake bridge: cases, their readings and their people. */
import type { CaseFilter } from '../../src/shared/case-channels.ts'
import { fail, type Failed } from '../../src/shared/failure.ts'
import { readingsOf } from '../../src/shared/model/case-readings.ts'
import { caseSummarySchema, type CaseColumn, type CaseDetail, type CasePart } from '../../src/shared/model/case.ts'
import type { CaseId, ConnectionId, ImportId, RequestId } from '../../src/shared/model/ids.ts'
import type { ImportSummary } from '../../src/shared/model/import.ts'
import { caseFactsSchema } from '../../src/shared/model/request.ts'
import { answerDueOf } from '../../src/shared/model/deadline.ts'
import { findVendor } from '../../src/main/core/vendors.ts'
import { vendors } from '../../src/main/vendors/index.ts'
import type { Handlers } from './bridge.ts'
import { page } from './handlers-requests.ts'
import { countStandings, inventPerson, inventPersonIdentifiers } from './invented-cases.ts'
import type { World } from './world.ts'

type Own =
  | 'listCases'
  | 'getCase'
  | 'guessCaseColumns'
  | 'startCase'
  | 'cancelCaseReading'
  | 'updateCase'
  | 'discardCase'
  | 'leaveOutPart'
  | 'listPeople'
  | 'listPersonIdentifiers'

const stepMilliseconds = 300
const titles = ['customer', 'channel', 'channel user', 'bots', 'ticket', 'closed on']

const matches: Readonly<Record<CaseFilter, (detail: CaseDetail) => boolean>> = {
  open: ({ phase }) => phase === 'open',
  waiting: ({ waiting }) => waiting > 0,
  drafts: ({ phase }) => phase === 'draft',
  closed: ({ phase }) => phase === 'closed',
  all: () => true,
}

export function caseHandlers(world: World): Pick<Handlers, Own> {
  const find = (id: CaseId): CaseDetail | Failed => {
    const found = world.cases.find((detail) => detail.id === id)
    return found === undefined
      ? fail('not-found', 'There is no such case.', { next: 'Go back to Cases.' })
      : withRequests(found)
  }
  // Parts say how their requests stand now.
  const withRequests = (detail: CaseDetail): CaseDetail => {
    const parts = detail.parts.map((part) => ({
      ...part,
      request: world.requests.find(({ id }) => id === part.request?.id) ?? null,
    }))
    const phase = parts.some(({ request }) => request?.phase === 'open') ? 'open' : detail.phase
    return { ...detail, parts, phase }
  }
  const change = (id: CaseId, own: (detail: CaseDetail) => Partial<CaseDetail>): CaseDetail | Failed => {
    world.cases = world.cases.map((detail) => (detail.id === id ? { ...detail, ...own(detail) } : detail))
    world.push('requests')
    world.push('request')
    return find(id)
  }

  // Each reading takes four steps, one after the other.
  const advance = (id: CaseId) => {
    const found = world.cases.find((detail) => detail.id === id)
    if (found?.reading !== 'running') return
    const readings = found.parts.flatMap((part) => part.readings)
    const at = readings.findIndex(({ summary }) => summary === null || summary.status === 'running')
    const parts = found.parts.map((part) => ({
      ...part,
      readings: part.readings.map((reading) =>
        reading === readings[at] ? { ...reading, ...readFurther(reading.summary, part, at) } : reading,
      ),
    }))
    const done = parts.flatMap((part) => part.readings).filter(({ summary }) => summary?.status === 'done').length
    const isDone = done === readings.length
    world.imports = [
      ...world.imports.filter(({ requestId }) => !parts.some(({ request }) => request?.id === requestId)),
      ...parts.flatMap((part) => part.readings.flatMap(({ summary }) => (summary === null ? [] : [summary]))),
    ]
    world.requests = world.requests.map((request) => {
      const part = parts.find((one) => one.request?.id === request.id)
      const total = part?.readings.reduce((sum, { summary }) => sum + (summary?.identifiers ?? 0), 0) ?? 0
      return part === undefined ? request : { ...request, total, counts: { queued: total } }
    })
    change(id, (detail) => {
      const next: CaseDetail = { ...detail, parts, progress: done / readings.length }
      if (!isDone) return next
      const people = { ...next, reading: 'done' as const, people: 500 }
      return { ...people, standings: countStandings(people), counts: { queued: done * 480 } }
    })
    if (!isDone) setTimeout(() => advance(id), stepMilliseconds)
  }
  const readFurther = (summary: ImportSummary | null, part: CasePart, at: number) => {
    const progress = Math.min(1, (summary?.progress ?? 0) + 0.25)
    const importId = (Number(part.request?.id) * 10 + at) as ImportId
    const read: ImportSummary = {
      id: importId,
      requestId: part.request?.id as RequestId,
      fileName: world.droppedName ?? 'october-closures.csv',
      byteSize: 812_344,
      format: { encoding: 'utf-8', delimiter: ',', hasHeader: true },
      status: progress < 1 ? 'running' : 'done',
      progress,
      rows: 500 * progress,
      identifiers: 480 * progress,
      duplicates: 8 * progress,
      rejects: 4 * progress,
      elsewhere: 8 * progress,
      findings: [],
      failure: null,
      startedAt: summary?.startedAt ?? Date.now(),
      finishedAt: progress < 1 ? null : Date.now(),
    }
    return { importId, summary: read }
  }

  return {
    listCases: ({ filter, search, anchor, limit }) => {
      const all = world.cases.map(withRequests)
      const found = all
        .filter(matches[filter])
        .filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()))
        .map((detail) => caseSummarySchema.parse(detail))
      const count = (name: CaseFilter): number => all.filter(matches[name]).length
      return {
        ...page(found.length, anchor, limit, (index) => found[index] as (typeof found)[number]),
        counts: {
          open: count('open'),
          waiting: count('waiting'),
          drafts: count('drafts'),
          closed: count('closed'),
          all: count('all'),
        },
      }
    },
    getCase: ({ caseId }) => find(caseId),
    guessCaseColumns: ({ connectionIds }) => ({
      columns: guessFor(
        world.connections.filter(({ id }) => connectionIds.includes(id)).map(({ id, vendor }) => ({ id, vendor })),
      ),
      from: 'guessed',
    }),
    startCase: ({ name, connectionIds, columns, caseFacts = caseFactsSchema.parse({}) }) => {
      const connections = connectionIds.flatMap(
        (id) => world.connections.find((connection) => connection.id === id) ?? [],
      )
      const readings = readingsOf(
        columns,
        connections.map((connection) => ({
          id: connection.id,
          name: connection.name,
          roles: rolesOf(connection.vendor),
        })),
      )
      if (!readings.ok) return readings
      const id = (Math.max(0, ...world.cases.map((detail) => detail.id)) + 1) as CaseId
      const key = columns.findIndex(({ kind }) => kind === 'person key')
      const parts = connections.map((connection): CasePart => {
        const facts = {
          connectionId: connection.id,
          connectionName: connection.name,
          vendor: connection.vendor,
          environment: connection.environment,
        }
        return {
          ...facts,
          request: {
            ...facts,
            id: (Number(id) * 100 + Number(connection.id)) as RequestId,
            name: `${name}: ${connection.name}`,
            phase: 'draft',
            case: { id, name },
            reference: caseFacts.reference,
            answerDue: answerDueOf(caseFacts),
            counts: {},
            waiting: 0,
            copiesInDoubt: 0,
            total: 0,
            paused: false,
            createdAt: Date.now(),
            sentAt: null,
            closedAt: null,
          },
          leftOutAt: null,
          readings: readings.value
            .filter(({ connectionId }) => connectionId === connection.id)
            .map(({ roles }) => ({
              columns: roles.flatMap((role, at) =>
                role === 'ignore' || role === 'bot ids' || role === 'case reference' ? [] : [titles[at] ?? ''],
              ),
              importId: null,
              summary: null,
            })),
          people: 0,
        }
      })
      world.requests = [...parts.flatMap(({ request }) => request ?? []), ...world.requests]
      world.cases = [
        {
          id,
          name,
          phase: 'draft',
          reading: 'running',
          createdAt: Date.now(),
          answerDue: null,
          people: 0,
          counts: {},
          waiting: 0,
          connections: parts.map(({ connectionId, connectionName, vendor, environment }) => ({
            connectionId,
            connectionName,
            vendor,
            environment,
          })),
          fileName: world.droppedName ?? 'october-closures.csv',
          progress: 0,
          personColumn: titles[key] ?? null,
          caseFacts,
          standings: { erased: 0, 'under way': 0, 'not sent': 0, waits: 0, 'not erased': 0 },
          parts,
        },
        ...world.cases,
      ]
      setTimeout(() => advance(id), stepMilliseconds)
      return find(id)
    },
    cancelCaseReading: ({ caseId }) => change(caseId, () => ({ reading: 'incomplete' })),
    updateCase: ({ caseId, name, caseFacts }) =>
      change(caseId, () => ({
        ...(name === undefined ? {} : { name }),
        ...(caseFacts === undefined ? {} : { caseFacts }),
      })),
    discardCase: ({ caseId }) => {
      world.requests = world.requests.filter((request) => request.case?.id !== caseId)
      world.cases = world.cases.filter(({ id }) => id !== caseId)
      world.push('requests')
      return {}
    },
    leaveOutPart: ({ caseId, connectionId }) => {
      world.requests = world.requests.filter(
        (request) => request.case?.id !== caseId || request.connectionId !== connectionId,
      )
      return change(caseId, (detail) => ({
        parts: detail.parts.map((part) =>
          part.connectionId === connectionId ? { ...part, request: null, leftOutAt: Date.now() } : part,
        ),
      }))
    },
    listPeople: ({ caseId, standing, search, anchor, limit }) => {
      const detail = find(caseId)
      if ('ok' in detail) return detail
      const people = Array.from({ length: detail.people }, (_, index) => inventPerson(detail, index)).filter(
        (person) =>
          (standing === null || person.standing === standing) &&
          (search === '' || (person.key ?? '').toLowerCase().startsWith(search.toLowerCase())),
      )
      return page(people.length, anchor, limit, (index) => people[index] as (typeof people)[number])
    },
    listPersonIdentifiers: ({ caseId, personId }) => {
      const detail = find(caseId)
      if ('ok' in detail) return detail
      const index = Number(personId) - Number(caseId) * 100_000 - 1
      const rows = inventPersonIdentifiers(caseId, index, detail.phase !== 'draft')
      return { rows: [...rows], total: rows.length }
    },
  }
}

function rolesOf(vendor: string) {
  const found = findVendor(vendors, vendor)
  return found.ok ? found.value.profile.columns : []
}

/** The person's id, then for each connection what its vendor calls an id. */
function guessFor(connections: readonly { readonly id: ConnectionId; readonly vendor: string }[]): CaseColumn[] {
  const ofKore = connections.find(({ vendor }) => vendor === 'kore')
  const ofMixpanel = connections.find(({ vendor }) => vendor === 'mixpanel')
  const at = (
    connectionId: ConnectionId | undefined,
    role: 'channel id' | 'channel user id' | 'distinct id' | 'bot ids',
  ) =>
    connectionId === undefined ? { kind: 'ignore' as const } : { kind: 'of connection' as const, connectionId, role }
  return [
    { kind: 'person key' },
    at(ofKore?.id, 'channel id'),
    at(ofKore?.id, 'channel user id'),
    at(ofKore?.id, 'bot ids'),
    { kind: 'case reference' },
    at(ofMixpanel?.id, 'distinct id'),
  ]
}
