import { readFile } from 'node:fs/promises'
import { SourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'
import { ROOT } from '../layout.ts'

/** Of V8's profile (https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile) what is read here. */
export interface CpuProfile {
  nodes: Array<{ id: number, callFrame: { functionName: string, url: string, lineNumber: number, columnNumber: number } }>
  samples: number[]
  /** Microseconds. */
  timeDeltas: number[]
}

export interface HotFunction {
  name: string
  /** `libs/…/file.ts:12`, or a part of Node; empty for V8's own. */
  place: string
  selfSeconds: number
}

export interface Hottest {
  /** Without what was idle. */
  busySeconds: number
  functions: HotFunction[]
}

const IDLE = new Set(['(idle)', '(root)'])
/** Who makes the profile is no part of it. */
const PROFILER = 'node:inspector'
const MICROSECONDS = 1_000_000

/** The functions of a profile by their own time, without what they call; bundled ones under the names of their sources. */
export async function hottest (profile: CpuProfile): Promise<Hottest> {
  const nodes = new Map(profile.nodes.map(node => [node.id, node.callFrame]))
  const byFunction = new Map<string, HotFunction>()
  const places = new Places()
  let busySeconds = 0
  for (const [n, id] of profile.samples.entries()) {
    const frame = nodes.get(id)!
    const seconds = (profile.timeDeltas[n] ?? 0) / MICROSECONDS
    if (IDLE.has(frame.functionName) || frame.url === PROFILER) continue
    busySeconds += seconds
    const key = `${frame.functionName} ${frame.url} ${frame.lineNumber} ${frame.columnNumber}`
    const known = byFunction.get(key)
    if (known === undefined) byFunction.set(key, { name: frame.functionName === '' ? '(anonymous)' : frame.functionName, place: await places.of(frame), selfSeconds: seconds })
    else known.selfSeconds += seconds
  }
  return { busySeconds, functions: [...byFunction.values()].sort((a, b) => b.selfSeconds - a.selfSeconds) }
}

/** Seconds by the library or package that a function is of; Node's own and V8's as `node` and `v8`. Most first. */
export function byPackage (functions: readonly HotFunction[]): Array<[name: string, seconds: number]> {
  const seconds = new Map<string, number>()
  for (const { place, selfSeconds } of functions) {
    const name = packageOf(place)
    seconds.set(name, (seconds.get(name) ?? 0) + selfSeconds)
  }
  return [...seconds].sort(([, a], [, b]) => b - a)
}

function packageOf (place: string): string {
  if (place === '') return 'v8'
  if (place.startsWith('node:')) return 'node'
  const [first = '', second = ''] = place.split('/')
  return ['apps', 'libs', 'tools'].includes(first) || first.startsWith('@') ? `${first}/${second}` : first
}

/** Where functions are written, through the source maps that lie beside bundles. */
class Places {
  readonly #maps = new Map<string, SourceMap | undefined>()

  async of ({ url, lineNumber, columnNumber }: CpuProfile['nodes'][number]['callFrame']): Promise<string> {
    if (!url.startsWith('file:')) return url === '' ? '' : `${url}:${lineNumber + 1}`
    const entry = (await this.#mapOf(url))?.findEntry(lineNumber, columnNumber)
    if (entry !== undefined && 'originalSource' in entry) return `${below(new URL(entry.originalSource, url).href)}:${entry.originalLine + 1}`
    return `${below(url)}:${lineNumber + 1}`
  }

  async #mapOf (url: string): Promise<SourceMap | undefined> {
    if (!this.#maps.has(url)) this.#maps.set(url, url.endsWith('.mjs') ? await readMap(`${fileURLToPath(url)}.map`) : undefined)
    return this.#maps.get(url)
  }
}

function below (url: string): string {
  return fileURLToPath(url).replace(ROOT, '').replace(/^node_modules\//, '')
}

async function readMap (path: string): Promise<SourceMap | undefined> {
  try {
    return new SourceMap(JSON.parse(await readFile(path, 'utf8')) as ConstructorParameters<typeof SourceMap>[0])
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
