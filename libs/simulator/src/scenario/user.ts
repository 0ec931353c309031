import { MapReduceError, type Bounds, type InputFormat } from '@ipfs-mapreduce/mapreduce'
import type { JobStatus, Message, SubmitJob } from '@ipfs-mapreduce/protocol'
import type { Consignment } from '../network/delivery.ts'
import type { JobPlan } from './scenario.ts'
import type { Occurrence } from '../world/occurrence.ts'
import { bundleOf, findProgram } from '../cluster/program-bundle.ts'
import { BEHAVED } from '../programs/simulated.ts'
import { CLIENT, CLUSTER, type World } from '../world/world.ts'

/** Between two tries of a user whose request was not answered. */
const RETRY_MS = 700
/** Between two looks at a job whose end nothing has told of. */
const LOOK_MS = 1_000
/** A master that is up and has not known a job for so long has forgotten it. */
const FORGOTTEN_MS = 6_000
/** What a cancelled job gives as its reason. */
export const CANCEL_REASON = 'the user cancelled it'

/** How long a user tries to have a job resumed before running it again: longer than all faults last. */
const RESUME_MS = 90_000

/** A job as its user sees it. */
export interface Errand {
  readonly plan: JobPlan
  /** To whom the job is given. */
  readonly master: string
  /** Begun by another master, this one is to take it up. */
  readonly resumes?: { readonly job: string, readonly checkpoint: string }
  /** Its place among the plans. */
  readonly index: number
  /** By which the master knows it again when it is submitted twice. */
  readonly submission: string
  /** The job that does it, once the user knows. */
  job?: string
  /** The blocks of its program and input, once for each time that it was submitted. */
  readonly given: string[]
  cancelling: boolean
  /** Its master is lost for good, and another one is to do it. */
  abandoned: boolean
  /** How it ended. */
  end?: JobStatus
  /** Times that its master forgot it. */
  forgotten: number
}

/** The user of the client: submits jobs, asks again when nobody answers, cancels some, has them resumed elsewhere, waits for the end of all. */
export interface User {
  readonly errands: readonly Errand[]
  done: () => boolean
  /** What was answered to a submission that no fault explains. */
  readonly refusals: readonly string[]
}

/** `bounds` are those of range-partitioned jobs. */
export function createUser (world: World, plans: readonly JobPlan[], bounds: ReadonlyMap<JobPlan, Bounds>): User {
  const errands = plans.map((plan, index): Errand => ({ plan, index, master: plan.master, submission: `${CLIENT}-${index + 1}`, given: [], cancelling: false, abandoned: false, forgotten: 0 }))
  /** The last checkpoint that a master has announced of a job. */
  const announced = new Map<string, string>()
  const refusals: string[] = []
  const look = new Map<Errand, () => void>()
  world.watch(occurrence => {
    if (occurrence.type === 'log' && occurrence.line.message === 'job ended') for (const wake of [...look.values()]) wake()
    if (occurrence.type === 'sent') noteCheckpoint(occurrence.consignment)
    if (occurrence.type === 'takeover') takeOver(occurrence)
  })
  /** Resolves after `ms`, or earlier for an errand that should be looked at. */
  const pause = async (ms: number, errand?: Errand): Promise<void> => {
    await new Promise<void>(resolve => {
      const timer = world.clock.setTimeout(() => { resolve() }, ms, 'the user')
      if (errand === undefined) return
      look.set(errand, () => {
        world.clock.clearTimeout(timer)
        resolve()
      })
    })
    if (errand !== undefined) look.delete(errand)
  }
  const pauseUntil = async (atMs: number): Promise<void> => { await pause(Math.max(0, atMs - world.clock.now())) }

  const run = async (errand: Errand): Promise<void> => {
    const { atMs, cancelAtMs } = errand.plan
    await pauseUntil(atMs)
    if (cancelAtMs !== undefined) void cancelAt(errand, cancelAtMs)
    while (isOpen(errand)) {
      if (errand.resumes === undefined || !await resume(errand, errand.resumes)) await submit(errand)
      await follow(errand)
    }
  }

  const noteCheckpoint = ({ from, cargo }: Consignment): void => {
    if (cargo.kind === 'gossip' && cargo.message.type === 'job' && cargo.message.checkpoint !== undefined) announced.set(`${from} ${cargo.message.job}`, cargo.message.checkpoint)
  }

  /** Has another master do what has not ended. A master that comes back goes on with its own errands. */
  const takeOver = ({ from, by, forGood }: Extract<Occurrence, { type: 'takeover' }>): void => {
    for (const errand of errands.filter(({ master, end }) => master === from && end === undefined)) {
      const { plan, index, submission, given, job = '' } = errand
      const checkpoint = announced.get(`${from} ${job}`)
      const heir: Errand = { plan, index, master: by, submission, given, cancelling: false, abandoned: false, forgotten: 0, ...checkpoint !== undefined && { resumes: { job, checkpoint } } }
      errand.abandoned = forGood
      errands.splice(errands.indexOf(errand) + (forGood ? 0 : 1), forGood ? 1 : 0, heir)
      void run(heir)
    }
  }

  /** False where the checkpoint is not to be had. */
  const resume = async (errand: Errand, { job, checkpoint }: NonNullable<Errand['resumes']>): Promise<boolean> => {
    const { index, master } = errand
    const tell = (what: 'resumed' | 'not resumed'): void => { world.tell({ type: 'job', what, plan: index, job, master, checkpoint }) }
    const untilMs = world.clock.now() + RESUME_MS
    while (world.clock.now() < untilMs) {
      const answer = await ask(world, master, { type: 'resumeJob', cluster: CLUSTER, checkpoint, providers: [world.network.address(CLIENT)] })
      if (answer?.type === 'jobAccepted') {
        errand.job = answer.job
        tell('resumed')
        return true
      }
      if (answer?.type === 'refusal' && answer.code !== 'BLOCK_UNAVAILABLE' && !PASSING.has(answer.code)) refusals.push(`${checkpoint} of ${job} was refused: ${answer.code} ${answer.message}`)
      await pause(RETRY_MS)
    }
    tell('not resumed')
    return false
  }

  const submit = async (errand: Errand): Promise<void> => {
    const { index, submission, master } = errand
    const request = await add(errand)
    errand.given.push(...[request.spec.program, request.spec.input].flatMap(root => world.files.below(CLIENT, root)))
    while (isOpen(errand)) {
      const answer = await ask(world, master, request)
      if (answer?.type === 'jobAccepted') {
        errand.job = answer.job
        world.tell({ type: 'job', what: 'accepted', plan: index, job: answer.job, master })
        return
      }
      if (answer?.type === 'refusal' && !PASSING.has(answer.code)) refusals.push(`${submission} was refused: ${answer.code} ${answer.message}`)
      await pause(RETRY_MS)
    }
  }

  /** Adds what the job needs; as often as it takes while a disk is full. */
  const add = async ({ plan, submission }: Errand): Promise<SubmitJob> => {
    for (;;) {
      try {
        return await submissionOf(world, plan, submission, bounds.get(plan))
      } catch (error) {
        if (!(error instanceof MapReduceError && error.code === 'STORAGE')) throw error
        await pause(RETRY_MS)
      }
    }
  }

  /** Until the job has ended, or its master has forgotten it. */
  const follow = async (errand: Errand): Promise<void> => {
    const { index, job, master } = errand
    let unknownMs = 0
    while (unknownMs < FORGOTTEN_MS) {
      if (!isOpen(errand)) return
      const actor = world.master(master)
      const status = actor?.job(job!)
      if (status !== undefined && ENDED.has(status.state)) {
        errand.end = status
        return
      }
      unknownMs = actor === undefined || status !== undefined ? 0 : unknownMs + LOOK_MS
      await pause(LOOK_MS, errand)
    }
    errand.forgotten++
    world.tell({ type: 'job', what: 'forgotten', plan: index, job: job!, master })
  }

  const cancelAt = async (errand: Errand, atMs: number): Promise<void> => {
    await pauseUntil(atMs)
    while (isOpen(errand)) {
      const { index, job, master } = errand
      if (job !== undefined) {
        errand.cancelling = true
        world.tell({ type: 'job', what: 'cancelling', plan: index, job, master })
        const answer = await ask(world, master, { type: 'cancelJob', job, reason: CANCEL_REASON })
        if (answer?.type === 'ack') return
      }
      await pause(RETRY_MS)
    }
  }

  for (const errand of errands) void run(errand)
  return { errands, refusals, done: () => errands.every(({ end }) => end !== undefined) }
}

