import type { ParsedInput, RequestFilter, Value } from '../../../../shared/contract.ts'
import { succeed, type Result } from '../../../../shared/failure.ts'
import type { StopCause } from '../../../../shared/model/connection.ts'
import type { RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import type { RequestDetail, RequestSummary } from '../../../../shared/model/request.ts'
import { readScope } from '../../../../shared/model/scope.ts'
import { dayOf } from '../commands/moves.ts'
import { notFound } from '../failures.ts'
import type { History } from '../history.ts'
import { all, number, one, type Sql } from '../sql.ts'
import { importsOf } from './imports.ts'
import { cutPage } from './page.ts'
import { requestColumns, summaryOf, type RequestColumns } from './request-rows.ts'
import { stuckOf } from './stuck.ts'
import { retryGroupsOf, waitingGroupsOf } from './waiting-groups.ts'

const week = 7 * 86_400_000
const waits = `EXISTS (SELECT 1 FROM identifier_count w
  WHERE w.request_id = r.id AND w.decided = 0 AND w.state IN (1, 5, 9) AND w.count > 0)`
/** Copies are no part of a request's phase: a draft, and one that is closed, may have one in doubt as well. */
const hasCopyInDoubt = `EXISTS (SELECT 1 FROM retrieval t WHERE t.request_id = r.id AND t.status = 'outcome unknown')`
/** ?1 is the day a week from now. */
const conditions: Readonly<Record<RequestFilter, string>> = {
  open: `r.phase = 'open'`,
  waiting: `(r.phase = 'open' AND (${waits} OR r.paused_cause IS NOT NULL)) OR ${hasCopyInDoubt}`,
  'due this week': `r.phase = 'open' AND r.due_on <= ?1`,
  drafts: `r.phase = 'draft'`,
  closed: `r.phase = 'closed'`,
  all: '1',
}
const orders = {
  newest: 'r.id DESC',
  oldest: 'r.id',
  'answer due': 'r.due_on IS NULL, r.due_on, r.id',
  name: 'r.name COLLATE NOCASE, r.id',
  size: '(SELECT sum(n.count) FROM identifier_count n WHERE n.request_id = r.id) DESC, r.id',
} as const

/** Requests of one filter; the search looks in name, reference and the vendor's request ids (these exactly). */
export function listRequests(
  history: History,
  input: ParsedInput<'listRequests'>,
  now: Timestamp,
): Result<Value<'listRequests'>> {
  const { sql } = history
  const weekAhead = dayOf(now + week)
  const search = input.search.trim()
  const ids = all<{ id: number }>(
    sql,
    `SELECT r.id FROM request r WHERE r.discarded_at IS NULL AND ?1 IS NOT NULL AND (${conditions[input.filter]})
       AND (?2 = '' OR r.name LIKE ?3 ESCAPE '\\' OR r.reference LIKE ?3 ESCAPE '\\'
         OR r.id IN (SELECT b.request_id FROM batch b WHERE b.vendor_request_id = ?2))
     ORDER BY ${orders[input.sort]}`,
    weekAhead,
    search,
    `%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`,
  ).map(({ id }) => id)
  const page = cutPage(ids, input.anchor, input.limit)
  return succeed({
    rows: summaries(sql, page.ids),
    start: page.start,
    total: ids.length,
    counts: filterCounts(sql, weekAhead),
  })
}

export function summaries(sql: Sql, ids: readonly number[]): RequestSummary[] {
  return ids.flatMap((id) => {
    const row = requestColumns(sql, id)
    return row === undefined ? [] : [summaryOf(sql, row)]
  })
}

function filterCounts(sql: Sql, weekAhead: string): Record<RequestFilter, number> {
  const count = (filter: RequestFilter): number =>
    number(
      sql,
      `SELECT count(*) AS value FROM request r WHERE r.discarded_at IS NULL AND ?1 IS NOT NULL AND (${conditions[filter]})`,
      weekAhead,
    )
  return {
    open: count('open'),
    waiting: count('waiting'),
    'due this week': count('due this week'),
    drafts: count('drafts'),
    closed: count('closed'),
    all: count('all'),
  }
}

/** One request. `sendingEndsAt` is null here: the core fills it in from the plan's basis. */
export function getRequest(
  history: History,
  input: Readonly<{ requestId: RequestId }>,
  now: Timestamp,
): Result<RequestDetail> {
  const { sql } = history
  const row = requestColumns(sql, input.requestId)
  if (row === undefined) return notFound('request')
  const summary = summaryOf(sql, row)
  return succeed({
    ...summary,
    scope: row.canonical === null ? null : readScope(row.canonical),
    caseFacts: {
      regulation: row.regulation,
      receivedOn: row.received_on,
      answerDue: row.answer_due,
      channel: row.channel,
      reference: row.reference,
    },
    imports: importsOf(sql, row.id),
    waitingGroups: waitingGroupsOf(sql, row.id),
    retryGroups: row.phase === 'draft' ? [] : retryGroupsOf(sql, row.id),
    batches: row.batch_numbers,
    attempts: number(sql, 'SELECT count(*) AS value FROM attempt WHERE request_id = ?', row.id),
    sendingEndsAt: null,
    nextPollAt:
      one<{ at: Timestamp | null }>(
        sql,
        'SELECT min(next_poll_at) AS at FROM batch WHERE request_id = ? AND next_poll_at IS NOT NULL',
        row.id,
      )?.at ?? null,
    callsUnderWay: number(
      sql,
      'SELECT count(*) AS value FROM attempt WHERE ended_at IS NULL AND request_id = ?',
      row.id,
    ),
    standstill: standstillOf(sql, row),
    stuck: row.phase === 'open' ? stuckOf(sql, row.id, now) : null,
    connectionStopped: row.stopped !== null,
    pauseCause: row.paused_cause === null ? null : (JSON.parse(row.paused_cause) as StopCause),
  })
}

function standstillOf(sql: Sql, row: RequestColumns): string | null {
  if (row.phase !== 'open') return null
  if (row.paused_cause !== null) return (JSON.parse(row.paused_cause) as StopCause).title
  if (row.paused_at !== null) return 'Paused. No new call begins until it is resumed.'
  if (row.stopped !== null) return (JSON.parse(row.stopped) as StopCause).title
  if (row.retired_at !== null) return 'The connection is retired. Restore it to go on.'
  return slowWords(row) ?? unreachedWords(sql, row.id)
}

/** While calls of the connection get no yes or no from the vendor: that they leave more slowly. */
function slowWords({ unclear_calls: inARow }: RequestColumns): string | null {
  if (inARow < 2) return null
  return `The last ${inARow} calls of the connection got no yes or no from the vendor. Calls leave one at a time, with longer pauses; if it stays so, the connection stops.`
}

/** While the last call of a request came to nobody: why, and that it is tried again. */
function unreachedWords(sql: Sql, requestId: RequestId): string | null {
  const last = one<{ ending: string | null; words: string | null }>(
    sql,
    `SELECT ending, vendor_words AS words FROM attempt WHERE request_id = ? AND ended_at IS NOT NULL
     ORDER BY id DESC LIMIT 1`,
    requestId,
  )
  if (last?.ending !== 'not sent') return null
  const parts = ['The last call did not leave.', last.words, 'It is tried again by itself, with longer pauses.']
  return parts.filter(Boolean).join(' ')
}
