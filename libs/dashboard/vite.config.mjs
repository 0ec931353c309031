import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

/** The page is built by tools/build/bundle.mjs into the master's bundle, which adds the drawings of the machines; names without hashes, because files are asked for anew by ETag. */
export default defineConfig({
  root: fileURLToPath(new URL('page', import.meta.url)),
  publicDir: false,
  base: './',
  logLevel: 'error',
  resolve: { conditions: ['@ipfs-mapreduce/source', 'module', 'browser'] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2023',
    modulePreload: false,
    // A data: URL would need a hole in the content security policy.
    assetsInlineLimit: 0,
    rolldownOptions: { output: { entryFileNames: 'page.js', chunkFileNames: '[name].js', assetFileNames: '[name][extname]' } }
  }
})