function isOpen ({ end, abandoned }: Errand): boolean {
  return end === undefined && !abandoned
}

export const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled'])
/** Refusals after which a user tries again. */
const PASSING: ReadonlySet<string> = new Set(['UNREACHABLE', 'TIMEOUT', 'TRANSIENT', 'ABORTED', 'STORAGE'])

/** Adds program and input to the client's disk, and the input to its holders'; does nothing twice. */
async function submissionOf ({ network, files, names }: World, plan: JobPlan, submission: string, bounds?: Bounds): Promise<SubmitJob> {
  const contents = Object.fromEntries(Object.entries(plan.files).map(([path, text]) => [path, new TextEncoder().encode(text)]))
  const holders = plan.holders.filter(name => names.includes(name))
  let input = ''
  for (const peer of [CLIENT, ...holders]) input = await files.addTree(peer, contents, plan.chunkBytes)
  return {
    type: 'submitJob', cluster: CLUSTER, submission,
    spec: {
      program: await files.addFile(CLIENT, bundleOf(plan.program), plan.chunkBytes),
      programName: plan.program, inputFormat: inputFormatOf(plan.program), input,
      reducers: plan.reducers, args: plan.args, separator: ' ', splitBytes: plan.splitBytes, skipBadRecords: plan.skipBadRecords,
      ...bounds !== undefined && { bounds }
    },
    providers: [CLIENT, ...holders].map(network.address),
    deadlineMs: plan.deadlineMs, workerWaitMs: 0, maxAttempts: plan.maxAttempts, priority: plan.priority
  }
}

/** As the program has it; the others of a simulation take lines. */
function inputFormatOf (program: string): InputFormat {
  return Object.hasOwn(BEHAVED, program) ? findProgram(BEHAVED, program).input : 'lines'
}

/** One request of the client; nothing where it is down, dies meanwhile, or gets no answer. A refusal is an answer. */
async function ask (world: World, master: string, message: Message): Promise<Message | undefined> {
  const client = world.client()
  if (client === undefined) return undefined
  const died = new Promise<undefined>(resolve => { client.lifetime.onEnd(() => { resolve(undefined) }) })
  const answer = client.port.request(world.network.address(master), message).catch((error: unknown): Message => {
    if (!(error instanceof MapReduceError)) throw error
    return { type: 'refusal', code: error.code, message: error.message }
  })
  return await Promise.race([answer, died])
}
