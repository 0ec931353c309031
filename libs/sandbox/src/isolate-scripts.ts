import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ExecutorEntry } from './entry.ts'
import { ISOLATE_SCRIPTS, scriptSettings } from './script-settings.ts'
import type { IsolateScript } from './script-settings.ts'

/** The paths of the scripts that run in an isolate. */
export type ScriptPaths = Record<IsolateScript, string>

/** What a script is called, beside a bundle of the executor or where it is made. */
export function scriptFile (name: IsolateScript): string {
  return `${name}.js`
}

/** Where the scripts lie that an executor runs. What was not shipped is bundled from this library, into `directory`. */
export async function isolateScripts (entry: ExecutorEntry, directory: string): Promise<ScriptPaths> {
  const paths = await Promise.all(ISOLATE_SCRIPTS.map(async name => [name, await scriptPath(name, entry, directory)]))
  return Object.fromEntries(paths) as ScriptPaths
}

async function scriptPath (name: IsolateScript, entry: ExecutorEntry, directory: string): Promise<string> {
  const shipped = join(entry.scripts ?? dirname(entry.path), scriptFile(name))
  if (existsSync(shipped)) return shipped
  const made = join(directory, scriptFile(name))
  const source = fileURLToPath(new URL(`./isolate/${name}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url))
  const { build } = await import('esbuild')
  const { outputFiles } = await build({ ...scriptSettings(source), write: false })
  await writeFile(made, outputFiles[0]!.contents)
  return made
}
