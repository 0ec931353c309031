import { assign, emit, enqueueActions, setup } from 'xstate'
import { backoffMs } from './backoff.ts'
import { LOSSES_PER_ATTEMPT, type Timing } from './timing.ts'
import type { AttemptCompleted, AttemptFailed, Failure, TaskKind } from '@ipfs-mapreduce/protocol'

/** Attempts are data: a retry is a guarded transition over them. */
export interface Attempt {
  /** From 1; the index in `attempts` plus one. */
  attempt: number
  worker: string
  outcome: 'active' | 'completed' | 'failed' | 'lost' | 'refused'
  failure?: Failure
}

/** Where an attempt runs: a task has one, and a backup of it while it is much slower than its peers. */
export type Place = 'primary' | 'backup'

/** What a task's machine begins with; times are milliseconds. */
export interface TaskInput {
  job: string
  kind: TaskKind
  task: number
  maxAttempts: number
  /** Of an earlier life, where a committed task's runs were lost; active ones run on while their master was away. */
  attempts: Attempt[]
  /** Failures and losses that count already, in a life that goes on after its master's restart. */
  failures: number
  losses: number
  timing: Pick<Timing, 'leaseMs' | 'suspicionMs' | 'returnMs' | 'offerMs' | 'attemptMs' | 'secureMs' | 'backoffMs' | 'backoffMaxMs'>
}

/** What it knows. */
export interface TaskContext extends TaskInput {
  /** The attempt in each place. */
  places: Partial<Record<Place, number>>
  completion?: AttemptCompleted
  failure?: Failure
}

/** What moves it: the scheduler, workers' answers and reports, and what becomes of their runs. */
export type TaskEvent =
  /** The scheduler found a worker. */
  | { type: 'offer', worker: string }
  /** The task is much slower than its peers, and the scheduler found another worker. */
  | { type: 'backup', worker: string }
  | { type: 'accepted', attempt: number }
  | { type: 'refused', attempt: number, failure: Failure }
  | { type: 'heartbeat', attempt: number }
  | { type: 'workerSuspect', worker: string }
  | { type: 'workerLost', worker: string, reason: string }
  | AttemptCompleted
  | AttemptFailed
  | { type: 'secured', attempt: number }
  | { type: 'secureFailed', attempt: number, failure: Failure }
  /** The master is back, and attempts that are active ran on without it. */
  | { type: 'resume' }
  /** What it was made from has changed: it starts anew. */
  | { type: 'restart', reason: string }
  | { type: 'cancel', reason: string }

/** Commands to the master's effects. */
export type TaskCommand =
  | { type: 'assign', attempt: number, worker: string, place: Place }
  | { type: 'abort', attempt: number, worker: string, reason: string }
  | { type: 'secure', completion: AttemptCompleted, worker: string }
  | { type: 'attemptEnded', attempt: Attempt }
  | { type: 'ready' }
  | { type: 'committed', completion: AttemptCompleted, worker: string }
  | { type: 'failed', failure: Failure }

const NO_RETRY = new Set<Failure['code']>(['FATAL', 'BAD_INPUT'])

const isActive = ({ outcome }: Attempt): boolean => outcome === 'active'
const at = ({ places, attempts }: TaskContext, place: Place): Attempt | undefined => attempts[(places[place] ?? 0) - 1]
const other = (place: Place): Place => place === 'primary' ? 'backup' : 'primary'

function end (attempts: Attempt[], attempt: number, outcome: Attempt['outcome'], failure?: Failure): Attempt[] {
  return attempts.map(a => a.attempt === attempt && a.outcome !== 'completed' ? { ...a, outcome, ...failure !== undefined && { failure } } : a)
}

/** The context after the attempt in a place has ended without a result. */
function vacated (context: TaskContext, place: Place, outcome: 'failed' | 'lost' | 'refused', failure: Failure): Partial<TaskContext> {
  const { attempts, places, failures, losses } = context
  return {
    failure,
    attempts: end(attempts, places[place]!, outcome, failure),
    places: { [other(place)]: places[other(place)] },
    ...outcome === 'failed' ? { failures: failures + 1 } : { losses: losses + 1 }
  }
}

