// Makes a clean clone ready to run: `npm run setup`. Plain Node 20 or newer, no packages; may be run as often as wanted.
//
//   --retry-official             try Electron's official binary again, even where it failed within the last day
//   ERASURE_DESK_RUNTIME=official|fallback   insist on one of the two
//   ERASURE_DESK_CACHE=DIR       where the runtime and the compiled add-on are kept
import { SetupFailure, say } from './setup/command.mjs'
import { installPackagesForRunning } from './setup/debian.mjs'
import { installDependencies } from './setup/dependencies.mjs'
import { forgetOfficialFailure, installElectron } from './setup/electron.mjs'
import { installSqlite } from './setup/sqlite.mjs'
import { makeUnprivilegedUser } from './setup/user.mjs'

const started = Date.now()
process.umask(0o022)
try {
  if (Number.parseInt(process.versions.node, 10) < 20) {
    throw new SetupFailure(`Node ${process.versions.node} is too old. Nothing was changed. Install Node 20 or newer.`)
  }
  if (process.argv.includes('--retry-official')) forgetOfficialFailure()
  await installPackagesForRunning()
  await installDependencies()
  const runtime = await installElectron({ wanted: process.env.ERASURE_DESK_RUNTIME })
  await installSqlite(runtime)
  await makeUnprivilegedUser()
  say(`ready after ${((Date.now() - started) / 1000).toFixed(1)} s`)
} catch (error) {
  if (!(error instanceof SetupFailure)) throw error
  process.stderr.write(`set-up stopped: ${error.message}\n`)
  process.exitCode = 1
}
