import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { CANDIDATES } from './stores/candidates.ts'

const run = promisify(execFile)
const CHILD = fileURLToPath(new URL('./stores/child.ts', import.meta.url))
const NODE = ['--conditions=@ipfs-mapreduce/source', '--disable-warning=ExperimentalWarning', CHILD]
const KIB = 1024
const MIB = 1024 * KIB
const HELP = `node --conditions=@ipfs-mapreduce/source tools/benchmark/stores.ts [--modules FOLDER] [--rounds 5] [--only NAME,NAME]
  [--steps speed,start,kill] [--start-blocks 100000] [--kills 5] [--json FILE]

Stores of blocks side by side, each step in a process of its own, in turn: put, get, delete, bytes on disk, memory, start with
many blocks, and what a kill -9 in the middle of puts leaves. What the project does not use (lmdb) is taken from
FOLDER/node_modules, and left out where that does not have it. Needs 1.5 GB of the temporary folder's disk.`

/** 64 MiB at a time: what two splits in flight are. Small blocks: the nodes above them, and small files. */
const SIZES = [{ blockBytes: 4 * KIB, count: 4096 }, { blockBytes: 256 * KIB, count: 256 }, { blockBytes: MIB, count: 64 }]
/** Blocks with which start is measured are small: it is their number that counts. */
const START_BLOCK_BYTES = KIB
const CRASH = { blockBytes: 256 * KIB, count: 2000, killedAfter: 100 }

interface Speed { ms: number, cpuMs: number }
interface SpeedOf { put: Speed, get: Speed, again: Speed, delete: Speed, diskBytes: number, leftBytes: number, grownBytes: number }
interface StartOf { firstMs: number, totalMs: number, grownBytes: number }
interface KillOf { acknowledged: number, lost: number, damaged: number, spareBytes: number }
interface Result {
  name: string
  speed: Array<{ blockBytes: number, rounds: SpeedOf[] }>
  start: StartOf[]
  kills: KillOf[]
}

const { values } = parseArgs({
  options: {
    modules: { type: 'string' }, rounds: { type: 'string', default: '5' }, only: { type: 'string' }, steps: { type: 'string', default: 'speed,start,kill' }, kills: { type: 'string', default: '5' },
    'start-blocks': { type: 'string', default: '100000' }, json: { type: 'string' }, help: { type: 'boolean', default: false }
  }
})
if (values.help) {
  process.stdout.write(`${HELP}\n`)
  process.exit(0)
}
const rounds = Number(values.rounds)
const kills = Number(values.kills)
const steps = new Set(values.steps.split(','))
const startBlocks = Number(values['start-blocks'])
const home = await mkdtemp(join(tmpdir(), 'ipmr-stores-'))
try {
  await main()
} finally {
  await rm(home, { recursive: true, force: true })
}

async function main (): Promise<void> {
  const names = await usable(values.only?.split(',') ?? Object.keys(CANDIDATES))
  const results: Result[] = names.map(name => ({ name, speed: SIZES.map(({ blockBytes }) => ({ blockBytes, rounds: [] })), start: [], kills: [] }))
  for (let round = 0; round < rounds && steps.has('speed'); round++) {
    for (const [at, { blockBytes, count }] of SIZES.entries()) {
      for (const { name, speed } of results) speed[at]!.rounds.push(await fresh(directory => child<SpeedOf>(name, 'speed', directory, blockBytes, count)))
    }
  }
  for (const { name, start } of results) {
    if (steps.has('start')) start.push(...await fresh(directory => starts(name, directory)))
  }
  for (let kill = 0; kill < kills && steps.has('kill'); kill++) for (const result of results) result.kills.push(await fresh(directory => killed(result.name, directory)))
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify(results))
  const { type } = await statfs(home)
  say(`${cpus().length} cores (${cpus()[0]!.model.trim()}), Node ${process.version}, file system type 0x${type.toString(16)}; medians of ${rounds} rounds\n`)
  if (steps.has('speed')) for (const [at, { blockBytes, count }] of SIZES.entries()) sayTable(`${count} blocks of ${blockBytes / KIB} KiB, 8 at once; µs for each block (of processor time)`, results.map(result => speedRow(result, at)))
  if (steps.has('start')) sayTable(`Start with ${startBlocks} blocks of ${START_BLOCK_BYTES / KIB} KiB`, results.map(startRow))
  if (steps.has('kill')) sayTable(`kill -9 in the middle of puts of ${CRASH.blockBytes / KIB} KiB, ${kills} times`, results.map(killRow))
}

