/** What earlier requests of the account have already of a request, as last compared. */
import type { ParsedInput, Value } from '../../../../shared/contract.ts'
import { succeed, type Result } from '../../../../shared/failure.ts'
import type { IdentifierId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import type { RepeatDecision } from '../../../../shared/model/request.ts'
import { stateFromNumber } from '../../../../shared/model/state.ts'
import { notFound } from '../failures.ts'
import type { History } from '../history.ts'
import { sumOf } from '../repeats/sums.ts'
import { all, number, one } from '../sql.ts'

const mostRequests = 100

export function getRepeats(history: History, { requestId }: ParsedInput<'getRepeats'>): Result<Value<'getRepeats'>> {
  const { sql } = history
  const request = one<{ decision: RepeatDecision; compared: number; scope_is_open: number }>(
    sql,
    `SELECT repeats_decision AS decision, repeats_stamp IS NOT NULL AS compared, scope_id IS NULL AND
       (EXISTS (SELECT 1 FROM identifier WHERE request_id = ?1 AND scope_id = 0 AND state = 2 AND batch_id IS NULL)
        OR EXISTS (SELECT 1 FROM history_repeat h JOIN identifier i ON i.id = h.identifier_id
                   WHERE h.request_id = ?1 AND i.scope_id = 0)) AS scope_is_open
     FROM request WHERE id = ?1 AND discarded_at IS NULL`,
    requestId,
  )
  if (request === undefined) return notFound('request')
  const { count, requests } = sumOf(sql, requestId)
  return succeed({
    count,
    decision: request.decision,
    compared: request.compared === 1,
    scopeIsOpen: request.scope_is_open === 1,
    requests: [
      ...all<Value<'getRepeats'>['requests'][number]>(
        sql,
        `SELECT n.earlier_request_id AS requestId, r.name, n.erased, n.under_way AS underWay, n.first_at AS firstAt,
         n.last_at AS lastAt
       FROM history_repeat_count n JOIN request r ON r.id = n.earlier_request_id
       WHERE n.request_id = ? ORDER BY n.erased + n.under_way DESC, r.id DESC LIMIT ${mostRequests}`,
        requestId,
      ),
    ],
    requestCount: requests,
  })
}

/** In the order of the file; `after` is the identifier seen last. */
export function listRepeats(history: History, input: ParsedInput<'listRepeats'>): Result<Value<'listRepeats'>> {
  const { sql } = history
  const { requestId, anchor, limit } = input
  const total = number(sql, 'SELECT count(*) AS value FROM history_repeat WHERE request_id = ?', requestId)
  const after = 'after' in anchor ? anchor.after : 0
  const offset = 'index' in anchor ? Math.min(anchor.index, total) : 0
  const before = number(
    sql,
    'SELECT count(*) AS value FROM history_repeat WHERE request_id = ? AND identifier_id <= ?',
    requestId,
    after,
  )
  const rows = all<{
    id: IdentifierId
    line: number
    value: string | null
    channel_id: string | null
    earlier_request_id: RequestId
    name: string
    state: number
    state_at: Timestamp
  }>(
    sql,
    `SELECT i.id, i.line, i.value, i.channel_id, o.earlier_request_id, r.name, e.state, e.state_at
     FROM (SELECT * FROM history_repeat WHERE request_id = ? AND identifier_id > ?
           ORDER BY identifier_id LIMIT ? OFFSET ?) o
     JOIN identifier i ON i.id = o.identifier_id JOIN identifier e ON e.id = o.earlier_id
     JOIN request r ON r.id = o.earlier_request_id ORDER BY o.identifier_id`,
    requestId,
    after,
    limit,
    offset,
  )
  return succeed({
    rows: rows.map((row) => ({
      id: row.id,
      line: row.line,
      value: row.value,
      channelId: row.channel_id,
      earlierRequestId: row.earlier_request_id,
      earlierRequestName: row.name,
      earlierState: stateFromNumber(row.state),
      earlierAt: row.state_at,
    })),
    start: 'index' in anchor ? offset : before,
    total,
  })
}
