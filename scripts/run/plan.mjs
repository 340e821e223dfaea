// Decides, before anything is started, which home, keychain and display a command gets.
import { existsSync } from 'node:fs'

/**
 * What the command is for.
 * - `isolated`: tests. Always a home, keychain and display of their own, never the user's.
 * - `visitor`: the demo. The desktop's own keychain and display where there are such; its own where not.
 * - `real`: daily use. What the desktop has, and nothing in its place.
 * @typedef {'isolated' | 'visitor' | 'real'} Mode
 */

/**
 * @typedef {object} Surroundings what was found on this machine
 * @property {boolean} linux
 * @property {boolean} root
 * @property {boolean} display a display is there
 * @property {boolean} keychain the session's bus offers a secret service
 * @property {boolean} virtualDisplay Xvfb is installed
 * @property {boolean} ownKeychain gnome-keyring and a bus daemon are installed
 */

/**
 * @typedef {object} Plan
 * @property {boolean} otherUser run as the unprivileged user
 * @property {'theirs' | 'temporary' | 'kept'} home kept: the unprivileged user's own, for root's daily use
 * @property {'session' | 'own' | 'none'} keychain
 * @property {'real' | 'virtual' | 'none'} display
 */

/** @param {Mode} mode @param {Surroundings} found @returns {Plan} */
export function planRun(mode, found) {
  if (!found.linux) return { otherUser: false, home: 'theirs', keychain: 'session', display: 'real' }
  const virtual = found.virtualDisplay ? 'virtual' : 'none'
  if (mode === 'isolated') {
    return {
      otherUser: found.root,
      home: 'temporary',
      keychain: found.ownKeychain ? 'own' : 'none',
      display: found.virtualDisplay ? 'virtual' : found.display ? 'real' : 'none',
    }
  }
  // Root's own keychain cannot be reached by the user that stands in for root.
  const session = found.keychain && !found.root
  const needsOwn = mode === 'visitor' ? !(session && found.display) : found.root
  const keychain = needsOwn ? (found.ownKeychain ? 'own' : 'none') : session ? 'session' : 'none'
  // A keychain of its own lies in its home: in the user's home it would meet the user's keychain.
  const home = mode === 'visitor' ? (needsOwn ? 'temporary' : 'theirs') : found.root ? 'kept' : 'theirs'
  return {
    otherUser: found.root,
    home,
    keychain,
    display: found.display ? 'real' : mode === 'visitor' ? virtual : 'none',
  }
}

/** @param {string} command */
export function isInstalled(command) {
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(`${folder}/${command}`))
}
