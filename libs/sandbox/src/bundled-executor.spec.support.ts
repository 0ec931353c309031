import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from '@jest/globals'
import { build } from 'esbuild'
import type { ExecutorEntry } from './entry.ts'
import { scriptFile } from './isolate-scripts.ts'
import { ISOLATE_SCRIPTS, scriptSettings } from './script-settings.ts'

/**
 * The executor as apps ship it, made before a suite's tests and removed after them: it starts several times faster
 * than its sources.
 */
export function bundledExecutor (): { readonly entry: ExecutorEntry } {
  const bundled = { entry: { path: '' } }
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'executor-'))
    bundled.entry.path = join(folder, 'executor.mjs')
    const entryPoints = [fileURLToPath(new URL('./executor-main.ts', import.meta.url))]
    await Promise.all([
      build({ entryPoints, outfile: bundled.entry.path, bundle: true, platform: 'node', format: 'esm', target: 'node24', conditions: ['@ipfs-mapreduce/source'], logLevel: 'silent' }),
      ...ISOLATE_SCRIPTS.map(name => build({ ...scriptSettings(fileURLToPath(new URL(`./isolate/${name}.ts`, import.meta.url))), outfile: join(folder, scriptFile(name)) }))
    ])
  })
  afterAll(() => { rmSync(folder, { recursive: true }) })
  return bundled
}
