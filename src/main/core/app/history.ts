/** Which history the app works on: the encrypted one, or, where the keychain or the file says no, one in memory. */
import type { Failure, Result } from '../../../shared/failure.ts'
import type { Database, HistoryFolder, Random, SecretStore } from '../ports.ts'
import { findHistoryKey } from './history-key.ts'

export type OpenHistory = Readonly<{
  database: Database
  /** Why nothing is saved; null: the history is the encrypted one. */
  failure: Failure | null
  /** What is wrong with the keychain; null: it works. */
  keychainFailure: Failure | null
}>

export type HistoryPorts = Readonly<{
  secrets: SecretStore
  folder: HistoryFolder
  random: Random
  /** Opens the encrypted history of a folder; null: one in memory, which nothing outlives. */
  openDatabase: (place: Readonly<{ folder: string; key: Uint8Array }> | null) => Promise<Result<Database>>
}>

/** Opens the encrypted history, and says why where it cannot. */
export async function openEncrypted(
  ports: HistoryPorts,
): Promise<Result<Database> & Readonly<{ keychainFailure: Failure | null }>> {
  const checked = await ports.secrets.check()
  if (!checked.ok) return { ...checked, keychainFailure: checked.failure }
  const key = await findHistoryKey(ports)
  if (!key.ok) return { ...key, keychainFailure: null }
  const opened = await ports.openDatabase({ folder: ports.folder.path, key: key.value })
  return { ...opened, keychainFailure: null }
}

/**
 * Opens the encrypted history or, where that fails, an empty one in memory that carries the reason. Throws where not
 * even memory can hold one: there is nothing to show then.
 */
export async function openHistory(ports: HistoryPorts): Promise<OpenHistory> {
  const encrypted = await openEncrypted(ports)
  if (encrypted.ok) return { database: encrypted.value, failure: null, keychainFailure: null }
  const memory = await ports.openDatabase(null)
  if (!memory.ok) throw new Error(`No history could be opened: ${memory.failure.code}`)
  return { database: memory.value, failure: encrypted.failure, keychainFailure: encrypted.keychainFailure }
}
