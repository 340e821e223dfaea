import { kindFromNumber } from '../../../../shared/model/identifier.ts'
import type { BatchId, IdentifierId } from '../../../../shared/model/ids.ts'
import { stateFromNumber } from '../../../../shared/model/state.ts'
import type { DeliveryState } from '../../../core/ports.ts'
import { all, type Sql } from '../sql.ts'

/** Every delivery of a batch in its order; one whose identifier has left keeps the result it left with. */
export function deliveriesOf(sql: Sql, batchId: BatchId): readonly DeliveryState[] {
  const rows = all<{
    position: number
    identifier_id: IdentifierId
    kind: number
    value: string | null
    channel_id: string | null
    here: number
    state: number
    decided: number
    result: number | null
    sent_form: string | null
    looked_up: string | null
  }>(
    sql,
    // An id counts for a batch only where it was looked up before that batch was sent.
    `SELECT d.position, d.identifier_id, i.kind, i.value, i.channel_id, i.batch_id = d.batch_id AS here, i.state,
            i.decided, d.result, d.sent_form,
            CASE WHEN b.looked_up = 'answered' THEN (SELECT json_group_array(a.value) FROM identifier_alias a
              WHERE a.identifier_id = i.id AND a.source = 'look-up' AND a.value IS NOT NULL) END AS looked_up
     FROM delivery d JOIN batch b ON b.id = d.batch_id JOIN identifier i ON i.id = d.identifier_id
     WHERE d.batch_id = ? ORDER BY d.position`,
    batchId,
  )
  return rows.map((row) => ({
    kind: kindFromNumber(row.kind),
    value: row.value ?? '',
    channelId: row.channel_id,
    identifierId: row.identifier_id,
    position: row.position,
    state: stateFromNumber(row.here === 1 ? row.state : (row.result ?? row.state)),
    decided: row.here === 1 ? row.decided === 1 : true,
    ...(row.sent_form === null ? {} : { sentForm: row.sent_form }),
    ...(row.looked_up === null ? {} : { lookedUp: JSON.parse(row.looked_up) as readonly string[] }),
  }))
}
