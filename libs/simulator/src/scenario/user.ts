import { MapReduceError, type Bounds, type InputFormat } from '@ipfs-mapreduce/mapreduce'
import type { JobStatus, Message, SubmitJob } from '@ipfs-mapreduce/protocol'
import type { JobPlan } from './scenario.ts'
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

/** A job as its user sees it. */
export interface Errand {
  readonly plan: JobPlan
  /** Its place among the plans. */
  readonly index: number
  /** By which the master knows it again when it is submitted twice. */
  readonly submission: string
  /** The job that does it, once the user knows. */
  job?: string
  /** The blocks of its program and input, once for each time that it was submitted. */
  readonly given: string[]
  cancelling: boolean
  /** How it ended. */
  end?: JobStatus
  /** Times that its master forgot it. */
  forgotten: number
}

/** The user of the client: submits jobs, asks again when nobody answers, cancels some, waits for the end of all. */
export interface User {
  readonly errands: readonly Errand[]
  done: () => boolean
  /** What was answered to a submission that no fault explains. */
  readonly refusals: readonly string[]
}

/** `bounds` are those of range-partitioned jobs. */
export function createUser (world: World, plans: readonly JobPlan[], bounds: ReadonlyMap<JobPlan, Bounds>): User {
  const errands = plans.map((plan, index): Errand => ({ plan, index, submission: `${CLIENT}-${index + 1}`, given: [], cancelling: false, forgotten: 0 }))
  const refusals: string[] = []
  const look = new Map<Errand, () => void>()
  world.watch(occurrence => {
    if (occurrence.type === 'log' && occurrence.line.message === 'job ended') for (const wake of [...look.values()]) wake()
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

  const run = async (errand: Errand): Promise<void> => {
    await pause(errand.plan.atMs)
    const { cancelAtMs } = errand.plan
    if (cancelAtMs !== undefined) void cancelAt(errand, cancelAtMs)
    while (errand.end === undefined) {
      await submit(errand)
      await follow(errand)
    }
  }

  const submit = async (errand: Errand): Promise<void> => {
    const { plan, index, submission } = errand
    const request = await add(errand)
    errand.given.push(...[request.spec.program, request.spec.input].flatMap(root => world.files.below(CLIENT, root)))
    for (;;) {
      const answer = await ask(world, plan.master, request)
      if (answer?.type === 'jobAccepted') {
        errand.job = answer.job
        world.tell({ type: 'job', what: 'accepted', plan: index, job: answer.job, master: plan.master })
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
    const { plan, index, job } = errand
    let unknownMs = 0
    while (unknownMs < FORGOTTEN_MS) {
      const master = world.master(plan.master)
      const status = master?.job(job!)
      if (status !== undefined && ENDED.has(status.state)) {
        errand.end = status
        return
      }
      unknownMs = master === undefined || status !== undefined ? 0 : unknownMs + LOOK_MS
      await pause(LOOK_MS, errand)
    }
    errand.forgotten++
    world.tell({ type: 'job', what: 'forgotten', plan: index, job: job!, master: plan.master })
  }

  const cancelAt = async (errand: Errand, atMs: number): Promise<void> => {
    await pause(atMs - errand.plan.atMs)
    while (errand.end === undefined) {
      const { plan, index, job } = errand
      if (job !== undefined) {
        errand.cancelling = true
        world.tell({ type: 'job', what: 'cancelling', plan: index, job, master: plan.master })
        const answer = await ask(world, plan.master, { type: 'cancelJob', job, reason: CANCEL_REASON })
        if (answer?.type === 'ack') return
      }
      await pause(RETRY_MS)
    }
  }

  for (const errand of errands) void run(errand)
  return { errands, refusals, done: () => errands.every(({ end }) => end !== undefined) }
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