const taskSetup = setup({
  types: {
    context: {} as TaskContext,
    input: {} as TaskInput,
    events: {} as TaskEvent,
    emitted: {} as TaskCommand
  },
  delays: {
    offerTimeout: ({ context }) => context.timing.offerMs,
    lease: ({ context }) => context.timing.leaseMs,
    suspicion: ({ context }) => context.timing.suspicionMs,
    return: ({ context }) => context.timing.returnMs,
    attemptTimeout: ({ context }) => context.timing.attemptMs,
    secureTimeout: ({ context }) => context.timing.secureMs,
    backoff: ({ context: { job, kind, task, failures, losses, timing } }) =>
      backoffMs(Math.max(1, failures + losses), timing.backoffMs, timing.backoffMaxMs, `${job}/${kind}/${task}`)
  },
  guards: {
    /** Both of a task's places have an attempt that has gone on while the master was away. */
    isBackedUp: ({ context }) => context.places.backup !== undefined,
    isHere: ({ context }, { place, attempt }: { place: Place, attempt: number }) => context.places[place] === attempt,
    /** A worker that leaves hands back what it has not begun: that is no fault of the task. */
    isHandedBack: ({ context }, { place, report }: { place: Place, report: AttemptFailed }) => context.places[place] === report.ref.attempt && report.failure.code === 'ABORTED',
    isWorker: ({ context }, { place, worker }: { place: Place, worker: string }) => at(context, place)?.worker === worker,
    isUnderway: ({ context }) => context.attempts.some(isActive),
    isVacant: ({ context }) => !context.attempts.some(isActive),
    /** A pin that was given up may still end: it does not speak for the output that is secured now. */
    isSecured: ({ context }, { attempt }: { attempt: number }) => context.completion?.ref.attempt === attempt,
    isKnownMap: ({ context, event }) => context.kind === 'map' && event.type === 'attemptCompleted' && context.attempts[event.ref.attempt - 1] !== undefined,
    isKnownReduce: ({ context, event }) => context.kind === 'reduce' && event.type === 'attemptCompleted' && context.attempts[event.ref.attempt - 1] !== undefined,
    isFatal: ({ context }) => context.failure !== undefined && NO_RETRY.has(context.failure.code),
    isExhausted: ({ context }) => context.failures >= context.maxAttempts || context.losses >= context.maxAttempts * LOSSES_PER_ATTEMPT
  },
  actions: {
    open: enqueueActions(({ context, event, enqueue }, { place }: { place: Place }) => {
      if (event.type !== 'offer' && event.type !== 'backup') return
      const { worker } = event
      const attempt = context.attempts.length + 1
      enqueue.assign({ attempts: [...context.attempts, { attempt, worker, outcome: 'active' as const }], places: { ...context.places, [place]: attempt } })
      enqueue.emit({ type: 'assign', attempt, worker, place })
    }),
    /** The attempt in a place has ended without a result: notes it, and says so. */
    close: enqueueActions(({ context, enqueue }, { place, outcome, failure, abort }: { place: Place, outcome: 'failed' | 'lost' | 'refused', failure: Failure, abort?: string }) => {
      const { attempt, worker } = at(context, place)!
      enqueue.assign(vacated(context, place, outcome, failure))
      enqueue.emit({ type: 'attemptEnded', attempt: { attempt, worker, outcome, failure } })
      if (abort !== undefined) enqueue.emit({ type: 'abort', attempt, worker, reason: abort })
    }),
    noteUnsecured: assign(({ context }, { failure }: { failure: Failure }) => ({
      failure, losses: context.losses + 1, completion: undefined,
      attempts: context.attempts.map(a => a.attempt === context.completion?.ref.attempt ? { ...a, outcome: 'lost' as const, failure } : a)
    })),
    noteCompleted: assign(({ context, event }) => event.type === 'attemptCompleted'
      ? { completion: event, attempts: end(context.attempts, event.ref.attempt, 'completed') }
      : {}),
    tellCompleted: emit(({ context }) => ({ type: 'attemptEnded' as const, attempt: context.attempts[context.completion!.ref.attempt - 1]! })),
    /** Ends every attempt that still runs, for instance when another one was first. */
    abortActive: enqueueActions(({ context, enqueue }, { reason }: { reason: string }) => {
      const failure: Failure = { code: 'ABORTED', message: reason }
      for (const { attempt, worker } of context.attempts.filter(isActive)) {
        enqueue.emit({ type: 'abort', attempt, worker, reason })
        enqueue.emit({ type: 'attemptEnded', attempt: { attempt, worker, outcome: 'lost', failure } })
      }
      enqueue.assign({ places: {}, attempts: context.attempts.map(a => isActive(a) ? { ...a, outcome: 'lost' as const, failure } : a) })
    }),
    forgetCompletion: assign({ completion: undefined })
  }
})

