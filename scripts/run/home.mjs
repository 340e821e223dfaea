// The folders a run lives in, and the way to a checkout that its user may not enter.
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isRoot, projectFolder } from '../setup/place.mjs'

/** @import { Identity } from './helper.mjs' */

/**
 * An empty home with a runtime folder and a temporary folder in it, for this run alone.
 * @param {Identity | undefined} identity
 * @returns {{ folder: string, remove: () => void }}
 */
export function makeTemporaryHome(identity) {
  // Root's own TMPDIR may be closed to others.
  const folder = mkdtempSync(path.join(isRoot ? '/tmp' : tmpdir(), 'erasure-desk-'))
  own(folder, identity)
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }) }
}

/** @param {string} folder @param {Identity | undefined} identity */
export function makePrivateFolder(folder, identity) {
  mkdirSync(folder, { recursive: true })
  own(folder, identity)
}

/** Makes a folder of the checkout writable for the run's user, with all that is in it. @param {string} folder @param {Identity | undefined} identity */
export function makeWritable(folder, identity) {
  const place = path.resolve(projectFolder, folder)
  mkdirSync(place, { recursive: true })
  if (identity !== undefined) spawnSync('chown', ['-R', `${identity.uid}:${identity.gid}`, place])
}

/** @param {Identity} identity */
export function canReadCheckout(identity) {
  const file = path.join(projectFolder, 'package.json')
  return spawnSync('test', ['-r', file], { cwd: '/', ...identity }).status === 0
}

/**
 * Runs this same script again on a second view of the checkout, in a place every user can reach: clones made by root
 * often lie in /root, which is closed to others. The view lives in a mount namespace and ends with the run.
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function runOnReachableView(args) {
  mkdirSync('/run/erasure-desk', { recursive: true })
  chmodSync('/run/erasure-desk', 0o755)
  const view = mkdtempSync('/run/erasure-desk/checkout-')
  chmodSync(view, 0o755)
  const script = 'mount --bind "$1" "$2" && cd "$2" && shift 2 && exec "$@"'
  const node = path.join(view, path.relative(projectFolder, process.execPath))
  const command = [node.startsWith(view) ? node : process.execPath, path.join(view, 'scripts/run.mjs'), ...args]
  const child = spawn(
    'unshare',
    ['--mount', '--propagation', 'private', 'sh', '-c', script, 'sh', projectFolder, view, ...command],
    {
      stdio: 'inherit',
      env: { ...settingsIn(view), ERASURE_DESK_VIEW: view },
    },
  )
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal))
  const code = await new Promise((resolve) => {
    child.on('error', () => resolve(1))
    child.on('close', (exitCode) => resolve(exitCode ?? 1))
  })
  rmdirSync(view)
  return code
}

/** This process's settings, with the checkout's place in them moved to the view. @param {string} view */
function settingsIn(view) {
  const entries = Object.entries(process.env).map(([name, value]) =>
    name.startsWith('ERASURE_DESK_')
      ? [name, value?.replace(projectFolder + path.sep, view + path.sep)]
      : [name, value],
  )
  return Object.fromEntries(entries)
}

/** @param {string} folder @param {Identity | undefined} identity */
function own(folder, identity) {
  chmodSync(folder, 0o700)
  if (identity !== undefined) chownSync(folder, identity.uid, identity.gid)
}
