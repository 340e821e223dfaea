// A message bus and an unlocked keychain (gnome-keyring) of a run's own.
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { startHelper, waitUntil } from './helper.mjs'

/** @import { Identity } from './helper.mjs' */

/**
 * Whether the session's bus offers a secret service, running or to be started on demand.
 * @param {NodeJS.ProcessEnv} env
 */
export function sessionHasKeychain(env) {
  const names = ['ListNames', 'ListActivatableNames'].map((method) => {
    const target = ['--dest=org.freedesktop.DBus', '/', `org.freedesktop.DBus.${method}`]
    const answer = spawnSync('dbus-send', ['--session', '--print-reply', '--reply-timeout=2000', ...target], {
      // Without an address dbus-send would start a bus by itself.
      env: { ...env, DBUS_SESSION_BUS_ADDRESS: busAddress(env) ?? 'unix:path=/nonexistent' },
      encoding: 'utf8',
    })
    return answer.stdout ?? ''
  })
  return names.join('').includes('"org.freedesktop.secrets"')
}

/** @param {NodeJS.ProcessEnv} env */
function busAddress(env) {
  if (env.DBUS_SESSION_BUS_ADDRESS) return env.DBUS_SESSION_BUS_ADDRESS
  const socket = `${env.XDG_RUNTIME_DIR}/bus`
  return env.XDG_RUNTIME_DIR && existsSync(socket) ? `unix:path=${socket}` : undefined
}

/**
 * Starts both, as `identity`, and waits until secrets can be stored.
 * @param {object} wanted
 * @param {Identity | undefined} wanted.identity
 * @param {NodeJS.ProcessEnv} wanted.env HOME and XDG_RUNTIME_DIR in it belong to the run
 * @param {string} wanted.password unlocks, and at first makes, the keychain
 * @returns {Promise<{ address: string, stop: () => Promise<void> }>}
 */
export async function startKeychain({ identity, env, password }) {
  const socket = `${env.XDG_RUNTIME_DIR}/bus`
  const address = `unix:path=${socket}`
  const bus = startHelper('dbus-daemon', ['--session', '--nofork', '--nopidfile', `--address=${address}`], {
    identity,
    env,
  })
  await waitUntil('the message bus', () => existsSync(socket), bus)

  const withBus = { ...env, DBUS_SESSION_BUS_ADDRESS: address }
  const keyring = startHelper('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], {
    identity,
    env: withBus,
    input: `${password}\n`,
  })
  await waitUntil('the keychain', () => isOwned(withBus, identity), keyring)
  return {
    address,
    stop: async () => {
      await keyring.stop()
      await bus.stop()
    },
  }
}

/** @param {NodeJS.ProcessEnv} env @param {Identity | undefined} identity */
function isOwned(env, identity) {
  const question = ['org.freedesktop.DBus.NameHasOwner', 'string:org.freedesktop.secrets']
  const answer = spawnSync(
    'dbus-send',
    ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/', ...question],
    {
      env,
      encoding: 'utf8',
      ...identity,
    },
  )
  return answer.stdout.includes('boolean true')
}

/** A password nobody needs to know. */
export function freshPassword() {
  return randomBytes(24).toString('base64url')
}

/** The password of the keychain that is kept across root's runs, in a file that root alone reads. @param {string} file */
export function keptPassword(file) {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const password = freshPassword()
  writeFileSync(file, `${password}\n`, { mode: 0o600, flag: 'wx' })
  return password
}