const transient = (message: string): Failure => ({ code: 'TRANSIENT', message })

/** One of the two places in which attempts run, with the attempt's lease. */
const placeState = (place: Place) => {
  const lost = (of: (context: TaskContext) => string, abort?: string) => ({
    type: 'close' as const,
    params: ({ context }: { context: TaskContext }) => ({ place, outcome: 'lost' as const, failure: transient(of(context)), ...abort !== undefined && { abort } })
  })
  const worker = (context: TaskContext): string => at(context, place)!.worker
  return taskSetup.createStateConfig({
    initial: 'free',
    states: {
      free: {
        on: { backup: { target: 'offered', actions: { type: 'open', params: { place } } } }
      },
      offered: {
        on: {
          accepted: { guard: { type: 'isHere', params: ({ event }) => ({ place, attempt: event.attempt }) }, target: 'running' },
          refused: {
            guard: { type: 'isHere', params: ({ event }) => ({ place, attempt: event.attempt }) },
            target: 'free',
            actions: { type: 'close', params: ({ event }) => ({ place, outcome: 'refused' as const, failure: event.failure }) }
          }
        },
        after: {
          offerTimeout: {
            target: 'free',
            actions: lost(context => `worker ${worker(context)} did not answer an offer within ${context.timing.offerMs} ms`, 'the offer was not answered in time')
          }
        }
      },
      running: {
        initial: 'leased',
        on: {
          heartbeat: { guard: { type: 'isHere', params: ({ event }) => ({ place, attempt: event.attempt }) }, target: '.leased' },
          workerSuspect: { guard: { type: 'isWorker', params: ({ event }) => ({ place, worker: event.worker }) }, target: '.suspected' }
        },
        after: {
          attemptTimeout: {
            target: 'free',
            actions: {
              type: 'close',
              params: ({ context }) => ({
                place, outcome: 'failed' as const, abort: 'the attempt took too long',
                failure: { code: 'TIMEOUT' as const, message: `the attempt at worker ${worker(context)} did not end within ${context.timing.attemptMs} ms` }
              })
            }
          }
        },
        states: {
          leased: {
            after: { lease: { target: `#task.attempting.${place}.free`, actions: lost(context => `worker ${worker(context)} sent no heartbeat for ${context.timing.leaseMs} ms`, 'its lease ran out') } }
          },
          suspected: {
            after: { suspicion: { target: `#task.attempting.${place}.free`, actions: lost(context => `worker ${worker(context)} disconnected and did not come back within ${context.timing.suspicionMs} ms`) } }
          },
          // The master was away: its worker has to find it again first.
          returning: {
            after: { return: { target: `#task.attempting.${place}.free`, actions: lost(context => `worker ${worker(context)} did not come back within ${context.timing.returnMs} ms of the master's restart`) } }
          }
        }
      }
    },
    on: {
      attemptFailed: [
        {
          guard: { type: 'isHandedBack', params: ({ event }) => ({ place, report: event }) },
          target: '.free',
          actions: { type: 'close', params: ({ event }) => ({ place, outcome: 'refused' as const, failure: event.failure }) }
        },
        {
          guard: { type: 'isHere', params: ({ event }) => ({ place, attempt: event.ref.attempt }) },
          target: '.free',
          actions: { type: 'close', params: ({ event }) => ({ place, outcome: 'failed' as const, failure: event.failure }) }
        }
      ],
      workerLost: {
        guard: { type: 'isWorker', params: ({ event }) => ({ place, worker: event.worker }) },
        target: '.free',
        actions: { type: 'close', params: ({ event }) => ({ place, outcome: 'lost' as const, failure: transient(event.reason) }) }
      }
    }
  })
}

