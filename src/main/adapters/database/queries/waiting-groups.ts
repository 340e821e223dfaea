import type { BatchId, RequestId } from '../../../../shared/model/ids.ts'
import type { Decision, WaitingGroup } from '../../../../shared/model/request.ts'
import { stateFromNumber, stateNumbers, type IdentifierState } from '../../../../shared/model/state.ts'
import { identifiersInWords } from '../commands/events.ts'
import { all, number, type Sql } from '../sql.ts'

/** More batches than this in one state are shown and decided as one group. */
const mostGroups = 20

type Row = Readonly<{
  batch_id: BatchId
  state: number
  count: number
  number: number
  size: number
  vendor_words: string | null
  strangers: number
  successes: number
  unnamed: number
  own_words: string | null
}>

/** What waits for a person in a request, gravest first: in doubt, then unconfirmed, then held. */
export function waitingGroupsOf(sql: Sql, requestId: RequestId): WaitingGroup[] {
  const order: readonly IdentifierState[] = ['outcome unknown', 'unconfirmed', 'held']
  return order.flatMap((state) => groupsOf(sql, requestId, state))
}

const waitingIn = `request_id = ? AND state = ? AND decided = 0 AND state IN (1, 5, 9) AND count > 0`

function groupsOf(sql: Sql, requestId: RequestId, state: IdentifierState): WaitingGroup[] {
  const total = number(
    sql,
    'SELECT count AS value FROM identifier_count WHERE request_id = ? AND state = ? AND decided = 0',
    requestId,
    stateNumbers[state],
  )
  if (total === 0) return []
  const batches = number(
    sql,
    `SELECT count(*) AS value FROM batch_count WHERE ${waitingIn}`,
    requestId,
    stateNumbers[state],
  )
  if (batches > mostGroups) return [together(sql, requestId, state, total, batches)]
  const rows = batches === 0 ? [] : rowsOf(sql, requestId, state)
  const outside = total - rows.reduce((sum, { count }) => sum + count, 0)
  const loose = outside > 0 ? [looseGroup(state, outside)] : []
  return [...rows.map((row) => groupOf(row)), ...loose]
}

function rowsOf(sql: Sql, requestId: RequestId, state: IdentifierState): readonly Row[] {
  return all<Row>(
    sql,
    `SELECT n.batch_id, n.state, n.count, b.number, b.size, b.vendor_words,
       (SELECT count(*) FROM named_stranger s WHERE s.batch_id = n.batch_id) AS strangers,
       (SELECT count(*) FROM named_stranger s WHERE s.batch_id = n.batch_id AND s.success = 1) AS successes,
       (SELECT count(*) FROM delivery d WHERE d.batch_id = n.batch_id AND d.result = n.state) AS unnamed,
       (SELECT max(d.vendor_words) FROM delivery d WHERE d.batch_id = n.batch_id AND d.result = n.state) AS own_words
     FROM (SELECT * FROM batch_count WHERE ${waitingIn}) n JOIN batch b ON b.id = n.batch_id ORDER BY b.number`,
    requestId,
    stateNumbers[state],
  )
}

function groupOf(row: Row): WaitingGroup {
  const state = stateFromNumber(row.state)
  const wholeBatch = row.count === row.unnamed && row.strangers === row.count
  const canPair = wholeBatch && row.successes === row.strangers
  return {
    state,
    batchId: row.batch_id,
    batchNumber: row.number,
    count: row.count,
    title: `${identifiersInWords(row.count)}: ${state}`,
    explanation: explain(state, row),
    // An unconfirmed batch's last words speak of the others in it; what was said of these stands in their deliveries.
    vendorWords: state === 'unconfirmed' ? row.own_words : row.vendor_words,
    strangers: row.strangers,
    decisions: decisionsFor(state, canPair),
  }
}

function explain(state: IdentifierState, row: Row): string {
  if (state === 'outcome unknown') {
    return `Batch ${row.number} was cut off after its first byte. It may or may not have arrived. Sent again, it may reach the vendor twice, and data created since then goes too; not sent again, it may never be erased.`
  }
  if (state === 'held') {
    return `The vendor rejected batch ${row.number} as a whole. Nothing of it was erased. Sent again, it goes in two halves, so that the cause can be found.`
  }
  const named =
    row.strangers === 0
      ? 'It named nobody else either.'
      : `It named ${row.strangers} others that nobody submitted in this batch.`
  return `Submitted ${row.size} in batch ${row.number}. The vendor has no word on ${row.count} of them. ${named}`
}

function decisionsFor(state: IdentifierState, canPair: boolean): Decision[] {
  if (state === 'outcome unknown') return ['send again', 'treat as sent']
  if (state === 'held') return ['send again', 'cancel']
  return canPair ? ['pair whole batch', 'accept as unconfirmed', 'send again'] : ['accept as unconfirmed', 'send again']
}

function together(
  sql: Sql,
  requestId: RequestId,
  state: IdentifierState,
  count: number,
  batches: number,
): WaitingGroup {
  const strangers = number(
    sql,
    `SELECT count(*) AS value FROM (SELECT batch_id FROM batch_count WHERE ${waitingIn}) n
     JOIN named_stranger s ON s.batch_id = n.batch_id`,
    requestId,
    stateNumbers[state],
  )
  return {
    state,
    batchId: null,
    batchNumber: null,
    count,
    title: `${identifiersInWords(count)}: ${state}`,
    explanation: `In ${batches.toLocaleString('en-GB')} batches. A decision here is for all of them; each batch can be decided by itself in the list of batches.`,
    vendorWords: null,
    strangers,
    decisions: decisionsFor(state, false),
  }
}

function looseGroup(state: IdentifierState, count: number): WaitingGroup {
  return {
    state,
    batchId: null,
    batchNumber: null,
    count,
    title: `${identifiersInWords(count)}: ${state}`,
    explanation: 'Kept back before any call. Released, they are sent with the rest; cancelled, they are not.',
    vendorWords: null,
    strangers: 0,
    decisions: ['release', 'cancel'],
  }
}
