// The SQLite add-on, compiled for Node-API 9 where the runtime is older than its prebuilt file asks for.
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { cacheFolder, projectFolder, readJson } from './place.mjs'
import { npm, run, say } from './command.mjs'
import { installPackagesForTheFallback } from './debian.mjs'

/** @import { Runtime } from './place.mjs' */

const modules = path.join(projectFolder, 'node_modules')
const sqlitePackage = path.join(modules, 'better-sqlite3')
/** Where the package looks first. */
const prebuilt = path.join(sqlitePackage, `prebuilds/${process.platform}-${process.arch}.node`)
/** The package's own file, kept aside while the compiled one lies in its place. */
const original = `${prebuilt}.original`
const nodeApi = 9
/** The prebuilt file asks for Node-API 10, which Electron has from this version on. */
const firstElectronWithNodeApi10 = 35
const recipe = 1

/** Puts the add-on in place that this runtime can load. @param {Runtime} runtime */
export async function installSqlite(runtime) {
  if (Number.parseInt(runtime.version, 10) >= firstElectronWithNodeApi10) {
    if (existsSync(original)) renameSync(original, prebuilt)
    return
  }
  const { version } = readJson(path.join(sqlitePackage, 'package.json'))
  const compiled = path.join(
    cacheFolder,
    `better-sqlite3-multiple-ciphers-${version}-napi${nodeApi}-${process.platform}-${process.arch}-${recipe}.node`,
  )
  if (!existsSync(compiled)) await compile(compiled)
  if (sameContent(compiled, prebuilt)) return
  if (!existsSync(original)) copyFileSync(prebuilt, original)
  const beside = `${prebuilt}.${process.pid}`
  copyFileSync(compiled, beside)
  renameSync(beside, prebuilt)
}

/** @param {string} target */
async function compile(target) {
  await installPackagesForTheFallback()
  say(
    `SQLite with encryption, compiled for Node-API ${nodeApi} (about a minute): the prebuilt one needs a newer Electron`,
  )
  mkdirSync(cacheFolder, { recursive: true })
  const work = mkdtempSync(path.join(cacheFolder, 'making-sqlite-'))
  try {
    // A copy, so that node_modules stays as npm left it; -include names a file without blanks in its path.
    const source = path.join(work, 'node_modules/better-sqlite3')
    cpSync(sqlitePackage, source, {
      recursive: true,
      filter: (file) => !file.endsWith('.node') && !file.endsWith('.original'),
    })
    cpSync(path.join(modules, 'node-addon-api'), path.join(work, 'node_modules/node-addon-api'), { recursive: true })
    const header = path.join(work, 'napi9-boxed-reference.hpp')
    copyFileSync(path.join(projectFolder, 'scripts/runtime/napi9-boxed-reference.hpp'), header)
    const gyp = path.join(modules, 'node-gyp/bin/node-gyp.js')
    const args = ['rebuild', '--force_build=1', '--release', `--nodedir=${await nodeHeaders(work)}`]
    await run('Compiling SQLite', process.execPath, [gyp, ...args], {
      cwd: source,
      env: {
        ...process.env,
        JOBS: 'max',
        CXXFLAGS: `-UNAPI_VERSION -DNAPI_VERSION=${nodeApi} -include ${header}`,
      },
    })
    await run('Making SQLite readable', 'chmod', ['0644', path.join(source, 'build/Release/better_sqlite3.node')])
    renameSync(path.join(source, 'build/Release/better_sqlite3.node'), target)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/**
 * A folder with include/node: npm's package of Node has the headers, so node-gyp need not download them.
 * @param {string} work
 */
async function nodeHeaders(work) {
  const { version } = readJson(path.join(modules, 'node/package.json'))
  const name = `node-${process.platform}-${process.arch}`
  const { command, args } = npm()
  await run('npm pack', command, [...args, 'pack', '--silent', `${name}@${version}`], { cwd: work })
  await run('Unpacking the headers', 'tar', [
    '-xzf',
    path.join(work, `${name}-${version}.tgz`),
    '-C',
    work,
    'package/include',
  ])
  return path.join(work, 'package')
}

/** @param {string} one @param {string} other */
function sameContent(one, other) {
  return existsSync(other) && readFileSync(one).equals(readFileSync(other))
}
