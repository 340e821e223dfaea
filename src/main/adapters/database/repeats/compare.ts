/**
 * Duplicates against the history: which identifiers of a draft are erased or under way in an earlier request of the same
 * account, at the same bots or more, and what the operator's one decision makes of them.
 */
import { succeed, type Result } from '../../../../shared/failure.ts'
import type { AccountId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import type { RepeatDecision } from '../../../../shared/model/request.ts'
import { stateNumbers } from '../../../../shared/model/state.ts'
import { addEvent, identifiersInWords } from '../commands/events.ts'
import type { History } from '../history.ts'
import { inSlices } from '../slices.ts'
import { all, inTransaction, number, one, run, type Sql } from '../sql.ts'
import { coverageOf } from './coverage.ts'
import { comparePart, type Compared, type Comparison } from './find.ts'
import { keepBack, letGo } from './move.ts'
import { addToSums, sumOf, writeSums, type Sums } from './sums.ts'

type Input = Readonly<{ requestId: RequestId; now: Timestamp }>

type DraftNow = Readonly<{
  account_id: AccountId
  scope_id: number | null
  repeats_decision: RepeatDecision
  repeats_run: number
  repeats_stamp: string | null
}>

const mostTries = 3

/** Comparisons of a history one after the other: the next one finds what the last has done. */
const turns = new WeakMap<History, Promise<unknown>>()

/**
 * Compares a draft with the history and keeps its repeats back, or lets them go, as decided; at once where nothing has
 * changed since the last time. In slices of about 60 ms. Whatever changes the draft's rows meanwhile ends it, and it
 * begins anew, a few times. While a file is being read in no comparison is valid, and the draft cannot be sent.
 */
export async function compareWithHistory(history: History, input: Input): Promise<Result<null>> {
  const before = turns.get(history) ?? Promise.resolve()
  const turn = before.then(async () => await compareUntilValid(history, input))
  turns.set(
    history,
    turn.catch(() => null),
  )
  return await turn
}

/** Makes no comparison of this draft valid any more; for every command that changes its rows. */
export function forgetComparison(sql: Sql, requestId: RequestId): void {
  run(sql, 'UPDATE request SET repeats_run = repeats_run + 1, repeats_stamp = NULL WHERE id = ?', requestId)
}

/** How many requests of a request's account have been sent. It only ever grows. */
export function sentRequests(sql: Sql, requestId: RequestId): number {
  return number(
    sql,
    `SELECT count(*) AS value FROM request d JOIN connection own ON own.id = d.connection_id
     JOIN connection c ON c.account_id = own.account_id
     JOIN request r ON r.connection_id = c.id AND r.phase IN ('open', 'closed') WHERE d.id = ?`,
    requestId,
  )
}

async function compareUntilValid(history: History, input: Input): Promise<Result<null>> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const done = await compare(history, input)
    if (!done.ok) return done
    if (done.value) break
  }
  return succeed(null)
}

/** Gives whether it came to its end, or there was nothing to compare. */
async function compare(history: History, { requestId, now }: Input): Promise<Result<boolean>> {
  const { sql } = history
  const draft = draftNow(sql, requestId)
  if (draft === undefined) return succeed(true)
  const stamp = stampOf(sql, requestId, draft)
  if (draft.repeats_stamp === stamp) return succeed(true)
  const sent = sentRequests(sql, requestId)
  const knownBefore = sumOf(sql, requestId).count
  forgetComparison(sql, requestId)
  const runNumber = draft.repeats_run + 1
  let stopped = false
  const isStopped = (): boolean => {
    stopped ||= draftNow(sql, requestId)?.repeats_run !== runNumber
    return stopped
  }
  const comparison: Comparison = {
    requestId,
    ownScope: draft.scope_id ?? 0,
    earlier: earlierRequests(sql, requestId, draft.account_id),
    covers: coverageOf(sql),
    isStopped,
  }
  const sums: Sums = new Map()
  if (comparison.earlier.size > 0 || hasRepeats(sql, requestId)) {
    let after = 0
    while (!isStopped()) {
      const part = await comparePart(history, comparison, after)
      if (part.last === null) break
      await keep(history, { ...comparison, now, decision: draft.repeats_decision }, part.compared)
      addToSums(sums, part.compared)
      after = part.last
      await history.pause()
    }
  }
  return inTransaction(sql, () => {
    if (isStopped()) return succeed(false)
    writeSums(sql, requestId, sums)
    run(sql, 'UPDATE request SET repeats_stamp = ?, repeats_sent = ? WHERE id = ?', stamp, sent, requestId)
    const { count } = sumOf(sql, requestId)
    if (count !== knownBefore) {
      addEvent(sql, {
        at: now,
        actor: 'app',
        kind: 'compared with the history',
        words: `Erased or under way in earlier requests already: ${identifiersInWords(count)}.`,
        requestId,
        payload: { identifiers: count, requests: sums.size },
      })
    }
    return succeed(true)
  })
}

function hasRepeats(sql: Sql, requestId: RequestId): boolean {
  return one(sql, 'SELECT 1 FROM history_repeat WHERE request_id = ? LIMIT 1', requestId) !== undefined
}

