import { expect } from '@jest/globals'
import { sequential } from '@ipfs-mapreduce/mapreduce'
import type { AttemptRef, JobStatus, Message, TaskKind } from '@ipfs-mapreduce/protocol'
import { compareText } from '../files/text-order.ts'
import type { InputFiles } from './client.ts'
import { findProgram } from './program-bundle.ts'
import { createWorld, type World, type WorldInit } from './world.spec.support.ts'

/** Bytes of each line that `lines` makes. */
export const LINE_BYTES = 'the whale aa\n'.length

/** Lines of one length, each with a word of its own. */
export function lines (count: number): string {
  const letter = (n: number): string => String.fromCharCode(97 + n % 26)
  return Array.from({ length: count }, (_, i) => `the whale ${letter(i / 26)}${letter(i)}\n`).join('')
}

/** One leaf, and so one map task, for each line. */
export const A_LINE_A_TASK = { chunkBytes: LINE_BYTES }

/** A request that has arrived. */
interface Sent<M extends Message = Message> {
  atMs: number
  from: string
  to: string
  message: M
}

type Of<T extends Message['type']> = Extract<Message, { type: T }>

export interface PaperInit extends WorldInit {
  mappers?: number
  reducers?: number
}

/** A master that `m1`, `m2` … and `r1`, `r2` … have joined. */
export async function createPaperWorld ({ mappers = 2, reducers = 2, ...init }: PaperInit) {
  const w = createWorld(init)
  const requests = watchRequests(w)
  w.master('master')
  for (let i = 1; i <= mappers; i++) w.worker(`m${i}`, ['master'])
  for (let i = 1; i <= reducers; i++) w.worker(`r${i}`, ['master'])
  await w.clock.runUntil(() => w.lead('master').status().workers.length === mappers + reducers, 10_000, 'all have joined')
  return {
    ...w,
    /** Those of a type that have arrived so far. */
    requests,
    /** Attempts assigned so far, of a kind and, where it is given, of one task. */
    assigned: (kind: TaskKind, task?: number) => requests('attemptAssigned').filter(({ message: { ref } }) => isOf(ref, kind, task)),
    /** Attempts reported as completed so far. */
    completed: (kind: TaskKind, task?: number) => requests('attemptCompleted').filter(({ message: { ref } }) => isOf(ref, kind, task)),
    /** How often a task has committed. */
    commits: (kind: TaskKind, task: number): number => w.lines.filter(({ message, fields }) => message === 'task committed' && isOf(fields as AttemptRef, kind, task)).length,
    /** The job's status, while it is there. */
    status: (job: string): JobStatus => w.lead('master').job(job)!,
    /** The process dies, and its disk with it. */
    destroy (name: string): void {
      w.network.crash(name)
      w.files.wipe(name)
    }
  }
}

export type PaperWorld = Awaited<ReturnType<typeof createPaperWorld>>

function isOf (ref: AttemptRef, kind: TaskKind, task: number | undefined): boolean {
  return ref.kind === kind && (task === undefined || ref.task === task)
}

function watchRequests (w: World) {
  const all: Sent[] = []
  w.network.onDelivery(({ atMs, from, to, cargo, lost }) => {
    if (cargo.kind === 'request' && lost === undefined) all.push({ atMs, from, to, message: cargo.message })
  })
  return <T extends Message['type']> (type: T): Array<Sent<Of<T>>> => all.filter((one): one is Sent<Of<T>> => one.message.type === type)
}

/** The output files of a job, as text. */
export function parts ({ files }: Pick<World, 'files'>, { result }: JobStatus): string[] {
  return files.list(result!)!.map(({ cid }) => new TextDecoder().decode(files.content(cid)))
}

/** The keys of an output file, in its order. */
export function keys (part: string): string[] {
  return part.split('\n').slice(0, -1).map(line => line.split(' ')[0]!)
}

/** The job has succeeded with the bytes and the counters of a sequential run of its program. */
export async function expectSequential ({ files, around }: Pick<World, 'files' | 'around'>, status: JobStatus, input: InputFiles): Promise<void> {
  const { programName, reducers, args, separator, skipBadRecords } = status.spec
  const encoder = new TextEncoder()
  const whole = Object.entries(input).sort(([a], [b]) => compareText(a, b)).map(([path, content]) => ({ path, content: typeof content === 'string' ? encoder.encode(content) : content }))
  const oracle = await sequential(findProgram(around.programs, programName), whole, { reducers, args, separator, skipBadRecords })
  expect({ state: status.state, reason: status.reason }).toEqual({ state: 'succeeded', reason: undefined })
  expect(parts({ files }, status)).toEqual(oracle.parts.map(part => new TextDecoder().decode(part)))
  expect(status.counters).toMatchObject(oracle.counters)
}

/** FNV-1a of 32 bits by its definition, without its sign bit. */
export function hash (text: string): number {
  let hash = 2_166_136_261n
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * 16_777_619n) % 2n ** 32n
  return Number(hash & 0x7fff_ffffn)
}
