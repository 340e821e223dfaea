// The packaged app, out of what `npm run build` left in out/: the folder that is shipped, and a copy that the tests may
// drive. The two differ by one fuse: Playwright steers the copy through Node's inspector, which the shipped app refuses.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses'
import { packagedExecutable, packageFolder, testPackageFolder } from './packaged.mjs'
import { projectFolder, readRuntime } from './setup/place.mjs'

process.umask(0o022)
process.exitCode = await main()

/** @returns {Promise<number>} the exit code */
async function main() {
  if (!existsSync(path.join(projectFolder, 'out/main/index.js'))) {
    process.stderr.write('There is nothing to package: out/ is missing. Nothing was changed. Run: npm run build\n')
    return 1
  }
  for (const folder of [packageFolder, testPackageFolder]) rmSync(folder, { recursive: true, force: true })
  const builder = path.join(projectFolder, 'node_modules/electron-builder/cli.js')
  const built = spawnSync(
    process.execPath,
    [builder, '--dir', '--config', 'electron-builder.config.mjs', '--publish', 'never'],
    {
      cwd: projectFolder,
      stdio: 'inherit',
    },
  )
  if (built.status !== 0) return built.status ?? 1

  cpSync(packageFolder, testPackageFolder, { recursive: true, verbatimSymlinks: true })
  await flipFuses(packagedExecutable(testPackageFolder), {
    version: FuseVersion.V1,
    resetAdHocDarwinSignature: process.platform === 'darwin',
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  })
  process.stdout.write(`packaged: ${packageFolder} (Electron ${readRuntime()?.version})\n`)
  process.stdout.write(`for the tests: ${testPackageFolder}\n`)
  return 0
}
