/** The key of the history: made once, kept in the keychain alone, found again by the id in the history's folder. */
import { fail, succeed, type Result } from '../../../shared/failure.ts'
import type { HistoryFolder, Random, SecretStore } from '../ports.ts'

const keyBytes = 32

/** The keychain's entry for the key of the history with this id. */
export function historyKeyName(historyId: string): string {
  return `history-key-${historyId}`
}

/**
 * The key, 256 random bits; made now where the folder holds no history yet. The key is in the keychain, and was read
 * back from it, before the folder refers to it, so that no history can come to be that nothing opens. Fails with
 * `history-key-missing` where a history is there and its key is not; nothing is changed then.
 */
export async function findHistoryKey(
  ports: Readonly<{ secrets: SecretStore; folder: HistoryFolder; random: Random }>,
): Promise<Result<Uint8Array>> {
  const { secrets, folder, random } = ports
  const id = await folder.readId()
  if (!id.ok) return id
  if (id.value !== null) {
    const stored = await secrets.read(historyKeyName(id.value))
    if (!stored.ok) return stored
    if (stored.value !== null) return readKey(stored.value)
  }
  const holds = await folder.holdsHistory()
  if (!holds.ok) return holds
  if (holds.value) return keyMissing()

  const newId = random.uuid()
  const made = await makeKey(secrets, historyKeyName(newId), random)
  if (!made.ok) return made
  const claimed = await folder.claimId(newId, id.value)
  if (claimed.ok && claimed.value === newId) return made
  await secrets.remove(historyKeyName(newId))
  if (!claimed.ok) return claimed
  const theirs = await secrets.read(historyKeyName(claimed.value))
  if (!theirs.ok) return theirs
  return theirs.value === null ? keyMissing() : readKey(theirs.value)
}

async function makeKey(secrets: SecretStore, name: string, random: Random): Promise<Result<Uint8Array>> {
  const text = toHex(random.bytes(keyBytes))
  const written = await secrets.write(name, text)
  if (!written.ok) return written
  const read = await secrets.read(name)
  if (!read.ok) return read
  if (read.value === text) return readKey(text)
  return fail('keychain-missing', 'The keychain did not keep what was written to it.', {
    kept: 'No history was made; nothing is saved.',
    next: 'Check the keychain of your system, then try again.',
    retryable: true,
  })
}

function readKey(text: string): Result<Uint8Array> {
  if (/^[0-9a-f]{64}$/.test(text))
    return succeed(Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)))
  return fail('history-key-wrong', "The keychain's entry for the history is not a key.", {
    kept: 'The history was not touched.',
    next: 'Put the entry back from a backup of your keychain, then try again.',
    retryable: true,
  })
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function keyMissing(): Result<never> {
  return fail('history-key-missing', 'The key that opens the history is not in the keychain.', {
    kept: 'The history is still there, encrypted and unchanged. Nothing is saved until it can be opened.',
    next: 'Log in as the user who made it, or restore the keychain from a backup, then try again.',
    retryable: true,
  })
}
