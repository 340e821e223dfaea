import path from 'node:path'
import { defineConfig } from 'electron-vite'
import react from '@vitejs/plugin-react'
import { licences } from './scripts/build/licences.ts'

/** The older of the two runtimes the output runs on (Electron 33); the newer one (Electron 45) runs it as well. */
const oldestNode = 'node20.18'
const oldestChromium = 'chrome130'

export default defineConfig({
  main: {
    plugins: [licences()],
    build: {
      target: oldestNode,
      minify: false,
      // What package.json lists as `dependencies` has native parts and stays outside; everything else is bundled.
      externalizeDeps: true,
      rolldownOptions: {
        input: {
          index: 'src/main/index.ts',
          'database-worker': 'src/main/adapters/database/worker.ts',
          'csv-worker': 'src/main/adapters/csv/worker.ts',
          sandbox: 'src/sandbox/index.ts',
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    plugins: [licences()],
    build: {
      target: oldestNode,
      minify: false,
      // A sandboxed preload can require nothing but electron: one CommonJS file holds all of it.
      externalizeDeps: false,
      isolatedEntries: true,
      rolldownOptions: {
        input: { index: 'src/preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react(), licences()],
    build: {
      target: oldestChromium,
      minify: true,
      // The content security policy allows neither data: URLs nor inline scripts.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: path.join(import.meta.dirname, 'src/renderer/index.html') },
    },
  },
})
