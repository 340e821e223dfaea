import { attempted, type CallParts } from '../send/parts.ts'

/** Removes entries of the keychain that nothing wants any more; settles in every case. */
export type SecretRemover = Readonly<{ look: () => Promise<void> }>

/**
 * A remover for one sender. A keychain may ask for its password each time: an entry that it does not let go is tried
 * once, and again at the next start.
 */
export function createSecretRemover({ database, secrets, log }: CallParts): SecretRemover {
  const refused = new Set<string>()
  let looking = false

  async function removeLeft(): Promise<void> {
    const left = await attempted(() => database.leftSecrets())
    if (!left.ok) return
    for (const reference of left.value.filter((name) => !refused.has(name))) {
      const removed = await attempted(async () => await secrets.remove(reference))
      if (removed.ok) await attempted(() => database.forgetSecret(reference))
      else {
        refused.add(reference)
        log.problem('secret not removed', { code: removed.failure.code })
      }
    }
  }

  return {
    look: async () => {
      if (looking) return
      looking = true
      await removeLeft()
      looking = false
    },
  }
}
