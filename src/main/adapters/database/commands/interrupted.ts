import { succeed } from '../../../../shared/failure.ts'
import type { CaseId, ImportId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import type { History } from '../history.ts'
import { leaveOutRepeats, requestsWithKeptRepeats } from '../repeats/move.ts'
import { all, inTransaction, run } from '../sql.ts'
import { noteReadingEnd } from './cases.ts'
import { finishDiscardedCases, removeDiscardedDrafts } from './leave-case.ts'
import { refreshPhase } from './phase.ts'
import { removeImportRows } from './remove-rows.ts'
import { foldScope } from './scope-fold.ts'

/**
 * Finishes at the start what a dead process left half done: discarded drafts, files being read in, cases between
 * two readings, rows being folded into a scope, repeats of the history being left out. Left alone while another process is reading a file in, since that file is no left-over.
 */
export async function finishInterrupted(history: History, now: Timestamp): Promise<void> {
  const { sql, importLock } = history
  if (importLock === null || !importLock.take()) return
  try {
    await removeDiscardedDrafts(history)
    await finishDiscardedCases(history)
    for (const { id } of all<{ id: ImportId }>(sql, `SELECT id FROM import WHERE status = 'running'`)) {
      await removeImportRows(history, id)
      run(
        sql,
        `UPDATE import SET status = 'cancelled', finished_at = ?, identifier_count = 0, duplicate_count = 0,
           reject_count = 0 WHERE id = ?`,
        now,
        id,
      )
    }
    for (const { id } of all<{ id: CaseId }>(sql, 'SELECT id FROM "case" WHERE reading_ended_at IS NULL')) {
      inTransaction(sql, () =>
        succeed(noteReadingEnd(sql, { caseId: id, why: 'Erasure Desk ended in the middle of it.', now })),
      )
    }
    for (const { id } of all<{ id: RequestId }>(sql, 'SELECT id FROM request WHERE scope_folding = 1')) {
      await foldScope(history, id, now)
    }
    for (const id of requestsWithKeptRepeats(sql)) {
      await leaveOutRepeats(history, id, now)
      inTransaction(sql, () => {
        refreshPhase(sql, id, now)
        return succeed(null)
      })
    }
  } finally {
    importLock.release()
  }
}
