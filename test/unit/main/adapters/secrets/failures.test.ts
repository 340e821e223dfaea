import { expect, test } from 'vitest'
import { keychainFailure } from '../../../../../src/main/adapters/secrets/failures.ts'

test.each([
  ['Object does not exist at path “/org/freedesktop/secrets/collection/login”', 'keychain-locked'],
  ['Cannot create an item in a locked collection', 'keychain-locked'],
  ['The prompt was dismissed', 'keychain-locked'],
  ['User interaction is not allowed.', 'keychain-locked'],
  ['The name org.freedesktop.secrets was not provided by any .service files', 'keychain-missing'],
  ['Cannot autolaunch D-Bus without X11 $DISPLAY', 'keychain-missing'],
  ['libsecret-1.so.0: cannot open shared object file: No such file or directory', 'keychain-missing'],
])('%s', (message, code) => {
  for (const platform of ['linux', 'darwin', 'win32', 'freebsd'] as const) {
    const { failure } = keychainFailure(new Error(`${message} for account secret-of-kore`), platform)
    expect(failure).toMatchObject({ code, kept: 'No secret was written anywhere else.' })
    expect(failure.next).not.toBe('')
    expect(JSON.stringify(failure)).not.toContain('secret-of-kore')
  }
})
