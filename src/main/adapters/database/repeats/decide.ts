/** The one decision about everything that a draft repeats of the history. */
import { succeed, type Result } from '../../../../shared/failure.ts'
import type { RequestId } from '../../../../shared/model/ids.ts'
import type { RepeatDecision } from '../../../../shared/model/request.ts'
import type { Database } from '../../../core/ports.ts'
import { importRunning, importRuns, requiredDraft } from '../commands/drafts.ts'
import { addEvent, identifiersInWords } from '../commands/events.ts'
import type { History } from '../history.ts'
import { inTransaction, number, one, run, type Sql } from '../sql.ts'
import { forgetComparison } from './compare.ts'
import { moveRepeats } from './move.ts'
import { sumOf } from './sums.ts'

type Input = Parameters<Database['decideRepeats']>[0]

/**
 * Decides for all of them, and for those that a later comparison finds. The decision is on disk and in the log at once;
 * the identifiers follow in slices, and where that is cut off the next comparison does it.
 */
export async function decideRepeats(history: History, input: Input): Promise<Result<null>> {
  const { sql } = history
  const begun = inTransaction(sql, () => begin(sql, input))
  if (!begun.ok || begun.value === null) return begun.ok ? succeed(null) : begun
  const { stamp, run: runNumber } = begun.value
  const isStopped = (): boolean => runOf(sql, input.requestId) !== runNumber
  await moveRepeats(history, { ...input, isStopped })
  return inTransaction(sql, () => {
    if (!isStopped()) run(sql, 'UPDATE request SET repeats_stamp = ? WHERE id = ?', stamp, input.requestId)
    return succeed(null)
  })
}

/** What the comparison was made from, and the number under which its rows move; null: nothing is to be done. */
function begin(sql: Sql, input: Input): Result<Readonly<{ stamp: string | null; run: number }> | null> {
  const { requestId, decision, now } = input
  const draft = requiredDraft(sql, requestId)
  if (!draft.ok) return draft
  if (importRuns(sql, requestId)) return importRunning()
  const row = one<{ repeats_decision: RepeatDecision; repeats_stamp: string | null }>(
    sql,
    'SELECT repeats_decision, repeats_stamp FROM request WHERE id = ?',
    requestId,
  )
  if (row === undefined || row.repeats_decision === decision) return succeed(null)
  run(sql, 'UPDATE request SET repeats_decision = ?, revision = revision + 1 WHERE id = ?', decision, requestId)
  forgetComparison(sql, requestId)
  const { count, requests } = sumOf(sql, requestId)
  addEvent(sql, {
    at: now,
    actor: 'operator',
    kind: 'decided',
    words: `Decided for ${identifiersInWords(count)} that earlier requests have already: ${decision}.`,
    requestId,
    payload: { decision, identifiers: count, requests },
  })
  return succeed({ stamp: row.repeats_stamp, run: runOf(sql, requestId) })
}

function runOf(sql: Sql, requestId: RequestId): number {
  return number(sql, 'SELECT repeats_run AS value FROM request WHERE id = ?', requestId)
}
