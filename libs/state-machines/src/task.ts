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

export interface TaskInput {
  job: string
  kind: TaskKind
  task: number
  maxAttempts: number
  /** Of an earlier life, where a committed task's runs were lost. */
  attempts: Attempt[]
  timing: Pick<Timing, 'leaseMs' | 'suspicionMs' | 'offerMs' | 'attemptMs' | 'secureMs' | 'backoffMs' | 'backoffMaxMs'>
}

export interface TaskContext extends TaskInput {
  completion?: AttemptCompleted
  failure?: Failure
  /** Failures and losses since this life began; `attempts` may hold those of an earlier one. */
  failures: number
  losses: number
}

export type TaskEvent =
  /** The scheduler found a worker. */
  | { type: 'offer', worker: string }
  | { type: 'accepted', attempt: number }
  | { type: 'refused', attempt: number, failure: Failure }
  | { type: 'heartbeat', attempt: number }
  | { type: 'workerSuspect', worker: string }
  | { type: 'workerLost', worker: string, reason: string }
  | AttemptCompleted
  | AttemptFailed
  | { type: 'secured', attempt: number }
  | { type: 'secureFailed', attempt: number, failure: Failure }
  | { type: 'cancel', reason: string }

/** Commands to the master's effects. */
export type TaskCommand =
  | { type: 'assign', attempt: number, worker: string }
  | { type: 'abort', attempt: number, worker: string, reason: string }
  | { type: 'secure', completion: AttemptCompleted, worker: string }
  | { type: 'attemptEnded', attempt: Attempt }
  | { type: 'ready' }
  | { type: 'committed', completion: AttemptCompleted, worker: string }
  | { type: 'failed', failure: Failure }

const NO_RETRY = new Set<Failure['code']>(['FATAL', 'BAD_INPUT'])

const current = (context: TaskContext): Attempt | undefined => context.attempts.at(-1)
const active = (context: TaskContext): Attempt | undefined => context.attempts.findLast(({ outcome }) => outcome === 'active')

function end (attempts: Attempt[], attempt: number, outcome: Attempt['outcome'], failure?: Failure): Attempt[] {
  return attempts.map(a => a.attempt === attempt && a.outcome !== 'completed' ? { ...a, outcome, ...failure !== undefined && { failure } } : a)
}

/**
 * The life of a task in flight, at the master. Waiting and finished tasks are plain records in the job's table; a task
 * becomes an actor when it is first offered. The first attempt to complete commits, also one that was given up as lost;
 * a reduce commits only when the master holds its output (`securing`).
 */