/**
 * The life of a task in flight, at the master. Waiting and finished tasks are plain records in the job's table; a task
 * becomes an actor when it is first offered. While an attempt is much slower than its peers another one may run beside
 * it (Dean and Ghemawat 2004, section 3.6). The first attempt to complete commits, also one that was given up as lost; a
 * reduce commits only when the master holds its output (`securing`).
 */
export const taskMachine = taskSetup.createMachine({
  id: 'task',
  context: ({ input }) => {
    const [primary, backup] = input.attempts.filter(isActive)
    return { ...input, places: { ...primary !== undefined && { primary: primary.attempt }, ...backup !== undefined && { backup: backup.attempt } } }
  },
  initial: 'pending',
  on: {
    attemptCompleted: [
      { guard: 'isKnownMap', target: '.committed', actions: ['noteCompleted', 'tellCompleted'] },
      { guard: 'isKnownReduce', target: '.securing', actions: ['noteCompleted', 'tellCompleted'] }
    ],
    restart: { target: '.pending', actions: [{ type: 'abortActive', params: ({ event }) => ({ reason: event.reason }) }, 'forgetCompletion', emit({ type: 'ready' })] },
    cancel: { target: '.cancelled', actions: { type: 'abortActive', params: ({ event }) => ({ reason: event.reason }) } }
  },
  states: {
    pending: {
      on: {
        resume: [
          { guard: 'isBackedUp', target: ['attempting.primary.running.returning', 'attempting.backup.running.returning'] },
          { guard: 'isUnderway', target: ['attempting.primary.running.returning', 'attempting.backup.free'] }
        ],
        offer: { target: ['attempting.primary.offered', 'attempting.backup.free'], actions: { type: 'open', params: { place: 'primary' } } }
      }
    },
    attempting: {
      type: 'parallel',
      always: [
        { guard: 'isFatal', target: 'judging' },
        { guard: 'isVacant', target: 'judging' }
      ],
      states: {
        primary: placeState('primary'),
        backup: placeState('backup')
      }
    },
    judging: {
      entry: { type: 'abortActive', params: { reason: 'the task has failed' } },
      always: [
        { guard: 'isFatal', target: 'failed' },
        { guard: 'isExhausted', target: 'failed' },
        { target: 'backingOff' }
      ]
    },
    backingOff: {
      after: { backoff: { target: 'pending', actions: emit({ type: 'ready' }) } }
    },
    securing: {
      entry: [
        { type: 'abortActive', params: { reason: 'another attempt was first' } },
        emit(({ context }) => ({ type: 'secure' as const, completion: context.completion!, worker: context.attempts[context.completion!.ref.attempt - 1]!.worker }))
      ],
      on: {
        secured: { guard: { type: 'isSecured', params: ({ event }) => ({ attempt: event.attempt }) }, target: 'committed' },
        secureFailed: { guard: { type: 'isSecured', params: ({ event }) => ({ attempt: event.attempt }) }, target: 'judging', actions: { type: 'noteUnsecured', params: ({ event }) => ({ failure: event.failure }) } }
      },
      after: {
        secureTimeout: {
          target: 'judging',
          actions: { type: 'noteUnsecured', params: ({ context }) => ({ failure: { code: 'TIMEOUT' as const, message: `the output ${context.completion?.output ?? ''} could not be fetched within ${context.timing.secureMs} ms` } }) }
        }
      }
    },
    committed: {
      type: 'final',
      entry: [
        { type: 'abortActive', params: { reason: 'another attempt was first' } },
        emit(({ context }) => ({ type: 'committed' as const, completion: context.completion!, worker: context.attempts[context.completion!.ref.attempt - 1]!.worker }))
      ]
    },
    failed: {
      type: 'final',
      entry: emit(({ context }) => ({ type: 'failed' as const, failure: context.failure! }))
    },
    cancelled: { type: 'final' }
  }
})
