/** The journal of a history, read from its file beside the app: every attempt there is, connection tests too. */
import path from 'node:path'
import { existsSync } from 'node:fs'
import { deriveKeys } from '../../../src/main/adapters/database/keys.ts'
import { openFile } from '../../../src/main/adapters/database/open-file.ts'
import { historyFile } from '../../../src/main/adapters/database/open-history.ts'
import { createHistoryFolder } from '../../../src/main/adapters/files/history-folder.ts'
import { createSecretStore } from '../../../src/main/adapters/secrets/keychain.ts'
import { findHistoryKey } from '../../../src/main/core/app/history-key.ts'
import { systemRandom } from '../../../src/main/adapters/clock/clock.ts'
import type { AttemptRow } from '../../../src/shared/model/request.ts'

/** Every attempt in the history of this folder, oldest first; none where no history was made. */
export async function readJournal(folder: string): Promise<readonly Pick<AttemptRow, 'jti' | 'kind' | 'ending'>[]> {
  const file = path.join(folder, historyFile)
  if (!existsSync(file)) return []
  const key = await findHistoryKey({
    secrets: createSecretStore(),
    folder: createHistoryFolder(folder),
    random: systemRandom,
  })
  if (!key.ok) throw new Error(`The history in ${folder} has no key: ${key.failure.message}`)
  const sql = openFile(file, deriveKeys(key.value).cipher, 'reader')
  try {
    return sql
      .prepare<[], Pick<AttemptRow, 'jti' | 'kind' | 'ending'>>('SELECT jti, kind, ending FROM attempt ORDER BY id')
      .all()
  } finally {
    sql.close()
  }
}
