// Where set-up keeps things. Everything that can be made again lies in one cache outside the checkout, so that a clean
// clone on a known machine takes seconds.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout's root folder. */
export const projectFolder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')

export const isRoot = process.getuid?.() === 0
export const isLinux = process.platform === 'linux'

/**
 * The cache folder. Root's lies where the unprivileged user that runs the app can read it.
 * `ERASURE_DESK_CACHE` names another.
 */
export const cacheFolder =
  process.env.ERASURE_DESK_CACHE ??
  (isRoot && isLinux
    ? '/var/cache/erasure-desk'
    : path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'erasure-desk'))

const runtimeFile = path.join(projectFolder, 'node_modules', '.erasure-desk-runtime.json')

/**
 * The Electron that set-up chose for this checkout.
 * @typedef {object} Runtime
 * @property {'official' | 'fallback'} kind
 * @property {string} version Electron's own version, such as 33.2.1
 * @property {string} folder holds the executable and its resources
 * @property {string} executable
 */

/** @returns {Runtime | undefined} undefined before set-up has run */
export function readRuntime() {
  const stored = /** @type {Runtime | undefined} */ (readJson(runtimeFile))
  if (stored === undefined) return undefined
  const runtime = {
    ...stored,
    folder: path.resolve(projectFolder, stored.folder),
    executable: path.resolve(projectFolder, stored.executable),
  }
  return existsSync(runtime.executable) ? runtime : undefined
}

/** What lies inside the checkout is kept relative to it: a checkout can be moved, or seen at another place. @param {Runtime} runtime */
export function writeRuntime(runtime) {
  const relative = (/** @type {string} */ place) =>
    place.startsWith(projectFolder + path.sep) ? path.relative(projectFolder, place) : place
  writeJson(runtimeFile, { ...runtime, folder: relative(runtime.folder), executable: relative(runtime.executable) })
}

/** @param {string} file @returns {any} undefined where the file is missing or is not JSON */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** Written beside and renamed, so that a reader never meets half a file. @param {string} file @param {unknown} value */
export function writeJson(file, value) {
  const beside = `${file}.${process.pid}`
  writeFileSync(beside, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o644 })
  renameSync(beside, file)
}
