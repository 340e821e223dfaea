// The unprivileged user that the app runs as when root starts it: Chromium's sandbox does not work for root.
import { existsSync, mkdirSync, readFileSync, chownSync } from 'node:fs'
import { isLinux, isRoot } from './place.mjs'
import { run, say, succeeds } from './command.mjs'

const name = 'erasure-desk'
/** Holds the unprivileged user's files across runs. */
export const userFolder = '/var/lib/erasure-desk'

/**
 * @typedef {object} User
 * @property {string} name
 * @property {number} uid
 * @property {number} gid
 */

/** Makes the user when root runs set-up; nobody serves where accounts cannot be made. */
export async function makeUnprivilegedUser() {
  if (!isRoot || !isLinux) return
  if (findUser(name) === undefined && existsSync('/usr/sbin/useradd')) {
    say(
      `a system user “${name}” without login: Chromium’s sandbox does not work for root, so the app runs as this user`,
    )
    const account = ['--system', '--user-group', '--no-create-home', '--home-dir', userFolder]
    await run('useradd', '/usr/sbin/useradd', [...account, '--shell', '/usr/sbin/nologin', name])
  }
  const user = unprivilegedUser()
  mkdirSync(userFolder, { recursive: true, mode: 0o700 })
  chownSync(userFolder, user.uid, user.gid)
  if (existsSync('/usr/bin/unshare') && existsSync('/usr/bin/setpriv') && !mayUseSandbox(user)) {
    say(
      'this machine refuses user namespaces to ordinary users, and Chromium’s sandbox needs them: the app will not start.',
    )
    say(
      'to allow them: sysctl -w kernel.unprivileged_userns_clone=1 (or kernel.apparmor_restrict_unprivileged_userns=0)',
    )
  }
}

/** The user that stands in for root. @returns {User} */
export function unprivilegedUser() {
  return findUser(name) ?? findUser('nobody') ?? { name: 'nobody', uid: 65_534, gid: 65_534 }
}

/** @param {string} wanted @returns {User | undefined} */
function findUser(wanted) {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${wanted}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid === undefined || gid === undefined ? undefined : { name: wanted, uid: Number(uid), gid: Number(gid) }
}

/** @param {User} user */
function mayUseSandbox(user) {
  const asUser = ['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups']
  return succeeds('setpriv', [...asUser, 'unshare', '--user', '--net', 'true'])
}
