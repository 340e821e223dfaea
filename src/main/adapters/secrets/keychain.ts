/** The operating system's keychain behind the SecretStore port: macOS Keychain, Windows Credential Manager, Secret Service. */
import type { Failed, Result } from '../../../shared/failure.ts'
import { succeed } from '../../../shared/failure.ts'
import type { SecretStore } from '../../core/ports.ts'
import { keychainFailure } from './failures.ts'

type Keytar = Pick<typeof import('keytar'), 'getPassword' | 'setPassword' | 'deletePassword'>

/** A keychain that waits longer than this for somebody to unlock it counts as locked. */
const patienceMilliseconds = 60_000

/**
 * Secrets under the service name "Erasure Desk" (and `suffix`, for tests). Loading the keychain's library is part of
 * every call, so that a machine without one gives a failure in words instead of an app that does not start.
 */
export function createSecretStore({ suffix = '' }: Readonly<{ suffix?: string }> = {}): SecretStore {
  const service = suffix === '' ? 'Erasure Desk' : `Erasure Desk ${suffix}`
  const read = (name: string) => withKeychain((keychain) => keychain.getPassword(service, name))
  const write = (name: string, secret: string) =>
    withKeychain((keychain) => keychain.setPassword(service, name, secret).then(() => null))
  const remove = (name: string) => withKeychain((keychain) => keychain.deletePassword(service, name).then(() => null))
  return {
    read,
    write,
    remove,
    check: async () => {
      // Its own name for each process: two that start at once must not take each other's away.
      const probe = `probe-${process.pid}`
      const written = await write(probe, 'probe')
      if (!written.ok) return written
      const seen = await read(probe)
      if (!seen.ok) return seen
      const removed = await remove(probe)
      if (!removed.ok) return removed
      return seen.value === null ? forgotten() : succeed(null)
    },
  }
}

async function withKeychain<T>(use: (keychain: Keytar) => Promise<T>): Promise<Result<T>> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('locked: nobody unlocked the keychain in time')), patienceMilliseconds)
  })
  try {
    return succeed(await Promise.race([loadKeychain().then(use), patience]))
  } catch (error) {
    return keychainFailure(error, process.platform)
  } finally {
    clearTimeout(timer)
  }
}

async function loadKeychain(): Promise<Keytar> {
  const { default: keytar } = await import('keytar')
  return keytar
}

function forgotten(): Failed {
  return keychainFailure(new Error('The keychain forgot what was written'), process.platform)
}
