/** What the repeats of a draft add up to, for each earlier request. */
import type { RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import { stateNumbers } from '../../../../shared/model/state.ts'
import { one, run, type Sql } from '../sql.ts'
import type { Compared } from './find.ts'

type Sum = { erased: number; underWay: number; firstAt: Timestamp; lastAt: Timestamp }
/** Sums that are being made, by the earlier request. */
export type Sums = Map<RequestId, Sum>

export function addToSums(sums: Sums, compared: readonly Compared[]): void {
  for (const { repeat } of compared) {
    if (repeat === null) continue
    const { requestId, state, at } = repeat
    const sum = sums.get(requestId) ?? { erased: 0, underWay: 0, firstAt: at, lastAt: at }
    if (state === stateNumbers.erased) sum.erased += 1
    else sum.underWay += 1
    sum.firstAt = Math.min(sum.firstAt, at)
    sum.lastAt = Math.max(sum.lastAt, at)
    sums.set(requestId, sum)
  }
}

/** Puts the sums in the place of those before, within the caller's transaction. */
export function writeSums(sql: Sql, requestId: RequestId, sums: Sums): void {
  run(sql, 'DELETE FROM history_repeat_count WHERE request_id = ?', requestId)
  for (const [earlier, { erased, underWay, firstAt, lastAt }] of sums) {
    run(
      sql,
      `INSERT INTO history_repeat_count (request_id, earlier_request_id, erased, under_way, first_at, last_at)
       VALUES (?, ?, ?, ?, ?, ?)`,
      requestId,
      earlier,
      erased,
      underWay,
      firstAt,
      lastAt,
    )
  }
}

/** How many identifiers of the request repeat earlier ones, in how many requests, as last compared. */
export function sumOf(sql: Sql, requestId: RequestId): Readonly<{ count: number; requests: number }> {
  const row = one<{ count: number | null; requests: number }>(
    sql,
    `SELECT sum(erased + under_way) AS count, count(*) AS requests FROM history_repeat_count WHERE request_id = ?`,
    requestId,
  )
  return { count: row?.count ?? 0, requests: row?.requests ?? 0 }
}
