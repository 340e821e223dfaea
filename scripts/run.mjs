// Runs a command with the Electron that set-up chose, as an unprivileged user when root starts it, with a display and a
// keychain. See scripts/README.md.
//
//   node scripts/run.mjs --isolated|--visitor|--real [--writable DIR]… [--electron-only] -- COMMAND [ARGS…]
import { spawn } from 'node:child_process'
import { chownSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { isLinux, isRoot, projectFolder, readRuntime } from './setup/place.mjs'
import { unprivilegedUser, userFolder } from './setup/user.mjs'
import { canReadCheckout, makePrivateFolder, makeTemporaryHome, makeWritable, runOnReachableView } from './run/home.mjs'
import { startDisplay } from './run/display.mjs'
import { freshPassword, keptPassword, sessionHasKeychain, startKeychain } from './run/keychain.mjs'
import { isInstalled, planRun } from './run/plan.mjs'

/** @import { Plan } from './run/plan.mjs' */
/** @import { Identity } from './run/helper.mjs' */

const passwordFile = `${userFolder}.keychain-password`
const { values: options, positionals: command } = parseArgs({
  allowPositionals: true,
  options: {
    isolated: { type: 'boolean', default: false },
    visitor: { type: 'boolean', default: false },
    real: { type: 'boolean', default: false },
    writable: { type: 'string', multiple: true, default: [] },
    'electron-only': { type: 'boolean', default: false },
  },
})

process.exitCode = await main()

async function main() {
  const mode = options.isolated ? 'isolated' : options.visitor ? 'visitor' : options.real ? 'real' : undefined
  if (mode === undefined || command.length === 0) {
    return refuse(
      'Usage: node scripts/run.mjs --isolated|--visitor|--real [--writable DIR]… [--electron-only] -- COMMAND [ARGS…]',
    )
  }
  const runtime = readRuntime()
  if (runtime === undefined) return refuse('Set-up has not run here yet. Nothing was started. Run: npm run setup')

  const plan = planRun(mode, surroundings())
  if (mode === 'real' && plan.display === 'none') {
    return refuse(
      'There is no display (DISPLAY and WAYLAND_DISPLAY are not set). Nothing was started. Start it from a desktop session.',
    )
  }
  if (plan.display === 'none')
    return refuse('There is no display and no Xvfb to make one. Nothing was started. Run: npm run setup')
  const user = plan.otherUser ? unprivilegedUser() : undefined
  const identity = user && { uid: user.uid, gid: user.gid }
  if (user && identity && !options['electron-only'] && !canReadCheckout(identity)) {
    if (process.env.ERASURE_DESK_VIEW === undefined) return await runOnReachableView(process.argv.slice(2))
    return refuse(
      `The user ${user.name}, who runs the app for root, may not read this checkout. Nothing was started. ` +
        'Make its files readable (chmod -R a+rX), or clone it to a place such as /opt.',
    )
  }
  for (const folder of options.writable) makeWritable(folder, identity)
  return await runAsPlanned(plan, runtime, identity)
}

/** @param {Plan} plan @param {import('./setup/place.mjs').Runtime} runtime @param {Identity | undefined} identity */
async function runAsPlanned(plan, runtime, identity) {
  /** @type {(() => void | Promise<void>)[]} */
  const endings = []
  try {
    const home = plan.home === 'temporary' ? makeTemporaryHome(identity) : undefined
    if (home) endings.push(home.remove)
    const folder = home?.folder ?? (plan.home === 'kept' ? userFolder : homedir())
    const env = environment(plan, runtime, folder)
    if (plan.home !== 'theirs') {
      makePrivateFolder(`${folder}/run`, identity)
      makePrivateFolder(`${folder}/tmp`, identity)
    }
    if (plan.keychain === 'own') {
      const password = plan.home === 'kept' ? keptPassword(passwordFile) : freshPassword()
      const keychain = await startKeychain({ identity, env, password })
      endings.push(keychain.stop)
      env.DBUS_SESSION_BUS_ADDRESS = keychain.address
    }
    if (plan.display === 'virtual') {
      const display = await startDisplay({ identity, env, folder })
      endings.push(display.stop)
      env.DISPLAY = display.display
      env.XAUTHORITY = display.cookieFile
    } else if (plan.otherUser) {
      lendDisplayCookie(env, folder, identity)
    }
    if (options['electron-only'] && identity) {
      return await start(
        { ...process.env, ...runtimeEnvironment(runtime), ELECTRON_EXEC_PATH: wrapper(runtime, env, identity) },
        undefined,
      )
    }
    return await start(env, identity)
  } catch (error) {
    return refuse(
      `${error instanceof Error ? error.message : String(error)}. The command was not started. Run npm run setup, then try again.`,
    )
  } finally {
    for (const end of endings.toReversed()) await end()
  }
}

/** @param {NodeJS.ProcessEnv} env @param {Identity | undefined} identity @returns {Promise<number>} the exit code */
function start(env, identity) {
  const [executable = '', ...args] = command
  // A group of its own, so that nothing the command started outlives the run.
  const grouped = isLinux
  const child = spawn(executable, args, { cwd: projectFolder, env, stdio: 'inherit', detached: grouped, ...identity })
  const signalAll = (/** @type {NodeJS.Signals} */ signal) => {
    if (child.pid === undefined) return
    try {
      process.kill(grouped ? -child.pid : child.pid, signal)
    } catch {
      // The group is gone already.
    }
  }
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => signalAll(signal))
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(refuse(`${executable} could not be started: ${error.message}`)))
    child.on('exit', (code) => {
      signalAll('SIGKILL')
      resolve(code ?? 1)
    })
  })
}

