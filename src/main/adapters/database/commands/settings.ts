import { succeed, type Result } from '../../../../shared/failure.ts'
import type { History } from '../history.ts'
import { inTransaction, one, run } from '../sql.ts'

export function writeSetting(history: History, key: string, value: string): Result<null> {
  return inTransaction(history.sql, () => {
    run(
      history.sql,
      'INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      key,
      value,
    )
    return succeed(null)
  })
}

export function readSetting(history: History, key: string): Result<string | null> {
  return succeed(one<{ value: string }>(history.sql, 'SELECT value FROM setting WHERE key = ?', key)?.value ?? null)
}
