/** What a person may decide about: what waits, what failed, and each batch's share of it. */
import { inNoTaskBasis } from '../../../../shared/model/basis.ts'
import type { BatchId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import type { CallEnd, CallStage, Decision, WaitingGroup } from '../../../../shared/model/request.ts'
import { stateFromNumber, stateNumbers, type IdentifierState } from '../../../../shared/model/state.ts'
import { doubtAfter, howItEnded } from '../commands/call-end.ts'
import { identifiersInWords } from '../commands/events.ts'
import { all, marks, number, one, type Sql } from '../sql.ts'

/** More batches than this in one state are shown and decided as one group. */
const mostGroups = 20
/** The states that wait for a person, gravest first. */
const waitingOrder: readonly IdentifierState[] = ['outcome unknown', 'unconfirmed', 'held']
/** The states of which more may be tried. */
const retryOrder: readonly IdentifierState[] = ['failed', 'refused', 'revoked']
/** More different words of the vendor's than this, or more identifiers than that, are one group. */
const mostWords = 10
const mostByWords = 5000
const longestWords = 60

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
  vanished: number
  in_no_task: number
}>

/** What waits for a person in a request, gravest first: in doubt, then unconfirmed, then held. */
export function waitingGroupsOf(sql: Sql, requestId: RequestId): WaitingGroup[] {
  return waitingOrder.flatMap((state) => groupsOf(sql, requestId, state))
}

/** What failed or was refused, by the vendor's words, then what was revoked; never what is in doubt. */
export function retryGroupsOf(sql: Sql, requestId: RequestId): WaitingGroup[] {
  return retryOrder.flatMap((state) =>
    state === 'revoked' ? revokedGroups(sql, requestId) : byWords(sql, requestId, state),
  )
}

/** What may be decided about one batch by itself. */
export function groupsOfBatch(sql: Sql, requestId: RequestId, batchId: BatchId): WaitingGroup[] {
  const rows = all<Row>(
    sql,
    rowsFrom(`SELECT * FROM batch_count WHERE batch_id = ? AND request_id = ? AND decided = 0 AND count > 0`),
    batchId,
    requestId,
  )
  return [...waitingOrder, ...retryOrder].flatMap((state) =>
    rows.filter((row) => stateFromNumber(row.state) === state).map((row) => groupOf(sql, row)),
  )
}

const waitingIn = `request_id = ? AND state = ? AND decided = 0 AND state IN (1, 5, 9) AND count > 0`

function countIn(sql: Sql, requestId: RequestId, state: IdentifierState): number {
  return number(
    sql,
    'SELECT count AS value FROM identifier_count WHERE request_id = ? AND state = ? AND decided = 0',
    requestId,
    stateNumbers[state],
  )
}

function groupsOf(sql: Sql, requestId: RequestId, state: IdentifierState): WaitingGroup[] {
  const total = countIn(sql, requestId, state)
  if (total === 0) return []
  const batches = number(
    sql,
    `SELECT count(*) AS value FROM batch_count WHERE ${waitingIn}`,
    requestId,
    stateNumbers[state],
  )
  if (batches > mostGroups) return [together(sql, requestId, state, total, batches)]
  const rows =
    batches === 0
      ? []
      : all<Row>(sql, rowsFrom(`SELECT * FROM batch_count WHERE ${waitingIn}`), requestId, stateNumbers[state])
  const outside = total - rows.reduce((sum, { count }) => sum + count, 0)
  const loose = outside > 0 ? [looseGroup(state, outside)] : []
  return [...rows.map((row) => groupOf(sql, row)), ...loose]
}

/** The query of `Row`s for the rows of `batch_count` that `counted` gives, in the order of the batches. */
function rowsFrom(counted: string): string {
  return `SELECT n.batch_id, n.state, n.count, b.number, b.size, b.vendor_words,
       (SELECT count(*) FROM named_stranger s WHERE s.batch_id = n.batch_id) AS strangers,
       (SELECT count(*) FROM named_stranger s WHERE s.batch_id = n.batch_id AND s.success = 1) AS successes,
       (SELECT count(*) FROM delivery d WHERE d.batch_id = n.batch_id AND d.result = n.state) AS unnamed,
       (SELECT max(d.vendor_words) FROM delivery d WHERE d.batch_id = n.batch_id AND d.result = n.state) AS own_words,
       EXISTS (SELECT 1 FROM delivery d WHERE d.batch_id = n.batch_id AND d.result = n.state
               AND d.basis = 'the vendor no longer knows the request') AS vanished,
       EXISTS (SELECT 1 FROM delivery d WHERE d.batch_id = n.batch_id AND d.result = n.state
               AND d.basis = '${inNoTaskBasis}') AS in_no_task
     FROM (${counted}) n JOIN batch b ON b.id = n.batch_id ORDER BY b.number`
}

