// node_modules, in step with the lock file, and the Node that every npm script runs on.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { projectFolder, readJson } from './place.mjs'
import { npm, run, say } from './command.mjs'

const modules = path.join(projectFolder, 'node_modules')
const nodePackage = path.join(modules, 'node')
/** Node 24, as npm delivers it: some tools refuse the older Node that may have started set-up. */
export const nodeExecutable = path.join(nodePackage, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** Installs exactly what package-lock.json names, unless it is there already. */
export async function installDependencies() {
  if (!inStepWithLock()) {
    say('npm packages, as package-lock.json names them: the app’s libraries and the tools that build and test it')
    const { command, args } = npm()
    await run('npm ci', command, [...args, 'ci', '--no-audit', '--no-fund'], { cwd: projectFolder })
  }
  if (!existsSync(nodeExecutable)) {
    // npm versions that hold back install scripts leave this one undone.
    say('Node 24 from npm: every script of this project runs on it, whatever Node the machine has')
    await run('Installing Node 24', process.execPath, ['installArchSpecificPackage.js'], { cwd: nodePackage })
  }
}

/** Every package the lock file names for this machine lies in node_modules in the same version. */
function inStepWithLock() {
  const locked = readJson(path.join(projectFolder, 'package-lock.json'))?.packages
  const present = readJson(path.join(modules, '.package-lock.json'))?.packages
  if (locked === undefined || present === undefined) return false
  return Object.entries(locked).every(([place, wanted]) => {
    if (place === '' || wanted.optional === true || wanted.devOptional === true) return true
    return present[place]?.version === wanted.version
  })
}