/** Those whose modules are installed; says which are not. */
async function usable (names: string[]): Promise<string[]> {
  const found: string[] = []
  for (const name of names) {
    try {
      await fresh(directory => child(name, 'fill', directory, KIB, 1))
      found.push(name)
    } catch (error) {
      say(`${name} is left out: ${/Error: (?!Command failed).*/.exec(String(error))?.[0] ?? String(error)}`)
    }
  }
  return found
}

async function fresh<T> (work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(home, 'store-'))
  try {
    return await work(directory)
  } finally {
    await rm(directory, { recursive: true })
  }
}

function argsOf (name: string, step: string, directory: string, blockBytes: number, count: number): string[] {
  return [...NODE, '--name', name, '--step', step, '--directory', directory, '--bytes', String(blockBytes), '--count', String(count), ...values.modules === undefined ? [] : ['--modules', values.modules]]
}

async function child<T> (name: string, step: string, directory: string, blockBytes: number, count: number): Promise<T> {
  const { stdout } = await run(process.execPath, argsOf(name, step, directory, blockBytes, count), { maxBuffer: 64 * MIB })
  return JSON.parse(stdout) as T
}

async function starts (name: string, directory: string): Promise<StartOf[]> {
  await child(name, 'fill', directory, START_BLOCK_BYTES, startBlocks)
  const found: StartOf[] = []
  for (let round = 0; round < rounds; round++) found.push(await child<StartOf>(name, 'start', directory, START_BLOCK_BYTES, startBlocks))
  return found
}

/** Kills a process that puts, and looks at what is there. A put that was acknowledged is to be found; what is found is to be whole. */
async function killed (name: string, directory: string): Promise<KillOf> {
  const { blockBytes, count, killedAfter } = CRASH
  const writer = spawn(process.execPath, argsOf(name, 'crash', directory, blockBytes, count), { stdio: ['ignore', 'pipe', 'inherit'] })
  const acknowledged: number[] = []
  for await (const line of createInterface(writer.stdout)) {
    acknowledged.push(Number(line))
    if (acknowledged.length === killedAfter) writer.kill('SIGKILL')
  }
  const { found, damaged, diskBytes } = await child<{ found: number[], damaged: number, diskBytes: number }>(name, 'verify', directory, blockBytes, count)
  const there = new Set(found)
  return { acknowledged: acknowledged.length, lost: acknowledged.filter(index => !there.has(index)).length, damaged, spareBytes: diskBytes - found.length * blockBytes }
}

type Row = Record<string, string>

function speedRow ({ name, speed }: Result, at: number): Row {
  const of = speed[at]!.rounds
  const time = (step: 'put' | 'get' | 'again' | 'delete'): string => `${micro(of.map(each => each[step].ms))} (${micro(of.map(each => each[step].cpuMs))})`
  return {
    store: name, put: time('put'), 'first get': time('get'), 'get again': time('again'), delete: time('delete'),
    'MiB on disk': mib(of.map(each => each.diskBytes)), 'left when empty': mib(of.map(each => each.leftBytes)), 'memory, MiB': mib(of.map(each => each.grownBytes))
  }
}

function startRow ({ name, start }: Result): Row {
  return {
    store: name, 'to the first block, ms': median(start.map(each => each.firstMs)).toFixed(0), 'to the sizes of all, ms': median(start.map(each => each.totalMs)).toFixed(0),
    'memory, MiB': mib(start.map(each => each.grownBytes))
  }
}

function killRow ({ name, kills }: Result): Row {
  const sum = (of: (kill: KillOf) => number): string => String(kills.reduce((total, kill) => total + of(kill), 0))
  return { store: name, 'puts acknowledged': sum(kill => kill.acknowledged), 'of them lost': sum(kill => kill.lost), damaged: sum(kill => kill.damaged), 'MiB that are no block, worst': (Math.max(...kills.map(kill => kill.spareBytes)) / MIB).toFixed(1) }
}

function sayTable (title: string, rows: Row[]): void {
  const names = Object.keys(rows[0] ?? {})
  say(`${title}\n\n| ${names.join(' | ')} |\n|${names.map((_, i) => i === 0 ? '---' : '--:').join('|')}|`)
  for (const row of rows) say(`| ${names.map(name => row[name]).join(' | ')} |`)
  say('')
}

function micro (ms: number[]): string {
  return (median(ms) * 1000).toFixed(0)
}

function mib (bytes: number[]): string {
  return (median(bytes) / MIB).toFixed(1)
}

function median (numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

function say (line: string): void {
  process.stdout.write(`${line}\n`)
}