function groupOf(sql: Sql, row: Row): WaitingGroup {
  const state = stateFromNumber(row.state)
  const wholeBatch = row.count === row.unnamed && row.strangers === row.count
  const canPair = wholeBatch && row.successes === row.strangers
  const ended = state === 'outcome unknown' || state === 'held' ? lastCall(sql, row.batch_id) : null
  return {
    state,
    by: 'batch',
    batchId: row.batch_id,
    batchNumber: row.number,
    count: row.count,
    title: `${identifiersInWords(row.count)} of batch ${row.number}: ${state}`,
    explanation: explain(state, row, ended),
    // A batch's last words speak of the others in it; what was said of these stands in their deliveries.
    vendorWords:
      state === 'outcome unknown' || state === 'revoked' ? null : state === 'held' ? row.vendor_words : row.own_words,
    ended: ended === null ? null : { ...ended, note: state === 'outcome unknown' ? ended.note : null },
    strangers: row.strangers,
    decisions: decisionsFor(state, canPair),
  }
}

/** The last erase call of a batch; where the app ended meanwhile, the time is the one at which it began. */
function lastCall(sql: Sql, batchId: BatchId): (CallEnd & Readonly<{ ending: string | null }>) | null {
  const row = one<{
    reserved_at: Timestamp
    ended_at: Timestamp | null
    stage: CallStage | null
    ending: string | null
    http_status: number | null
    vendor_words: string | null
  }>(
    sql,
    `SELECT reserved_at, ended_at, stage, ending, http_status, vendor_words FROM attempt
     WHERE batch_id = ? AND kind = 'erase' ORDER BY id DESC LIMIT 1`,
    batchId,
  )
  if (row === undefined) return null
  return {
    at: row.stage === null || row.ended_at === null ? row.reserved_at : row.ended_at,
    stage: row.stage,
    httpStatus: row.http_status,
    note: row.vendor_words,
    ending: row.ending,
  }
}

function explain(state: IdentifierState, row: Row, ended: ReturnType<typeof lastCall>): string {
  switch (state) {
    case 'outcome unknown': {
      const how = howItEnded(ended?.stage ?? null, ended?.httpStatus ?? null)
      return `Batch ${row.number} ${how}. It ${doubtAfter(ended?.httpStatus ?? null)}.`
    }
    case 'held':
      return ended?.ending === 'too large'
        ? `The call of batch ${row.number} was too large for the vendor. Nothing of it was erased, and no identifier is at fault.`
        : `The vendor rejected batch ${row.number} as a whole. Nothing of it was erased.`
    case 'failed':
      return `The vendor’s final answer for batch ${row.number} says that ${row.count === 1 ? 'it was' : 'these were'} not erased.`
    case 'revoked':
      return whyRevoked(row.count)
    case 'refused':
      return `The vendor rejected batch ${row.number} because of the identifier that it carried alone.`
    default:
      return row.in_no_task === 1
        ? `The vendor refused ${row.count === 1 ? 'it' : 'these'} because of tasks that it runs already, and none of the tasks that it named holds ${row.count === 1 ? 'it' : 'them'}.`
        : `${explainUnnamed(row)} ${strangersInWords(row.strangers)}`
  }
}

function explainUnnamed({ number: batch, size, count, vanished }: Row): string {
  return vanished === 1
    ? `The vendor no longer knows its request for batch ${batch}, and had no word on ${count} of its ${identifiersInWords(size)}.`
    : `Submitted ${size.toLocaleString('en-GB')} in batch ${batch}. The vendor has finished and has no word on ${count.toLocaleString('en-GB')} of them.`
}

function strangersInWords(strangers: number): string {
  if (strangers === 0) return 'It named nobody else either.'
  if (strangers === 1) return 'It named 1 other id that nobody submitted in this batch.'
  return `It named ${strangers.toLocaleString('en-GB')} other ids that nobody submitted in this batch.`
}

