import { Worker } from 'node:worker_threads'
import { mergeReached, type Reached, type Report } from '@ipfs-mapreduce/simulator'
import { TWICE_EVERY, type Options } from './options.ts'

/** The seeds of one thread: `first`, `first + step` and so on. */
export interface Job {
  first: number
  step: number
  count: number
  /** One of so many runs twice. */
  twiceEvery: number
}

export type Outcome = Omit<Report, 'seed' | 'hash' | 'reached' | 'transcript'> & { seed: number }

export interface Sweep {
  outcomes: Outcome[]
  reached: Reached
  wallMs: number
}

/** What a thread tells of. `broke`: the simulator itself failed, not what it simulates. */
export type Told = { type: 'began', seed: number } | { type: 'ended', outcome: Outcome } | { type: 'finished', reached: Reached } | { type: 'broke', reason: string }

/** A seed takes some ten milliseconds; one that has not ended after so long goes round in circles. */
const SEED_TIMEOUT_MS = 120_000

/** Runs seeds on several threads; tells of each that has ended. Rejects where one hangs or the simulator breaks, with its number. */
export async function sweep ({ seeds, from, workers, twice }: Options, onOutcome: (outcome: Outcome) => void): Promise<Sweep> {
  const startedMs = performance.now()
  const outcomes: Outcome[] = []
  const threads = Math.min(workers, seeds)
  const reached = await Promise.all(Array.from({ length: threads }, async (_, i) => await runThread(
    { first: from + i, step: threads, count: Math.ceil((seeds - i) / threads), twiceEvery: twice ? 1 : TWICE_EVERY },
    outcome => {
      outcomes.push(outcome)
      onOutcome(outcome)
    })))
  outcomes.sort((a, b) => a.seed - b.seed)
  return { outcomes, reached: mergeReached(reached), wallMs: performance.now() - startedMs }
}

async function runThread (job: Job, onOutcome: (outcome: Outcome) => void): Promise<Reached> {
  const thread = new Worker(new URL('./thread.ts', import.meta.url), { workerData: job })
  let seed = job.first
  let watchdog: NodeJS.Timeout | undefined
  const { promise, resolve, reject } = Promise.withResolvers<Reached>()
  thread.on('message', (told: Told) => {
    clearTimeout(watchdog)
    if (told.type === 'began') {
      seed = told.seed
      watchdog = setTimeout(() => { reject(new Error(`seed ${seed} did not end within ${SEED_TIMEOUT_MS} ms`)) }, SEED_TIMEOUT_MS)
    } else if (told.type === 'ended') onOutcome(told.outcome)
    else if (told.type === 'finished') resolve(told.reached)
    else reject(new Error(`the simulator broke at seed ${seed}: ${told.reason}`))
  })
  thread.on('error', error => { reject(new Error(`the thread died at seed ${seed}`, { cause: error })) })
  try {
    return await promise
  } finally {
    clearTimeout(watchdog)
    await thread.terminate()
  }
}
