/** What the demo's app has put into the keychain, taken out again by name: nobody else's entry is looked at. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { deriveKeys } from '../../src/main/adapters/database/keys.ts'
import { openFile } from '../../src/main/adapters/database/open-file.ts'
import { createHistoryFolder } from '../../src/main/adapters/files/history-folder.ts'
import { historyKeyName } from '../../src/main/core/app/history-key.ts'
import type { SecretStore } from '../../src/main/core/ports.ts'

/**
 * Removes the secrets of every connection of the history in `folder`, then the history's key. The app has ended. Gives
 * the names of entries that are still there, or null where it cannot be told which those are.
 */
export async function removeSecrets(folder: string, secrets: SecretStore): Promise<readonly string[] | null> {
  const id = await createHistoryFolder(folder).readId()
  if (!id.ok) return null
  if (id.value === null) return []
  const keyName = historyKeyName(id.value)
  const key = await secrets.read(keyName)
  if (!key.ok) return null
  const references = key.value === null ? [] : readReferences(folder, key.value)
  const left: string[] = []
  for (const name of [...(references ?? []), keyName]) if (!(await secrets.remove(name)).ok) left.push(name)
  return references === null ? null : left
}

/** The keychain's names of the connections' secrets; null where the history cannot be opened. */
function readReferences(folder: string, key: string): readonly string[] | null {
  const file = path.join(folder, 'history.db')
  if (!existsSync(file)) return []
  try {
    const sql = openFile(file, deriveKeys(Buffer.from(key, 'hex')).cipher, 'reader')
    try {
      return sql.prepare<[], string>('SELECT secret_reference FROM connection').pluck().all()
    } finally {
      sql.close()
    }
  } catch {
    return null
  }
}
