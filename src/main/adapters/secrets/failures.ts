import { fail, type Failed } from '../../../shared/failure.ts'

/**
 * What keychains say when they are there but closed: Secret Service without an unlocked collection, a prompt that was
 * dismissed, macOS without a user session.
 */
const lockedWords =
  /locked|does not exist at path|no such (?:secret )?collection|prompt.*dismissed|user interaction is not allowed|passphrase|cancel/i

const missingCures: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'Install and start a Secret Service (GNOME Keyring or KWallet, with libsecret), then try again.',
  darwin: 'Sign in to the Mac with your own account, open Keychain Access, and try again.',
  win32: 'Start the service “Credential Manager” in Windows, then try again.',
}

const lockedCures: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'Unlock the login keyring (in “Passwords and Keys”, or by signing out and in again), then try again.',
  darwin: 'Unlock the login keychain in Keychain Access, then try again.',
  win32: 'Sign out of Windows and in again, then try again.',
}

/** An error of the keychain's library as a failure. Its own text goes no further: it may name what was asked for. */
export function keychainFailure(error: unknown, platform: NodeJS.Platform): Failed {
  const words = error instanceof Error ? error.message : String(error)
  const kept = 'No secret was written anywhere else.'
  if (lockedWords.test(words))
    return fail('keychain-locked', 'The keychain of this machine is locked.', {
      kept,
      next: lockedCures[platform] ?? 'Unlock it, then try again.',
      retryable: true,
    })
  return fail('keychain-missing', 'The keychain of this machine cannot be used.', {
    kept,
    next: missingCures[platform] ?? 'Set one up, then try again.',
    retryable: true,
  })
}
