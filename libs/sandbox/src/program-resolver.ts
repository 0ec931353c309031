import { realpathSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { dirname, isAbsolute, relative, sep } from 'node:path'
import type { OnResolveArgs, OnResolveResult, PartialMessage, Plugin, PluginBuild } from 'esbuild'
import { PROGRAM_API_NAME, PROGRAM_API_SOURCE } from './program-api.ts'

/** The files of a program. Esbuild writes `program:NAME` above each module's code. */
export const PROGRAM_NAMESPACE = 'program'
const API_NAMESPACE = 'api'
/** Marks the resolver's own questions to esbuild, which it must not answer itself. */
const ASKED = Symbol('asked by the resolver')

const BUILTIN = new Set(builtinModules)
const NODE_MODULES = 'node_modules/'

export interface Entry {
  /** File name of the program. */
  name: string
  source: string
  /** Absolute directory that its imports are relative to. */
  directory: string
}

/**
 * A file's name in a bundle, the same wherever the program lies: its path from the program's directory, or from
 * the first `node_modules` above it.
 */
function canonicalName (path: string, directory: string): string {
  const slashed = path.split(sep).join('/')
  const fromEntry = relative(directory, path).split(sep).join('/')
  const outside = fromEntry.startsWith('../') || isAbsolute(fromEntry)
  const at = slashed.indexOf(`/${NODE_MODULES}`)
  return outside && at !== -1 ? slashed.slice(at + 1) : fromEntry
}

function refusal (specifier: string, why: string): OnResolveResult {
  const error: PartialMessage = { text: `a program cannot import "${specifier}": ${why}` }
  return { errors: [error] }
}

/** Why an import that names no file cannot be bundled. */
function refused (specifier: string): OnResolveResult | undefined {
  if (specifier.startsWith('node:')) return refusal(specifier, 'Node\'s modules are not there where programs run')
  if (/^https?:/.test(specifier)) return refusal(specifier, 'install it as a package, or copy it beside the program')
  return undefined
}

/**
 * The esbuild plugin that finds a program's modules. It names them by `canonicalName`, so that a bundle has no trace
 * of the machine that made it, gives PROGRAM_API_NAME, and refuses what an executor does not have.
 */
export function programResolver (entry: Entry): Plugin {
  /** Real paths by canonical name. */
  const paths = new Map<string, string>()
  const entryDirectory = realpathSync(entry.directory)

  async function resolveFile (build: PluginBuild, { path, kind, importer, namespace, resolveDir, with: attributes }: OnResolveArgs): Promise<OnResolveResult> {
    const found = await build.resolve(path, { kind, importer: paths.get(importer) ?? importer, namespace: namespace === PROGRAM_NAMESPACE ? 'file' : namespace, resolveDir, with: attributes, pluginData: ASKED })
    if (found.errors.length > 0) {
      return BUILTIN.has(path.split('/')[0]!) ? refusal(path, 'Node\'s modules are not there where programs run') : found
    }
    if (found.external) return refusal(path, 'it is outside of the bundle')
    if (found.namespace !== 'file') return found
    const name = nameOf(found.path)
    return { path: name + found.suffix, namespace: PROGRAM_NAMESPACE, sideEffects: found.sideEffects, warnings: found.warnings }
  }

  /** Two files of one canonical name, say one package in two `node_modules` above, are told apart by a number. */
  function nameOf (path: string): string {
    const canonical = canonicalName(path, entryDirectory)
    let name = canonical
    for (let n = 2; paths.has(name) && paths.get(name) !== path; n++) name = canonical.replace(/(\.[^./]*)?$/, `#${n}$1`)
    paths.set(name, path)
    return name
  }

  return {
    name: 'program-resolver',
    setup (build) {
      build.onResolve({ filter: /.*/ }, args => {
        if (args.pluginData === ASKED) return undefined
        if (args.kind === 'entry-point') return { path: entry.name, namespace: PROGRAM_NAMESPACE }
        if (args.path === PROGRAM_API_NAME) return { path: 'mapreduce', namespace: API_NAMESPACE, sideEffects: false }
        return refused(args.path) ?? resolveFile(build, args)
      })
      build.onLoad({ filter: /.*/, namespace: API_NAMESPACE }, () => ({ contents: PROGRAM_API_SOURCE, loader: 'js' }))
      build.onLoad({ filter: /.*/, namespace: PROGRAM_NAMESPACE }, async ({ path }) => {
        if (path === entry.name) return { contents: entry.source, loader: 'default', resolveDir: entryDirectory }
        const real = paths.get(path)!
        return { contents: await readFile(real), loader: 'default', resolveDir: dirname(real) }
      })
    }
  }
}
