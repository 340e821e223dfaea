// Debian packages that Electron, a display, a keychain and the SQLite add-on need.
import { existsSync } from 'node:fs'
import { isLinux, isRoot } from './place.mjs'
import { output, run, say, SetupFailure, succeeds } from './command.mjs'

/**
 * Each: the names it goes by (newest release first), and why it is needed.
 * @type {readonly { readonly names: readonly string[], readonly why: string }[]}
 */
const forRunning = [
  { names: ['xvfb'], why: 'a display for the tests, and for the demo where there is none' },
  { names: ['dbus'], why: 'the bus on which the keychain is reached' },
  { names: ['gnome-keyring'], why: 'a real keychain for the tests, and for the demo where there is none' },
  { names: ['libsecret-1-0'], why: 'keychain access' },
  { names: ['libgtk-3-0t64', 'libgtk-3-0'], why: 'Electron' },
  { names: ['libnss3'], why: 'Electron' },
  { names: ['libasound2t64', 'libasound2'], why: 'Electron' },
  { names: ['libgbm1'], why: 'Electron' },
  { names: ['libxss1'], why: 'Electron' },
]

/** Only where Electron's official binary cannot be had. @type {typeof forRunning} */
const forTheFallback = [
  { names: ['unzip'], why: 'unpacks the fallback runtime' },
  { names: ['python3'], why: 'compiles SQLite for the fallback runtime' },
  { names: ['make'], why: 'compiles SQLite for the fallback runtime' },
  { names: ['g++'], why: 'compiles SQLite for the fallback runtime' },
]

/** What an app window, a display and a keychain need. */
export const installPackagesForRunning = () => install(forRunning)

/** What making the fallback runtime needs. */
export const installPackagesForTheFallback = () => install(forTheFallback)

/** @param {typeof forRunning} wanted */
async function install(wanted) {
  if (!isLinux || !existsSync('/usr/bin/dpkg-query')) return
  const installed = installedPackages(wanted.flatMap((each) => each.names))
  const missing = wanted.filter((each) => !each.names.some((name) => installed.has(name)))
  if (missing.length === 0) return

  const asRoot = isRoot ? [] : succeeds('sudo', ['-n', 'true']) ? ['sudo', '-n'] : undefined
  const apt = existsSync('/usr/bin/apt-get')
  if (asRoot === undefined || !apt) {
    const names = missing.map((each) => each.names.at(-1)).join(' ')
    const why = apt ? 'neither root nor a sudo without password is at hand' : 'there is no apt'
    say(`these packages are missing and ${why}; everything else goes on. To add them: sudo apt-get install ${names}`)
    return
  }
  for (const each of missing) say(`Debian package ${each.names.at(-1)}: ${each.why}`)
  const aptGet = (/** @type {readonly string[]} */ args) => {
    const [command = 'apt-get', ...rest] = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args]
    return run(`apt-get ${args[0]}`, command, rest)
  }
  await aptGet(['update', '-qq'])
  const names = missing.map((each) => each.names.find(canBeInstalled))
  const unknown = missing.filter((_, index) => names[index] === undefined)
  if (unknown.length > 0) {
    throw new SetupFailure(
      `The package sources of this machine have no ${unknown.map((each) => each.names.join(' or ')).join(', ')}. ` +
        'Nothing was changed. Add the distribution’s main section to its sources, then run set-up again.',
    )
  }
  await aptGet(['install', '-y', '-qq', '--no-install-recommends', ...names.filter((name) => name !== undefined)])
}

/** @param {readonly string[]} names @returns {Set<string>} */
function installedPackages(names) {
  // dpkg-query fails when one name is unknown, and prints the others all the same.
  const lines = outputEvenOnFailure(names)
  return new Set(lines.filter((line) => line.endsWith(' ii')).map((line) => line.slice(0, -3)))
}

/** @param {readonly string[]} names */
function outputEvenOnFailure(names) {
  const script = `dpkg-query -W -f='\${Package} \${db:Status-Abbrev}\\n' ${names.join(' ')} 2>/dev/null || true`
  return (output('sh', ['-c', script]) ?? '').split('\n').map((line) => line.trim())
}

/** A name with a version of its own; purely virtual names have none. @param {string} name */
function canBeInstalled(name) {
  return /Candidate: (?!\(none\))/.test(output('apt-cache', ['policy', name]) ?? '')
}
