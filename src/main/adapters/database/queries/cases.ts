/** Cases as the screens show them; everything about their people and identifiers is counted when it is asked for. */
import type { CaseFilter } from '../../../../shared/case-channels.ts'
import type { ParsedInput, Value } from '../../../../shared/contract.ts'
import { succeed, type Result } from '../../../../shared/failure.ts'
import type {
  CaseDetail,
  CasePart,
  CasePhase,
  CaseReading,
  CaseSummary,
  ReadingOfCase,
} from '../../../../shared/model/case.ts'
import type { Environment, VendorId } from '../../../../shared/model/connection.ts'
import type { CaseId, ConnectionId, ImportId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import type { CaseFacts } from '../../../../shared/model/request.ts'
import { isWholeIn } from '../commands/case-rules.ts'
import { notFound } from '../failures.ts'
import type { History } from '../history.ts'
import { all, asOfOneMoment, number, one, type Sql } from '../sql.ts'
import { countPeople, standingsOfCase, type CaseStandings } from './case-standings.ts'
import { getImport } from './imports.ts'
import { cutPage } from './page.ts'
import { countsOf, requestColumns, summaryOf } from './request-rows.ts'

type CaseColumns = Readonly<{
  id: CaseId
  name: string
  file_name: string
  person_column: string | null
  regulation: CaseFacts['regulation']
  received_on: string | null
  answer_due: string | null
  channel: string
  reference: string
  created_at: Timestamp
  reading_ended_at: Timestamp | null
}>

type PartColumns = Readonly<{
  connection_id: ConnectionId
  connection_name: string
  vendor: VendorId
  environment: Environment
  request_id: RequestId | null
  left_out_at: Timestamp | null
}>

/** The phase of a case `k`: a draft until something of it is sent, closed once everything is. */
const isSent = `EXISTS (SELECT 1 FROM request s WHERE s.case_id = k.id AND s.phase <> 'draft')`
const isUnfinished = `EXISTS (SELECT 1 FROM request u WHERE u.case_id = k.id AND u.phase <> 'closed')`
const waits = `EXISTS (SELECT 1 FROM request w JOIN identifier_count n ON n.request_id = w.id
  WHERE w.case_id = k.id AND w.phase = 'open' AND (w.paused_cause IS NOT NULL
    OR (n.decided = 0 AND n.state IN (1, 5, 9) AND n.count > 0)))`
const conditions: Readonly<Record<CaseFilter, string>> = {
  open: `${isSent} AND ${isUnfinished}`,
  waiting: `${isSent} AND ${waits}`,
  drafts: `NOT ${isSent}`,
  closed: `${isSent} AND NOT ${isUnfinished}`,
  all: '1',
}

/** Cases of one filter, newest first; the search looks in name and reference. */
export function listCases(history: History, input: ParsedInput<'listCases'>): Result<Value<'listCases'>> {
  const { sql } = history
  const search = input.search.trim()
  const ids = all<{ id: CaseId }>(
    sql,
    `SELECT k.id FROM "case" k WHERE k.discarded_at IS NULL AND (${conditions[input.filter]})
       AND (?1 = '' OR k.name LIKE ?2 ESCAPE '\\' OR k.reference LIKE ?2 ESCAPE '\\') ORDER BY k.id DESC`,
    search,
    `%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`,
  ).map(({ id }) => id)
  const page = cutPage(ids, input.anchor, input.limit)
  const count = (filter: CaseFilter): number =>
    number(sql, `SELECT count(*) AS value FROM "case" k WHERE k.discarded_at IS NULL AND (${conditions[filter]})`)
  return succeed({
    rows: page.ids.flatMap((id) => {
      const row = columnsOf(sql, id)
      return row === undefined ? [] : [caseSummaryOf(sql, row, partColumns(sql, row.id))]
    }),
    start: page.start,
    total: ids.length,
    counts: {
      open: count('open'),
      waiting: count('waiting'),
      drafts: count('drafts'),
      closed: count('closed'),
      all: count('all'),
    },
  })
}

export async function getCase(history: History, { caseId }: ParsedInput<'getCase'>): Promise<Result<CaseDetail>> {
  const standings = await standingsOfCase(history, caseId)
  return asOfOneMoment(history.sql, () => detailOf(history, caseId, standings))
}

function detailOf(
  history: History,
  caseId: CaseId,
  { counts: standings, peopleAt }: CaseStandings,
): Result<CaseDetail> {
  const { sql } = history
  const row = columnsOf(sql, caseId)
  if (row === undefined) return notFound('case')
  const columns = partColumns(sql, caseId)
  const parts = columns.map((part): CasePart => {
    const request = part.request_id === null ? undefined : requestColumns(sql, part.request_id)
    return {
      ...factsOf(part),
      request: request === undefined ? null : summaryOf(sql, request),
      leftOutAt: part.left_out_at,
      readings: readingsOf(history, caseId, part.connection_id),
      people: peopleAt.get(part.connection_id) ?? 0,
    }
  })
  return succeed({
    ...caseSummaryOf(sql, row, columns),
    fileName: row.file_name,
    progress: progressOf(parts),
    personColumn: row.person_column,
    caseFacts: {
      regulation: row.regulation,
      receivedOn: row.received_on,
      answerDue: row.answer_due,
      channel: row.channel,
      reference: row.reference,
    },
    standings,
    parts,
  })
}

function columnsOf(sql: Sql, caseId: CaseId): CaseColumns | undefined {
  return one<CaseColumns>(
    sql,
    `SELECT id, name, file_name, person_column, regulation, received_on, answer_due, channel, reference, created_at,
       reading_ended_at FROM "case" WHERE id = ? AND discarded_at IS NULL`,
    caseId,
  )
}

function partColumns(sql: Sql, caseId: CaseId): readonly PartColumns[] {
  return all<PartColumns>(
    sql,
    `SELECT p.connection_id, c.name AS connection_name, c.vendor, c.environment, p.request_id, p.left_out_at
     FROM case_part p JOIN connection c ON c.id = p.connection_id WHERE p.case_id = ? ORDER BY p.position`,
    caseId,
  )
}

function factsOf(part: PartColumns): CaseSummary['connections'][number] {
  return {
    connectionId: part.connection_id,
    connectionName: part.connection_name,
    vendor: part.vendor,
    environment: part.environment,
  }
}

function caseSummaryOf(sql: Sql, row: CaseColumns, parts: readonly PartColumns[]): CaseSummary {
  const counts = all<{ state: number; decided: number; count: number }>(
    sql,
    `SELECT n.state, n.decided, sum(n.count) AS count FROM request r JOIN identifier_count n ON n.request_id = r.id
     WHERE r.case_id = ? GROUP BY n.state, n.decided HAVING sum(n.count) > 0`,
    row.id,
  )
  return {
    id: row.id,
    name: row.name,
    phase: phaseOf(sql, row.id),
    reading: readingOf(sql, row),
    createdAt: row.created_at,
    answerDue:
      one<{ day: string | null }>(
        sql,
        `SELECT min(due_on) AS day FROM request WHERE case_id = ? AND phase <> 'closed'`,
        row.id,
      )?.day ?? null,
    people: countPeople(sql, row.id),
    ...countsOf(counts),
    connections: parts.map(factsOf),
  }
}

function phaseOf(sql: Sql, caseId: CaseId): CasePhase {
  const is = (condition: string): boolean =>
    one(sql, `SELECT 1 FROM "case" k WHERE k.id = ? AND ${condition}`, caseId) !== undefined
  if (!is(isSent)) return 'draft'
  return is(isUnfinished) ? 'open' : 'closed'
}

function readingOf(sql: Sql, row: CaseColumns): CaseReading {
  if (row.reading_ended_at === null) return 'running'
  return isWholeIn(sql, row.id) ? 'done' : 'incomplete'
}

function readingsOf(history: History, caseId: CaseId, connectionId: ConnectionId): ReadingOfCase[] {
  return all<{ titles: string; import_id: ImportId | null }>(
    history.sql,
    'SELECT titles, import_id FROM case_reading WHERE case_id = ? AND connection_id = ? ORDER BY position',
    caseId,
    connectionId,
  ).map((row) => {
    const summary = row.import_id === null ? null : getImport(history, { importId: row.import_id })
    return {
      columns: JSON.parse(row.titles) as string[],
      importId: row.import_id,
      summary: summary?.ok === true ? summary.value : null,
    }
  })
}

function progressOf(parts: readonly CasePart[]): number {
  const readings = parts.filter(({ leftOutAt }) => leftOutAt === null).flatMap((part) => part.readings)
  const shares = readings.map(({ summary }) => {
    if (summary === null) return 0
    return summary.status === 'done' ? 1 : summary.status === 'running' ? summary.progress : 0
  })
  return readings.length === 0 ? 1 : shares.reduce((sum, share) => sum + share, 0) / readings.length
}
