import { assign, emit, setup } from 'xstate'
import type { Timing } from './timing.ts'
import type { Failure } from '@ipfs-mapreduce/protocol'

/** What a job's machine begins with; times are milliseconds. */
export interface JobInput {
  job: string
  reducers: number
  /** Since the job was submitted: more than nothing where a master has taken it up again. */
  elapsedMs: number
  timing: Pick<Timing, 'deadlineMs' | 'workerWaitMs'>
}

/** What it knows. */
export interface JobContext extends JobInput {
  maps: number
  mapsCommitted: number
  reducesCommitted: number
  /** Roles without a worker while the job has work for them. */
  missing: string[]
  result?: string
  record?: string
  failure?: Failure
}

/** What moves it. */
export type JobEvent =
  /** Its turn in the queue has come. */
  | { type: 'admit' }
  | { type: 'planned', maps: number }
  | { type: 'mapCommitted' }
  /** A committed map's runs were lost; it runs again. */
  | { type: 'mapReopened' }
  | { type: 'reduceCommitted' }
  /** A committed reduce had read a run that proved to be false; it runs again. */
  | { type: 'reduceReopened' }
  | { type: 'taskFailed', failure: Failure }
  /** Which roles the job needs and has no worker for. */
  | { type: 'supply', missing: string[] }
  | { type: 'resultStored', result: string, record: string }
  /** The effect of the current state failed. */
  | { type: 'stepFailed', failure: Failure }
  | { type: 'cancel', reason: string }

/** Commands to the master's effects. */
export type JobCommand =
  | { type: 'plan' }
  | { type: 'schedule' }
  | { type: 'commit' }
  | { type: 'ended', state: 'succeeded' | 'failed' | 'cancelled' }

const allMapped = (context: JobContext): boolean => context.mapsCommitted === context.maps

/** The life of a job, at the master. It waits for its turn first. Mapping and reducing overlap; a lost run takes `maps` back from mapped to mapping. */
export const jobMachine = setup({
  types: {
    context: {} as JobContext,
    input: {} as JobInput,
    events: {} as JobEvent,
    emitted: {} as JobCommand
  },
  delays: {
    deadline: ({ context }) => Math.max(0, context.timing.deadlineMs - context.elapsedMs),
    workerWait: ({ context }) => context.timing.workerWaitMs
  },
  guards: {
    allMapped: ({ context }) => allMapped(context),
    notAllMapped: ({ context }) => !allMapped(context),
    allDone: ({ context }) => allMapped(context) && context.reducesCommitted === context.reducers,
    isStarved: ({ context }) => context.missing.length > 0,
    isSupplied: ({ context }) => context.missing.length === 0
  },
  actions: {
    notePlan: assign(({ event }) => event.type === 'planned' ? { maps: event.maps } : {}),
    countMap: assign({ mapsCommitted: ({ context }) => context.mapsCommitted + 1 }),
    uncountMap: assign({ mapsCommitted: ({ context }) => context.mapsCommitted - 1 }),
    countReduce: assign({ reducesCommitted: ({ context }) => context.reducesCommitted + 1 }),
    uncountReduce: assign({ reducesCommitted: ({ context }) => context.reducesCommitted - 1 }),
    noteSupply: assign(({ event }) => event.type === 'supply' ? { missing: event.missing } : {}),
    noteResult: assign(({ event }) => event.type === 'resultStored' ? { result: event.result, record: event.record } : {}),
    noteFailure: assign(({ event }) => event.type === 'taskFailed' || event.type === 'stepFailed' ? { failure: event.failure } : {}),
    noteCancel: assign(({ event }) => event.type === 'cancel' ? { failure: { code: 'ABORTED' as const, message: event.reason } } : {}),
    noteDeadline: assign(({ context }) => ({ failure: { code: 'TIMEOUT' as const, message: deadlineReason(context) } })),
    noteNoWorkers: assign(({ context }) => ({
      failure: { code: 'TIMEOUT' as const, message: `no ${context.missing.join(' and no ')} joined within ${context.timing.workerWaitMs / 1000} s; start one and submit again` }
    }))
  }
}).createMachine({
  id: 'job',
  context: ({ input }) => ({ ...input, maps: 0, mapsCommitted: 0, reducesCommitted: 0, missing: [] }),
  initial: 'alive',
  states: {
    alive: {
      initial: 'queued',
      on: {
        cancel: { target: 'cancelled', actions: 'noteCancel' },
        taskFailed: { target: 'failed', actions: 'noteFailure' },
        stepFailed: { target: 'failed', actions: 'noteFailure' }
      },
      after: { deadline: { target: 'failed', actions: 'noteDeadline' } },
      states: {
        queued: {
          on: { admit: 'planning' }
        },
        planning: {
          entry: emit({ type: 'plan' }),
          on: { planned: { target: 'running', actions: 'notePlan' } }
        },
        running: {
          type: 'parallel',
          entry: emit({ type: 'schedule' }),
          states: {
            maps: {
              initial: 'mapping',
              on: { mapCommitted: { actions: 'countMap' }, mapReopened: { actions: 'uncountMap' } },
              states: {
                mapping: { always: { guard: 'allMapped', target: 'mapped' } },
                // Not final: a lost run takes it back, also after all reduces have committed.
                mapped: { always: { guard: 'notAllMapped', target: 'mapping' } }
              }
            },
            reduces: {
              initial: 'reducing',
              on: { reduceCommitted: { actions: 'countReduce' }, reduceReopened: { actions: 'uncountReduce' } },
              states: {
                reducing: { always: { guard: 'allDone', target: '#job.committing' } }
              }
            },
            supply: {
              initial: 'supplied',
              on: { supply: { actions: 'noteSupply' } },
              states: {
                supplied: { always: { guard: 'isStarved', target: 'starved' } },
                starved: {
                  always: { guard: 'isSupplied', target: 'supplied' },
                  after: { workerWait: { target: '#job.failed', actions: 'noteNoWorkers' } }
                }
              }
            }
          }
        }
      }
    },
    // Too late to cancel: what is pinned from here on is the result, and it stays. Reads and writes have deadlines of their own.
    committing: {
      entry: emit({ type: 'commit' }),
      on: {
        resultStored: { target: 'succeeded', actions: 'noteResult' },
        stepFailed: { target: 'failed', actions: 'noteFailure' }
      }
    },
    succeeded: { type: 'final', entry: emit({ type: 'ended', state: 'succeeded' }) },
    failed: { type: 'final', entry: emit({ type: 'ended', state: 'failed' }) },
    cancelled: { type: 'final', entry: emit({ type: 'ended', state: 'cancelled' }) }
  }
})

function deadlineReason ({ timing, missing, maps, mapsCommitted, reducers, reducesCommitted }: JobContext): string {
  const waited = missing.length > 0 ? `, and no ${missing.join(' and no ')} was there` : ''
  return `the deadline of ${timing.deadlineMs / 1000} s passed with ${mapsCommitted} of ${maps} maps and ${reducesCommitted} of ${reducers} reduces committed${waited}`
}

/** The state a person is shown: queued, planning, running, committing, succeeded, failed or cancelled. */
export function jobStateName (value: unknown): string {
  if (typeof value === 'string') return value
  const alive = (value as { alive: string | Record<string, unknown> }).alive
  return typeof alive === 'string' ? alive : Object.keys(alive)[0]!
}
