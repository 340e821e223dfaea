/**
 * Entries of the keychain that no connection names, or not for long: noted before they are written, so that an end of
 * the process at any moment leaves none behind unknown. Which entry is in use, the connection's row alone decides.
 */
import { succeed, type Result } from '../../../../shared/failure.ts'
import type { History } from '../history.ts'
import { all, inTransaction, number, run, type Sql } from '../sql.ts'

/** Notes an entry that is about to be written; it stays until a connection names it, or the next sender starts. */
export function noteSecret(history: History, reference: string): Result<null> {
  return inTransaction(history.sql, () => {
    run(history.sql, 'INSERT OR IGNORE INTO left_secret (reference, after_attempt) VALUES (?, NULL)', reference)
    return succeed(null)
  })
}

/** Gives up a noted entry: it may be removed now, unless a connection names it after all. */
export function leaveSecret(history: History, reference: string): Result<null> {
  return inTransaction(history.sql, () => {
    run(history.sql, 'UPDATE left_secret SET after_attempt = 0 WHERE reference = ?', reference)
    return succeed(null)
  })
}

/** Entries that no connection names and no call under way was reserved with. */
export function leftSecrets(history: History): Result<readonly string[]> {
  const rows = all<{ reference: string }>(
    history.sql,
    `SELECT reference FROM left_secret s
     WHERE NOT EXISTS (SELECT 1 FROM connection c WHERE c.secret_reference = s.reference)
       AND NOT EXISTS (SELECT 1 FROM attempt a INDEXED BY attempt_under_way
                       WHERE a.ended_at IS NULL AND a.id <= s.after_attempt)
       AND s.after_attempt IS NOT NULL
     ORDER BY reference`,
  )
  return succeed(rows.map(({ reference }) => reference))
}

/** The entry is no longer in the keychain. */
export function forgetSecret(history: History, reference: string): Result<null> {
  return inTransaction(history.sql, () => {
    run(history.sql, 'DELETE FROM left_secret WHERE reference = ?', reference)
    return succeed(null)
  })
}

/** Within the transaction that writes a connection's row: one entry is in use from here on, the other is left. */
export function changeSecret(sql: Sql, before: string | null, after: string): void {
  if (before === after) return
  run(sql, 'DELETE FROM left_secret WHERE reference = ?', after)
  if (before === null) return
  const lastAttempt = number(sql, 'SELECT max(id) AS value FROM attempt')
  run(sql, 'INSERT OR REPLACE INTO left_secret (reference, after_attempt) VALUES (?, ?)', before, lastAttempt)
}

/** A new sender: what its predecessor was still saving is saved by nobody any more. */
export function giveUpSaving(sql: Sql): void {
  run(sql, 'UPDATE left_secret SET after_attempt = 0 WHERE after_attempt IS NULL')
}
