import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: { target: 'chrome130', assetsInlineLimit: 0, outDir: '../../../out/preview', emptyOutDir: true },
  server: { fs: { allow: ['../../..'] } },
})
