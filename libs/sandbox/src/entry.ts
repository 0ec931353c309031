import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What an executor process runs. */
export interface ExecutorEntry {
  /** Absolute path of the module: `executor-main.ts`, or a bundle of it. */
  path: string
  /** Node options that it needs. */
  nodeArgs?: string[]
  /** Absolute path of the folder of the scripts that run in an isolate, that of a bundle by default; those that are not there are made. */
  scripts?: string
  /** Files and directories that it may read beside itself, its imports for one. None for a bundle. */
  readable?: string[]
}

/**
 * The entry that lies beside a module: `executor.mjs`, a bundle, as applications and the published package have it; else, in this
 * library, `executor-main`, which loads its imports from the workspace or the `node_modules` folder that this library lies in.
 */
export function entryBeside (moduleUrl: string): ExecutorEntry {
  const beside = (relative: string) => fileURLToPath(new URL(relative, moduleUrl))
  if (moduleUrl.endsWith('.mjs') || (moduleUrl.endsWith('.js') && existsSync(beside('./executor.mjs')))) return { path: beside('./executor.mjs') }
  const readable = [beside('../../..')]
  if (moduleUrl.endsWith('.ts')) return { path: beside('./executor-main.ts'), nodeArgs: ['--conditions=@ipfs-mapreduce/source'], readable }
  return { path: beside('./executor-main.js'), readable }
}
