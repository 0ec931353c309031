import { execFile } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { PublicPackage } from './packages.ts'

const run = promisify(execFile)

/** A package as it would be uploaded. */
export interface Tarball {
  name: string
  /** Absolute path. */
  path: string
  /** Paths of its files, relative to the package. */
  files: string[]
  /** Bytes of the archive. */
  bytes: number
}

interface Packed { name: string, filename: string, size: number, files: Array<{ path: string }> }

/** Compiles the packages from nothing, and packs them into a directory. Rejects with what the compiler or npm says. */
export async function pack (root: string, packages: PublicPackage[], directory: string): Promise<Tarball[]> {
  for (const { folder } of packages) rmSync(join(folder, 'dist'), { recursive: true, force: true })
  await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', ...packages.map(({ folder }) => folder)], { cwd: root }).catch((error: Error & { stdout?: string }) => { throw new Error(`tsc: ${error.stdout ?? error.message}`) })
  await run(process.execPath, [join(root, 'tools/build/bundle.mjs'), '--executor', join(root, 'libs/sandbox/dist')])
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', directory, ...packages.map(({ folder }) => folder)], { cwd: root })
  return (JSON.parse(stdout) as Packed[]).map(({ name, filename, size, files }) => ({ name, path: join(directory, filename), bytes: size, files: files.map(({ path }) => path) }))
}

/** What does not belong into a tarball, or is missing from it. */
export function tarballFaults ({ name, files }: Tarball): string[] {
  const needed = ['package.json', 'README.md', 'dist/index.js', 'dist/index.d.ts', ...name.endsWith('/sandbox') ? ['dist/executor.mjs', 'dist/engine.js', 'dist/realm.js'] : []]
  return [
    ...needed.filter(path => !files.includes(path)).map(path => `${name} has no ${path}`),
    ...files.filter(path => /\.spec\.|tsbuildinfo|test-results|jest\.config/.test(path)).map(path => `${name} has ${path}, which is of tests`)
  ]
}
