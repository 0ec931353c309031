import { join } from 'node:path'
import { build } from 'esbuild'
import { ROOT } from '../layout.ts'

/** Below the workspace, whose native modules the bundles load. */
const DIRECTORY = join(ROOT, 'tools/benchmark/dist')

/** Bundles a script of the benchmark, so that it starts as fast as a program that ships; returns the path. */
export async function bundleScript (script: string): Promise<string> {
  const outfile = join(DIRECTORY, `${script.replaceAll('/', '-').replace(/\.ts$/, '')}.mjs`)
  await build({
    entryPoints: [join(ROOT, 'tools/benchmark', script)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    conditions: ['@ipfs-mapreduce/source'],
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
    external: ['*.node', 'classic-level', 'node-datachannel', 'esbuild', 'isolated-vm'],
    logLevel: 'silent'
  })
  return outfile
}
