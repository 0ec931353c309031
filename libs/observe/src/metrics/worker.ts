import type { Worker } from '@ipfs-mapreduce/actors'
import {
  COMBINE_INPUT_RECORDS, COMBINE_OUTPUT_RECORDS, MAP_INPUT_BYTES, MAP_INPUT_RECORDS, MAP_OUTPUT_RECORDS, MAP_SKIPPED_RECORDS, REDUCE_INPUT_GROUPS, REDUCE_INPUT_RECORDS, REDUCE_OUTPUT_RECORDS,
  REDUCE_SKIPPED_GROUPS, SHUFFLE_BYTES, SPILLED_RECORDS, type Counters, type ExecutorLoad
} from '@ipfs-mapreduce/mapreduce'
import type { AttemptContext } from '@ipfs-mapreduce/state-machines'
import type { Step } from '../steps.ts'
import { secondsSince } from './clock.ts'
import { BUCKETS, type Maker } from './names.ts'

/** Counters of the engine that are told as metrics, each under its own name. A program's own are not: nobody bounds their names. */
const COUNTERS: Array<readonly [counter: string, metric: string, help: string]> = [
  [MAP_INPUT_RECORDS, 'map_input_records_total', 'Records that map attempts have read.'],
  [MAP_INPUT_BYTES, 'map_input_bytes_total', 'Bytes of the splits that were mapped.'],
  [MAP_OUTPUT_RECORDS, 'map_output_records_total', 'Pairs that map has emitted.'],
  [COMBINE_INPUT_RECORDS, 'combine_input_records_total', 'Values that were given to combine.'],
  [COMBINE_OUTPUT_RECORDS, 'combine_output_records_total', 'Pairs that combine has emitted.'],
  [SPILLED_RECORDS, 'spilled_records_total', 'Records that map attempts have written to scratch: the runs, and what a sort buffer could not hold.'],
  [SHUFFLE_BYTES, 'shuffle_bytes_total', 'Bytes of runs that were copied to reduce attempts.'],
  [REDUCE_INPUT_GROUPS, 'reduce_input_groups_total', 'Keys that were given to reduce.'],
  [REDUCE_INPUT_RECORDS, 'reduce_input_records_total', 'Values of these keys.'],
  [REDUCE_OUTPUT_RECORDS, 'reduce_output_records_total', 'Pairs that reduce has emitted.'],
  [MAP_SKIPPED_RECORDS, 'map_skipped_records_total', 'Records that were passed over because map threw.'],
  [REDUCE_SKIPPED_GROUPS, 'reduce_skipped_groups_total', 'Keys that were passed over because reduce threw.']
]

/** States of an attempt at its worker in which it does something, and the state of a worker. */
const STEPS = ['fetching', 'queued', 'executing', 'storing', 'reporting'] as const
const STATES = ['joining', 'ready', 'draining', 'left'] as const

export interface WorkerSources {
  worker: () => Pick<Worker, 'status'> | undefined
  executors: () => ExecutorLoad | undefined
  now: () => number
}

/** A worker: its slots, its attempts step by step, and what they read and made. Returns how its machines are looked at. */
export function workerMetrics (maker: Maker, { worker, executors, now }: WorkerSources): (step: Step) => void {
  const { counter, histogram } = maker
  gaugesOf(maker, worker)
  executorsOf(maker, executors)
  const joined = counter('worker_joins_total', 'Welcomes by a master: the first, and each after it was lost.')
  const lost = counter('worker_masters_lost_total', 'Masters that were lost, or that have dismissed this worker.')
  const ended = counter('worker_attempts_ended_total', 'Attempts that have ended here: done, failed, aborted.', ['kind', 'outcome'])
  const failures = counter('worker_attempt_failures_total', 'Attempts that have failed here, by the code of the failure.', ['kind', 'code'])
  const took = histogram('worker_attempt_step_duration_seconds', 'How long attempts were in a step: fetching their input, queued for a slot, executing, storing what they made, reporting.', BUCKETS.long, ['kind', 'step'])
  const fetchedBytes = counter('worker_input_fetched_bytes_total', 'Bytes of input that attempts have fetched from other peers; for reduce attempts that is the shuffle.', ['kind'])
  const made = counter('worker_output_bytes_total', 'Bytes that attempts have made: runs of maps, outputs of reduces.', ['kind'])
  const count = countersOf(maker)
  const sinceMs = new WeakMap<object, number>()
  const attempt = ({ actor, from, to, context, done }: Step & { machine: 'attempt' }): void => {
    const { kind } = context.ref
    const nowMs = now()
    const beganMs = sinceMs.get(actor)
    if (from !== undefined && beganMs !== undefined && isStep(from)) took.observe({ kind, step: from }, secondsSince(beganMs, nowMs))
    sinceMs.set(actor, nowMs)
    if (to === 'reporting' && context.outcome !== undefined) {
      count(context.outcome.counters)
      made.inc({ kind }, outputBytes(context))
    }
    if (!done) return
    fetchedBytes.inc({ kind }, context.fetchedBytes)
    ended.inc({ kind, outcome: to })
    if (context.failure !== undefined) failures.inc({ kind, code: context.failure.code })
  }
  return step => {
    if (step.machine === 'attempt') attempt(step)
    else if (step.machine === 'worker' && step.from === 'joining' && step.to !== 'left') joined.inc()
    else if (step.machine === 'worker' && step.from !== undefined && step.to === 'joining') lost.inc()
  }
}

function gaugesOf ({ gauge, gauges }: Maker, worker: () => Pick<Worker, 'status'> | undefined): void {
  gauges('worker_state', 'Whether this worker is joining, ready, draining or left: 1 for the state that it is in.', ['state'], () => {
    const state = worker()?.status().state
    return state === undefined ? [] : STATES.map(one => [{ state: one }, one === state ? 1 : 0])
  })
  gauge('worker_slots', 'Attempts that this worker can run at once.', () => worker()?.status().slots)
  gauges('worker_attempts', 'Attempts that are here, by step. One that reports holds no slot.', ['step'], () => {
    const attempts = worker()?.status().attempts
    return attempts === undefined ? [] : STEPS.map(step => [{ step }, attempts.filter(({ state }) => state === step).length])
  })
}

function executorsOf ({ gauge, gauges, counted }: Maker, load: () => ExecutorLoad | undefined): void {
  counted('executor_starts_total', 'Processes for programs that were started.', [], () => {
    const started = load()?.started
    return started === undefined ? [] : [[{}, started]]
  })
  gauges('executors', 'Processes for programs: busy, idle and warm for their job, or spare for the next one.', ['state'], () => {
    const now = load()
    return now === undefined ? [] : [[{ state: 'busy' }, now.busy], [{ state: 'idle' }, now.idle], [{ state: 'spare' }, now.spare]]
  })
  gauge('executor_waiting_attempts', 'Attempts that wait for a process to run in.', () => load()?.waiting)
}

function countersOf ({ counter }: Maker): (counters: Counters) => void {
  const metrics = COUNTERS.map(([name, metric, help]) => [name, counter(metric, help)] as const)
  return counters => { for (const [name, metric] of metrics) metric.inc(counters[name] ?? 0) }
}

function outputBytes ({ ref, outcome }: AttemptContext): number {
  return ref.kind === 'map' ? outcome!.runs.reduce((sum, { bytes }) => sum + bytes, 0) : outcome!.outputBytes
}

function isStep (state: string): state is typeof STEPS[number] {
  return (STEPS as readonly string[]).includes(state)
}
