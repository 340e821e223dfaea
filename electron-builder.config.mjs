// The packaged app. scripts/package.mjs says which Electron goes in.
import { readRuntime } from './scripts/setup/place.mjs'

const runtime = readRuntime()
if (runtime === undefined) throw new Error('Set-up has not run here yet. Run: npm run setup')

/** @type {import('electron-builder').Configuration} */
export default {
  appId: 'app.erasuredesk',
  productName: 'Erasure Desk',
  executableName: 'erasure-desk',
  directories: { output: 'dist' },
  electronDist: runtime.folder,
  electronVersion: runtime.version,
  npmRebuild: false,
  asar: true,
  asarUnpack: ['**/*.node'],
  files: [
    'out/**',
    'package.json',
    // Of the two libraries with native parts: their JavaScript, and the one binary of this platform.
    '!node_modules/node-addon-api/**',
    '!node_modules/better-sqlite3/{deps,src,build}/**',
    '!node_modules/better-sqlite3/prebuilds/!(${platform}-${arch}.node)',
    '!node_modules/keytar/{src,script,build}/**',
    '!node_modules/keytar/prebuilds/!(${platform}-${arch})/**',
    '!**/{binding.gyp,README.md,*.d.ts,*.map,*.original}',
  ],
  electronFuses: {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    grantFileProtocolExtraPrivileges: false,
    enableCookieEncryption: true,
    onlyLoadAppFromAsar: true,
    enableEmbeddedAsarIntegrityValidation: process.platform !== 'linux',
    loadBrowserProcessSpecificV8Snapshot: false,
  },
  linux: { target: 'dir', category: 'Office' },
  mac: { target: 'dir', category: 'public.app-category.business' },
  win: { target: 'dir' },
}