export const taskMachine = setup({
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
    attemptTimeout: ({ context }) => context.timing.attemptMs,
    secureTimeout: ({ context }) => context.timing.secureMs,
    backoff: ({ context: { job, kind, task, failures, losses, timing } }) =>
      backoffMs(Math.max(1, failures + losses), timing.backoffMs, timing.backoffMaxMs, `${job}/${kind}/${task}`)
  },
  guards: {
    isCurrent: ({ context }, params: { attempt: number }) => active(context)?.attempt === params.attempt,
    /** A worker that leaves hands back what it has not begun: that is no fault of the task. */
    isHandedBack: ({ context }, { ref, failure }: AttemptFailed) => active(context)?.attempt === ref.attempt && failure.code === 'ABORTED',
    /** A pin that was given up may still end: it does not speak for the output that is secured now. */
    isSecured: ({ context }, params: { attempt: number }) => context.completion?.ref.attempt === params.attempt,
    isWorker: ({ context }, params: { worker: string }) => active(context)?.worker === params.worker,
    isKnownMap: ({ context, event }) => context.kind === 'map' && event.type === 'attemptCompleted' && context.attempts[event.ref.attempt - 1] !== undefined,
    isKnownReduce: ({ context, event }) => context.kind === 'reduce' && event.type === 'attemptCompleted' && context.attempts[event.ref.attempt - 1] !== undefined,
    isFatal: ({ context }) => context.failure !== undefined && NO_RETRY.has(context.failure.code),
    isExhausted: ({ context }) => context.failures >= context.maxAttempts || context.losses >= context.maxAttempts * LOSSES_PER_ATTEMPT
  },
  actions: {
    openAttempt: assign(({ context, event }) => event.type === 'offer'
      ? { attempts: [...context.attempts, { attempt: context.attempts.length + 1, worker: event.worker, outcome: 'active' as const }] }
      : {}),
    assignAttempt: emit(({ context }) => ({ type: 'assign' as const, attempt: current(context)!.attempt, worker: current(context)!.worker })),
    noteFailed: assign(({ context }, { failure }: { failure: Failure }) => ({
      failure, failures: context.failures + 1, attempts: end(context.attempts, active(context)!.attempt, 'failed', failure)
    })),
    noteRefused: assign(({ context }, { failure }: { failure: Failure }) => ({
      failure, losses: context.losses + 1, attempts: end(context.attempts, active(context)!.attempt, 'refused', failure)
    })),
    noteLost: assign(({ context }, { message }: { message: string }) => {
      const failure: Failure = { code: 'TRANSIENT', message }
      return { failure, losses: context.losses + 1, attempts: end(context.attempts, active(context)!.attempt, 'lost', failure) }
    }),
    noteUnsecured: assign(({ context }, { failure }: { failure: Failure }) => ({
      failure, losses: context.losses + 1, completion: undefined,
      attempts: context.attempts.map(a => a.attempt === context.completion?.ref.attempt ? { ...a, outcome: 'lost' as const, failure } : a)
    })),
    noteCompleted: assign(({ context, event }) => event.type === 'attemptCompleted'
      ? { completion: event, attempts: end(context.attempts, event.ref.attempt, 'completed') }
      : {}),
    tellEnded: emit(({ context }) => ({ type: 'attemptEnded' as const, attempt: current(context)! })),
    tellCompleted: emit(({ context }) => ({ type: 'attemptEnded' as const, attempt: context.attempts[context.completion!.ref.attempt - 1]! })),
    /** Tells the worker of the current attempt that it is not wanted any more. */
    abortCurrent: emit(({ context }, { reason }: { reason: string }) => ({ type: 'abort' as const, attempt: current(context)!.attempt, worker: current(context)!.worker, reason })),
    /** Ends every attempt that still runs, for instance when another one was first. */
    abortActive: enqueueActions(({ context, enqueue }, { reason }: { reason: string }) => {
      for (const { attempt, worker, outcome } of context.attempts) {
        if (outcome !== 'active') continue
        enqueue.emit({ type: 'abort', attempt, worker, reason })
        enqueue.emit({ type: 'attemptEnded', attempt: { attempt, worker, outcome: 'lost', failure: { code: 'ABORTED', message: reason } } })
      }
      enqueue.assign({ attempts: context.attempts.map(a => a.outcome === 'active' ? { ...a, outcome: 'lost' as const, failure: { code: 'ABORTED' as const, message: reason } } : a) })
    })
  }
}).createMachine({
  id: 'task',
  context: ({ input }) => ({ ...input, failures: 0, losses: 0 }),
  initial: 'pending',
  on: {
    attemptCompleted: [
      { guard: 'isKnownMap', target: '.committed', actions: ['noteCompleted', 'tellCompleted'] },
      { guard: 'isKnownReduce', target: '.securing', actions: ['noteCompleted', 'tellCompleted'] }
    ],
    cancel: { target: '.cancelled', actions: { type: 'abortActive', params: ({ event }) => ({ reason: event.reason }) } }
  },
  states: {
    pending: {
      on: { offer: { target: 'offered', actions: ['openAttempt', 'assignAttempt'] } }
    },
    offered: {
      on: {
        accepted: { guard: { type: 'isCurrent', params: ({ event }) => ({ attempt: event.attempt }) }, target: 'running' },
        refused: {
          guard: { type: 'isCurrent', params: ({ event }) => ({ attempt: event.attempt }) },
          target: 'judging',
          actions: [{ type: 'noteRefused', params: ({ event }) => ({ failure: event.failure }) }, 'tellEnded']
        },
        attemptFailed: [
          {
            guard: { type: 'isHandedBack', params: ({ event }) => event },
            target: 'judging',
            actions: [{ type: 'noteRefused', params: ({ event }) => ({ failure: event.failure }) }, 'tellEnded']
          },
          {
            guard: { type: 'isCurrent', params: ({ event }) => ({ attempt: event.ref.attempt }) },
            target: 'judging',
            actions: [{ type: 'noteFailed', params: ({ event }) => ({ failure: event.failure }) }, 'tellEnded']
          }
        ],
        workerLost: {
          guard: { type: 'isWorker', params: ({ event }) => ({ worker: event.worker }) },
          target: 'judging',
          actions: [{ type: 'noteLost', params: ({ event }) => ({ message: event.reason }) }, 'tellEnded']
        }
      },
      after: {
        offerTimeout: {
          target: 'judging',
          actions: [
            { type: 'noteLost', params: ({ context }) => ({ message: `worker ${current(context)!.worker} did not answer an offer within ${context.timing.offerMs} ms` }) },
            'tellEnded',
            { type: 'abortCurrent', params: { reason: 'the offer was not answered in time' } }
          ]
        }
      }
    },
    running: {
      initial: 'leased',
      on: {
        attemptFailed: [
          {
            guard: { type: 'isHandedBack', params: ({ event }) => event },
            target: 'judging',
            actions: [{ type: 'noteRefused', params: ({ event }) => ({ failure: event.failure }) }, 'tellEnded']
          },
          {
            guard: { type: 'isCurrent', params: ({ event }) => ({ attempt: event.ref.attempt }) },
            target: 'judging',
            actions: [{ type: 'noteFailed', params: ({ event }) => ({ failure: event.failure }) }, 'tellEnded']
          }
        ],
        heartbeat: { guard: { type: 'isCurrent', params: ({ event }) => ({ attempt: event.attempt }) }, target: '.leased' },
        workerSuspect: { guard: { type: 'isWorker', params: ({ event }) => ({ worker: event.worker }) }, target: '.suspected' },
        workerLost: {
          guard: { type: 'isWorker', params: ({ event }) => ({ worker: event.worker }) },
          target: 'judging',
          actions: [{ type: 'noteLost', params: ({ event }) => ({ message: event.reason }) }, 'tellEnded']
        }
      },
      after: {
        attemptTimeout: {
          target: 'judging',
          actions: [
            { type: 'noteFailed', params: ({ context }) => ({ failure: { code: 'TIMEOUT' as const, message: `the attempt at worker ${current(context)!.worker} did not end within ${context.timing.attemptMs} ms` } }) },
            'tellEnded',
            { type: 'abortCurrent', params: { reason: 'the attempt took too long' } }
          ]
        }
      },
      states: {
        leased: {
          after: {
            lease: {
              target: '#task.judging',
              actions: [
                { type: 'noteLost', params: ({ context }) => ({ message: `worker ${current(context)!.worker} sent no heartbeat for ${context.timing.leaseMs} ms` }) },
                'tellEnded',
                { type: 'abortCurrent', params: { reason: 'its lease ran out' } }
              ]
            }
          }
        },
        suspected: {
          after: {
            suspicion: {
              target: '#task.judging',
              actions: [
                { type: 'noteLost', params: ({ context }) => ({ message: `worker ${current(context)!.worker} disconnected and did not come back within ${context.timing.suspicionMs} ms` }) },
                'tellEnded'
              ]
            }
          }
        }
      }
    },
    judging: {
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
        // The first to complete is being secured; a second answer waits its turn in the worker's store.
        attemptCompleted: { actions: [] },
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
