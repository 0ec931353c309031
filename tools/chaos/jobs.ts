import { mkdir, readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sequential } from '@ipfs-mapreduce/mapreduce'
import type { Counters, Program } from '@ipfs-mapreduce/mapreduce'
import { writeText } from '../benchmark/inputs/text.ts'
import invertedIndex from './programs/inverted-index.ts'
import wordCount from './programs/word-count.ts'
import type { Running } from './process.ts'
import type { JobName } from './schedule.ts'

const PROGRAMS: Record<JobName, Program> = {
  'word-count': wordCount as unknown as Program,
  'inverted-index': invertedIndex as unknown as Program
}
const FILES = 4
const FILE_BYTES = 96 * 1024
const REDUCERS = 4
/** With 4 files of 96 KiB: 16 maps of some 24 KiB. */
const CUTS = ['--chunk-size', '8k', '--split-size', '24k']
/** A map or a reduce sleeps for half a second in all. */
const PACE_MS = 30

/** The right answer, computed in this process once. */
export interface Oracle {
  parts: Uint8Array[]
  /** Those that do not depend on how the work is cut. */
  counters: Counters
}

/** What a client reported of its job: `ipmr run --json`, and the files that it wrote. */
export interface Outcome {
  exit: number | null
  signal: NodeJS.Signals | null
  /** Its standard output, parsed; undefined where it is no JSON. */
  report: Report | undefined
  /** In order of their names; empty where there is no output. */
  parts: Uint8Array[]
  /** Whether the mark of success lies beside them. */
  success: boolean
}

export interface Report {
  state?: string
  job?: string
  result?: string
  counters?: Counters
  error?: { code: string, message: string }
}

/** Inputs and their oracles, and the command lines of jobs. */
export interface Jobs {
  args: (job: JobName, output: string) => string[]
  oracle: (job: JobName) => Oracle
}

/** Writes the input and computes what each program makes of it: some seconds of work, before anything is timed. */
export async function prepareJobs (dir: string, seed: number): Promise<Jobs> {
  const input = join(dir, 'input')
  await mkdir(input)
  const paths = Array.from({ length: FILES }, (_, n) => join(input, `text-${n + 1}.txt`))
  for (const [n, path] of paths.entries()) await writeText(path, { bytes: FILE_BYTES, seed: seed + n })
  const files = await Promise.all(paths.map(async path => ({ path: basename(path), content: new Uint8Array(await readFile(path)) })))
  const oracles = new Map<JobName, Oracle>()
  for (const job of Object.keys(PROGRAMS) as JobName[]) {
    oracles.set(job, await sequential(PROGRAMS[job], files, { reducers: REDUCERS, args: { paceMs: '0' } }))
  }
  return {
    args: (job, output) => [
      'run', fileURLToPath(new URL(`./programs/${job}.ts`, import.meta.url)), input, ...CUTS, '--reducers', String(REDUCERS),
      '--arg', `paceMs=${PACE_MS}`, '--data-dir', join(dir, 'client'), '--output', output, '--json'
    ],
    oracle: job => oracles.get(job)!
  }
}

/** Waits for a client's end and collects what it left. */
export async function outcomeOf (client: Running, output: string): Promise<Outcome> {
  const { exit, signal } = await client.ended
  const names = await namesIn(output)
  const parts = await Promise.all(names.filter(name => name.startsWith('part-')).sort().map(name => readFile(join(output, name))))
  return { exit, signal, report: parsed(client.stdout()), parts, success: names.includes('_SUCCESS') }
}

async function namesIn (dir: string): Promise<string[]> {
  try {
    return await readdir(dir)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function parsed (text: string): Report | undefined {
  try {
    return JSON.parse(text) as Report
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
