// Where the packaged app lies.
import path from 'node:path'
import { projectFolder } from './setup/place.mjs'

const folderName = { darwin: `mac${process.arch === 'arm64' ? '-arm64' : ''}`, win32: 'win-unpacked' }
const executableName = { darwin: 'Erasure Desk.app/Contents/MacOS/Erasure Desk', win32: 'erasure-desk.exe' }
const name = forPlatform(folderName, `linux${process.arch === 'x64' ? '' : `-${process.arch}`}-unpacked`)

/** As it is shipped. */
export const packageFolder = path.join(projectFolder, 'dist', name)

/** The same, but for the fuse that lets tests drive it. */
export const testPackageFolder = path.join(projectFolder, 'dist/test', name)

/** @param {string} folder one of the two above */
export function packagedExecutable(folder) {
  return path.join(folder, forPlatform(executableName, 'erasure-desk'))
}

/** @param {{ darwin: string, win32: string }} special @param {string} other */
function forPlatform(special, other) {
  return process.platform === 'darwin' || process.platform === 'win32' ? special[process.platform] : other
}