function decisionsFor(state: IdentifierState, canPair: boolean): Decision[] {
  if (state === 'outcome unknown') return ['send again', 'treat as sent']
  if (state === 'held') return ['send again', 'cancel']
  if (retryOrder.includes(state)) return ['send again']
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
  const pairing = strangers === 0 ? '' : ' Pairing is decided there.'
  return {
    ...ofState(state, count, decisionsFor(state, false)),
    title: `${identifiersInWords(count)} of ${batches.toLocaleString('en-GB')} batches: ${state}`,
    explanation: `A decision here is for all of them; each batch can be decided by itself in the list of batches.${pairing}`,
    strangers,
  }
}

function looseGroup(state: IdentifierState, count: number): WaitingGroup {
  return {
    ...ofState(state, count, ['release', 'cancel']),
    explanation: 'Kept back before any call. Released, they are sent with the rest; cancelled, they are not.',
  }
}

function byWords(sql: Sql, requestId: RequestId, state: IdentifierState): WaitingGroup[] {
  const total = countIn(sql, requestId, state)
  if (total === 0) return []
  const groups =
    total > mostByWords
      ? []
      : all<{ vendor_words: string | null; count: number }>(
          sql,
          `SELECT d.vendor_words, count(*) AS count FROM identifier i
           JOIN delivery d ON d.identifier_id = i.id AND d.batch_id = i.batch_id
           WHERE i.request_id = ? AND i.state = ? AND i.decided = 0
           GROUP BY d.vendor_words ORDER BY count DESC, d.vendor_words LIMIT ${mostWords + 1}`,
          requestId,
          stateNumbers[state],
        )
  if (groups.length === 0 || groups.length > mostWords) {
    return [{ ...ofState(state, total, decisionsFor(state, false)), explanation: whyRetry(state, total) }]
  }
  return groups.map(({ vendor_words: words, count }) => ({
    ...ofState(state, count, decisionsFor(state, false)),
    by: 'words',
    title: `${identifiersInWords(count)}: ${state}${words === null ? '' : `, “${cut(words)}”`}`,
    explanation: whyRetry(state, count),
    vendorWords: words,
  }))
}

/** Together, whatever the vendor's last word was: it is of a task that had not begun, and says nothing of why it was revoked. */
function revokedGroups(sql: Sql, requestId: RequestId): WaitingGroup[] {
  const count = countIn(sql, requestId, 'revoked')
  if (count === 0) return []
  return [{ ...ofState('revoked', count, decisionsFor('revoked', false)), explanation: whyRevoked(count) }]
}

function whyRevoked(count: number): string {
  const [it, stays] = count === 1 ? ['it', 'It stays so'] : ['them', 'They stay so']
  return `Taken back before the vendor began, from here or by somebody there: nothing of ${it} is erased. ${stays} unless you decide otherwise.`
}

function whyRetry(state: IdentifierState, count: number): string {
  if (state === 'failed') {
    return `The vendor’s final answer says that ${count === 1 ? 'it was' : 'these were'} not erased.`
  }
  return `The vendor rejected ${count === 1 ? 'a call because of it' : 'calls because of these'}.`
}

/** A group of everything in one state; who calls says more. */
function ofState(state: IdentifierState, count: number, decisions: Decision[]): WaitingGroup {
  return {
    state,
    by: 'state',
    batchId: null,
    batchNumber: null,
    count,
    title: `${identifiersInWords(count)}: ${state}`,
    explanation: '',
    vendorWords: null,
    ended: null,
    strangers: 0,
    decisions,
  }
}

function cut(words: string): string {
  const letters = [...words]
  return letters.length <= longestWords ? words : `${letters.slice(0, longestWords - 1).join('')}…`
}

/** The states of a batch about which a person may decide, with how many are in each. */
export function openInBatch(sql: Sql, batchId: BatchId): Readonly<{ state: IdentifierState; count: number }>[] {
  const states = [...waitingOrder, ...retryOrder].map((state) => stateNumbers[state])
  const rows = all<{ state: number; count: number }>(
    sql,
    `SELECT state, count FROM batch_count WHERE batch_id = ? AND decided = 0 AND count > 0
     AND state IN (${marks(states.length)})`,
    batchId,
    ...states,
  )
  return rows.map(({ state, count }) => ({ state: stateFromNumber(state), count }))
}
