/** How many calls of what is still to be sent are looked up first: those that hold an identifier of the kind for it. */
import { kindNumbers } from '../../../../shared/model/identifier.ts'
import type { RequestId } from '../../../../shared/model/ids.ts'
import { lookedUpKind } from '../../../../shared/model/look-up.ts'
import type { ConnectionForCall } from '../../../core/ports.ts'
import { canBeLookedUp, wantsLookUps } from '../commands/look-up.ts'
import { number, type Sql } from '../sql.ts'

/** So many identifiers are looked at where a share of them will do. */
const sampleSize = 20_000

/** Unsent identifiers of one effective scope; `first` and `last` by id. */
type UnsentGroup = Readonly<{
  requestId: RequestId
  scopeIds: readonly number[]
  count: number
  first: number
  last: number
}>

// Rows of a request lie close together: one walk over them beats an index that leads to each.
const inSendingOrder = `FROM identifier NOT INDEXED
  WHERE id BETWEEN ? AND ? AND request_id = ? AND state = 2 AND batch_id IS NULL AND scope_id IN (?, ?)
  ORDER BY id LIMIT ?`

/**
 * Calls of a group of unsent identifiers, cut in sending order, that are looked up; `exactly` looks at every identifier,
 * else beyond `sampleSize` the share among the first ones stands for all.
 */
export function lookUpsOfGroup(
  sql: Sql,
  group: UnsentGroup,
  { lookUpFirst, identifiersPerCall: perCall }: ConnectionForCall['settings'],
  exactly: boolean,
): number {
  if (!lookUpFirst) return 0
  const calls = Math.ceil(group.count / perCall)
  const callsSeen = exactly ? calls : Math.min(calls, Math.ceil(sampleSize / perCall))
  const found = callsWithKind(sql, group, perCall, callsSeen)
  return callsSeen === calls ? found : Math.round((found / callsSeen) * calls)
}

function callsWithKind(sql: Sql, group: UnsentGroup, perCall: number, calls: number): number {
  const { requestId, scopeIds, first, last } = group
  const seen = [first, last, requestId, scopeIds[0] ?? 0, scopeIds.at(-1) ?? 0, calls * perCall]
  const kind = kindNumbers[lookedUpKind]
  const ofKind = number(sql, `SELECT sum(kind = ?) AS value FROM (SELECT kind ${inSendingOrder})`, kind, ...seen)
  if (ofKind === 0) return 0
  if (ofKind === Math.min(group.count, calls * perCall)) return calls
  return number(
    sql,
    `SELECT count(DISTINCT place / CAST(? AS INTEGER)) AS value FROM
       (SELECT row_number() OVER (ORDER BY id) - 1 AS place, kind ${inSendingOrder})
     WHERE kind = ?`,
    perCall,
    ...seen,
    kind,
  )
}

/** Look-ups of the account for batches that are cut already. */
export function queuedLookUps(sql: Sql, connection: ConnectionForCall): number {
  return number(
    sql,
    `SELECT count(*) AS value FROM connection c
     JOIN batch b ON b.connection_id = c.id AND b.status = 'queued' AND b.looking_up = 0 AND ${canBeLookedUp}
     JOIN request r ON r.id = b.request_id AND r.phase = 'open' AND r.paused_at IS NULL
     WHERE c.account_id = ? AND c.stopped IS NULL AND ${wantsLookUps}`,
    connection.accountId,
  )
}