/** @returns {import('./run/plan.mjs').Surroundings} */
function surroundings() {
  return {
    linux: isLinux,
    root: isRoot,
    display: Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY),
    keychain: isLinux && !isRoot && isInstalled('dbus-send') && sessionHasKeychain(process.env),
    virtualDisplay: isInstalled('Xvfb'),
    ownKeychain: isInstalled('gnome-keyring-daemon') && isInstalled('dbus-daemon') && isInstalled('dbus-send'),
  }
}

/** @param {Plan} plan @param {import('./setup/place.mjs').Runtime} runtime @param {string} home @returns {NodeJS.ProcessEnv} */
function environment(plan, runtime, home) {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, ...runtimeEnvironment(runtime) }
  for (const name of Object.keys(env)) if (/^npm_|^INIT_CWD$|^ERASURE_DESK_VIEW$/.test(name)) delete env[name]
  env.ERASURE_DESK_KEYCHAIN = plan.keychain
  env.ERASURE_DESK_DISPLAY = plan.display
  env.LANG ??= 'C.UTF-8'
  if (plan.home === 'theirs') return env

  const theirs = /^(XDG_.*|DBUS_.*|GNOME_KEYRING_.*|SSH_AUTH_SOCK|SUDO_.*|MAIL|USERNAME)$/
  for (const name of Object.keys(env)) if (theirs.test(name)) delete env[name]
  if (plan.display === 'virtual') for (const name of ['WAYLAND_DISPLAY', 'DISPLAY', 'XAUTHORITY']) delete env[name]
  else env.XAUTHORITY ??= path.join(homedir(), '.Xauthority')
  Object.assign(env, { HOME: home, XDG_RUNTIME_DIR: `${home}/run`, TMPDIR: `${home}/tmp` })
  if (plan.otherUser)
    Object.assign(env, { USER: unprivilegedUser().name, LOGNAME: unprivilegedUser().name, SHELL: '/bin/sh' })
  // Without a bus named, libraries would look for the bus of the session that started this.
  if (plan.keychain !== 'own') env.DBUS_SESSION_BUS_ADDRESS = 'unix:path=/nonexistent'
  return env
}

/** How `require('electron')`, Playwright and electron-vite find the runtime. @param {import('./setup/place.mjs').Runtime} runtime */
function runtimeEnvironment(runtime) {
  return {
    PATH: [path.join(projectFolder, 'node_modules/.bin'), process.env.PATH].join(path.delimiter),
    ERASURE_DESK_RUNTIME_KIND: runtime.kind,
    ERASURE_DESK_ELECTRON_VERSION: runtime.version,
    ELECTRON_EXEC_PATH: runtime.executable,
    ...(runtime.kind === 'fallback' ? { ELECTRON_OVERRIDE_DIST_PATH: runtime.folder } : {}),
  }
}

/** Root's display is open to root; its cookie, copied, opens it to the user that stands in. @param {NodeJS.ProcessEnv} env @param {string} folder @param {Identity | undefined} identity */
function lendDisplayCookie(env, folder, identity) {
  const source = env.XAUTHORITY
  if (source === undefined || identity === undefined || !existsSync(source)) return
  const target = `${folder}/run/display-cookie`
  copyFileSync(source, target)
  chownSync(target, identity.uid, identity.gid)
  env.XAUTHORITY = target
}

/**
 * For hot reload as root: the bundler stays root, since it writes into the checkout; Electron alone changes user.
 * @param {import('./setup/place.mjs').Runtime} runtime @param {NodeJS.ProcessEnv} env @param {Identity} identity
 */
function wrapper(runtime, env, identity) {
  const folder = path.join(projectFolder, 'node_modules/.cache')
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, 'electron-as-user')
  const names = [
    'HOME',
    'XDG_RUNTIME_DIR',
    'TMPDIR',
    'USER',
    'LOGNAME',
    'DISPLAY',
    'XAUTHORITY',
    'DBUS_SESSION_BUS_ADDRESS',
  ]
  const settings = names.filter((name) => env[name] !== undefined).map((name) => `${name}=${quote(env[name] ?? '')}`)
  const user = `--reuid ${identity.uid} --regid ${identity.gid} --clear-groups`
  writeFileSync(file, `#!/bin/sh\nexec setpriv ${user} env ${settings.join(' ')} ${quote(runtime.executable)} "$@"\n`, {
    mode: 0o755,
  })
  return file
}

/** @param {string} text */
function quote(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** @param {string} words @returns {number} the exit code */
function refuse(words) {
  process.stderr.write(`${words}\n`)
  return 1
}