/** The draft as a comparison needs it; undefined where it cannot be compared now. */
function draftNow(sql: Sql, requestId: RequestId): DraftNow | undefined {
  return one<DraftNow>(
    sql,
    `SELECT c.account_id, r.scope_id, r.repeats_decision, r.repeats_run, r.repeats_stamp
     FROM request r JOIN connection c ON c.id = r.connection_id
     WHERE r.id = ? AND r.phase = 'draft' AND r.discarded_at IS NULL AND r.scope_folding = 0
       AND NOT EXISTS (SELECT 1 FROM import m WHERE m.request_id = r.id AND m.status = 'running')`,
    requestId,
  )
}

/** Sent requests of the account that have anything erased or under way, each with the scope of rows that name none. */
function earlierRequests(sql: Sql, requestId: RequestId, accountId: AccountId): ReadonlyMap<RequestId, number> {
  const rows = all<{ id: RequestId; scope_id: number | null }>(
    sql,
    `SELECT r.id, r.scope_id FROM connection c
     JOIN request r ON r.connection_id = c.id AND r.phase IN ('open', 'closed') AND r.id <> ?
     WHERE c.account_id = ? AND EXISTS (SELECT 1 FROM identifier_count n
       WHERE n.request_id = r.id AND n.state IN (3, 4, 5, 6) AND n.count > 0)`,
    requestId,
    accountId,
  )
  return new Map(rows.map(({ id, scope_id: scopeId }) => [id, scopeId ?? 0]))
}

/** Changes with everything that a comparison's result is made of. */
function stampOf(sql: Sql, requestId: RequestId, draft: DraftNow): string {
  const others = all<{ id: number; erased: number; others: number }>(
    sql,
    `SELECT r.id, sum(n.count) FILTER (WHERE n.state = 6) AS erased, sum(n.count) FILTER (WHERE n.state <> 6) AS others
     FROM connection c
     JOIN request r ON r.connection_id = c.id AND r.phase IN ('open', 'closed') AND r.id <> ?
     JOIN identifier_count n ON n.request_id = r.id AND n.state IN (3, 4, 5, 6) AND n.count > 0
     WHERE c.account_id = ? GROUP BY r.id ORDER BY r.id`,
    requestId,
    draft.account_id,
  )
  const imports = all<{ id: number; identifier_count: number }>(
    sql,
    'SELECT id, identifier_count FROM import WHERE request_id = ? ORDER BY id',
    requestId,
  )
  const own = number(sql, 'SELECT sum(count) AS value FROM identifier_count WHERE request_id = ?', requestId)
  return JSON.stringify([draft.account_id, draft.scope_id, own, imports.map(Object.values), others.map(Object.values)])
}

type Keeping = Input & Pick<Comparison, 'ownScope' | 'isStopped'> & Readonly<{ decision: RepeatDecision }>

/** Writes down what each row repeats, and moves the row to where the decision has it. */
async function keep(history: History, input: Keeping, compared: readonly Compared[]): Promise<void> {
  const touched = compared.filter((row) => isNew(row, input))
  let done = 0
  await inSlices(
    history,
    (limit) => {
      const slice = touched.slice(done, done + limit)
      keepSlice(history.sql, input, slice)
      done += slice.length
      return slice.length
    },
    input.isStopped,
  )
}

/** False where everything stands as it was compared last. */
function isNew({ row, repeat }: Compared, { decision, ownScope }: Keeping): boolean {
  if (repeat === null) return row.known_id !== null
  const isKept = decision === 'leave out' && (row.scope_id !== 0 || ownScope !== 0)
  const stands = row.state === (isKept ? stateNumbers.held : stateNumbers.queued)
  return !stands || row.known_id !== repeat.earlierId || row.known_state !== repeat.state
}

function keepSlice(sql: Sql, { requestId, now, decision }: Keeping, slice: readonly Compared[]): void {
  const gone = slice.filter(({ repeat }) => repeat === null).map(({ row }) => row.id)
  const found = slice.flatMap(({ row, repeat }) => (repeat === null ? [] : [{ id: row.id, ...repeat }]))
  run(
    sql,
    `DELETE FROM history_repeat WHERE request_id = ? AND identifier_id IN (SELECT value FROM json_each(?))`,
    requestId,
    JSON.stringify(gone),
  )
  run(
    sql,
    `INSERT INTO history_repeat (request_id, identifier_id, earlier_id, earlier_request_id, earlier_state, earlier_at)
     SELECT ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?2) WHERE true
     ON CONFLICT (request_id, identifier_id) DO UPDATE SET earlier_id = excluded.earlier_id,
       earlier_request_id = excluded.earlier_request_id, earlier_state = excluded.earlier_state,
       earlier_at = excluded.earlier_at`,
    requestId,
    JSON.stringify(
      found.map(({ id, earlierId, requestId: earlierRequest, state, at }) => [
        id,
        earlierId,
        earlierRequest,
        state,
        at,
      ]),
    ),
  )
  const ids = found.map(({ id }) => id)
  letGo(sql, requestId, decision === 'leave out' ? gone : [...gone, ...ids], now)
  if (decision === 'leave out') keepBack(sql, requestId, ids, now)
}
