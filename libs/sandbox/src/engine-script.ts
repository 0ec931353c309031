import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { engineSettings } from './engine-settings.ts'
import type { ExecutorEntry } from './entry.ts'

/** What the engine's script is called, beside a bundle of the executor or where it is made. */
export const ENGINE_SCRIPT = 'engine.js'

/** The path of the engine's script that an executor runs. Where it was not shipped it is bundled from this library, into `directory`. */
export async function engineScript (entry: ExecutorEntry, directory: string): Promise<string> {
  const shipped = entry.engine ?? join(dirname(entry.path), ENGINE_SCRIPT)
  if (existsSync(shipped)) return shipped
  const made = join(directory, ENGINE_SCRIPT)
  const source = fileURLToPath(new URL(`./isolate/engine${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url))
  const { build } = await import('esbuild')
  const { outputFiles } = await build({ ...engineSettings(source), write: false })
  await writeFile(made, outputFiles[0]!.contents)
  return made
}
