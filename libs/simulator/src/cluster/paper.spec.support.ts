import type { AttemptRef, JobStatus, Message, TaskKind } from '@ipfs-mapreduce/protocol'
import { destroy } from './afflictions.spec.support.ts'
import type { InputFiles, SubmitOptions } from './client.ts'
import { expectSequential } from './exact.spec.support.ts'
import { createJournaledWorld } from './journaled.spec.support.ts'
import { createWorld, type World, type WorldInit } from './world.spec.support.ts'

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
export async function createPaperWorld (init: PaperInit) {
  const w = createWorld(init)
  w.master('master')
  return await inhabit(w, init)
}

/** The same, of a master that keeps a journal. */
export async function createJournaledPaperWorld (init: PaperInit) {
  return await inhabit(createJournaledWorld(init), init)
}

export type PaperWorld = Awaited<ReturnType<typeof createPaperWorld>>

async function inhabit<W extends World> (w: W, { mappers = 2, reducers = 2 }: PaperInit) {
  const requests = watchRequests(w)
  for (let i = 1; i <= mappers; i++) w.worker(`m${i}`, ['master'])
  for (let i = 1; i <= reducers; i++) w.worker(`r${i}`, ['master'])
  await w.clock.runUntil(() => w.lead('master').status().workers.length === mappers + reducers, 10_000, 'all have joined')
  const run = async (program: string, input: InputFiles, options: SubmitOptions): Promise<JobStatus> => await w.ended('master', await w.submit('master', program, input, options))
  const expectExact = async (job: string, input: InputFiles, master = 'master'): Promise<JobStatus> => {
    const status = await w.ended(master, job)
    await expectSequential(w, status, input)
    return status
  }
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
    /** Runs a job to its end, whichever that is. */
    run,
    /** Runs until a job's end, which has to be as if one process had run the program over its input. */
    expectExact,
    /** Both. */
    runExact: async (program: string, input: InputFiles, options: SubmitOptions): Promise<JobStatus> => await expectExact(await w.submit('master', program, input, options), input)
  }
}

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

/** `map` takes so long, `reduce` 50 ms. */
export const mapTakes = (ms: number) => ({ kind }: { kind: string }): number => kind === 'map' ? ms : 50

/** The blocks of a job's input that have crossed the network to one of its mappers, from now on. */
export function inputFetched (w: World): { of: (status: JobStatus) => string[] } {
  const fetched: string[] = []
  w.network.onDelivery(({ to, cargo }) => { if (cargo.kind === 'block' && isMapper(to)) fetched.push(cargo.cid) })
  return { of: ({ spec }) => fetched.filter(cid => w.files.below('client', spec.input).includes(cid)) }
}

/** Which mapper sent a block to whom, as `m1 -> r1`, from now on. */
export function blocksFromMappers (w: World): string[] {
  const sent: string[] = []
  w.network.onDelivery(({ from, to, cargo }) => { if (cargo.kind === 'block' && isMapper(from)) sent.push(`${from} -> ${to}`) })
  return sent
}

const isMapper = (name: string): boolean => /^m\d/.test(name)

/** One of ten messages is lost, and three workers die one after the other and come back without their disks; then all is well again. */
export async function storm (w: World, workers: string[]): Promise<void> {
  const calm = w.network.intercept(({ from, to }) => from !== 'client' && to !== 'client' && w.random.chance(0.1) ? { drop: true } : undefined)
  for (let i = 0; i < 3; i++) {
    await w.clock.advance(500 + w.random.int(2000))
    const victim = w.random.pick(workers)
    destroy(w, victim)
    await w.clock.advance(w.random.int(2000))
    w.worker(victim, ['master'])
  }
  calm()
}

/** FNV-1a of 32 bits by its definition, without its sign bit. */
export function hash (text: string): number {
  let hash = 2_166_136_261n
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * 16_777_619n) % 2n ** 32n
  return Number(hash & 0x7fff_ffffn)
}
