import { assign, emit, setup } from 'xstate'
import { backoffMs } from './backoff.ts'
import type { Timing } from './timing.ts'

/** What a membership's machine begins with; times are milliseconds. */
export interface WorkerInput {
  /** The multiaddr at which a master is sought. */
  address: string
  timing: Pick<Timing, 'heartbeatMs' | 'rejoinMs' | 'rejoinMaxMs'>
}

/** What it knows. */
export interface WorkerContext extends WorkerInput {
  /** The master's peer id, once it has welcomed this worker. */
  master?: string
  heartbeatMs: number
  failedJoins: number
  /** It leaves as soon as nobody needs what it has. */
  leaving: boolean
}

/** What moves it. */
export type WorkerEvent =
  | { type: 'welcome', master: string, heartbeatMs: number }
  | { type: 'joinFailed' }
  | { type: 'masterLost' }
  /** Another link already serves this master, or it will never be one. */
  | { type: 'dismiss' }
  | { type: 'drain' }
  /** The last attempt of a draining worker has ended, and nobody needs its runs. */
  | { type: 'idle' }
  | { type: 'stop' }

/** Commands to the worker's effects. */
export type WorkerCommand =
  | { type: 'join', address: string }
  | { type: 'welcomed', master: string }
  | { type: 'heartbeat' }
  | { type: 'leave', master: string | undefined }

/** A worker's membership with one master. A worker that lost its master keeps its attempts and what they made, and rejoins. */
export const workerMachine = setup({
  types: {
    context: {} as WorkerContext,
    input: {} as WorkerInput,
    events: {} as WorkerEvent,
    emitted: {} as WorkerCommand
  },
  delays: {
    heartbeat: ({ context }) => context.heartbeatMs,
    rejoin: ({ context: { failedJoins, timing, address } }) => backoffMs(Math.max(1, failedJoins), timing.rejoinMs, timing.rejoinMaxMs, address)
  },
  guards: {
    isLeaving: ({ context }) => context.leaving,
    isStranger: ({ context }) => context.master === undefined
  },
  actions: {
    noteLeaving: assign({ leaving: true }),
    noteWelcome: assign(({ event }) => event.type === 'welcome' ? { master: event.master, heartbeatMs: event.heartbeatMs, failedJoins: 0 } : {}),
    tellWelcomed: emit(({ event }) => ({ type: 'welcomed' as const, master: event.type === 'welcome' ? event.master : '' })),
    countFailedJoin: assign({ failedJoins: ({ context }) => context.failedJoins + 1 }),
    sendJoin: emit(({ context }) => ({ type: 'join' as const, address: context.address })),
    sendHeartbeat: emit({ type: 'heartbeat' as const }),
    sendLeave: emit(({ context }) => ({ type: 'leave' as const, master: context.master }))
  }
}).createMachine({
  id: 'worker',
  context: ({ input }) => ({ ...input, heartbeatMs: input.timing.heartbeatMs, failedJoins: 0, leaving: false }),
  initial: 'joining',
  on: { stop: '.left' },
  states: {
    joining: {
      initial: 'asking',
      // Who is dismissed does not take leave: another link serves that master.
      on: {
        // A master that was there before may be back, and need the runs that are here.
        drain: [{ guard: 'isStranger', target: 'left' }, { actions: 'noteLeaving' }],
        idle: { guard: 'isLeaving', target: 'left' },
        dismiss: { target: 'left', actions: assign({ master: undefined }) }
      },
      states: {
        asking: {
          entry: 'sendJoin',
          on: {
            welcome: [
              { guard: 'isLeaving', target: '#worker.draining', actions: ['noteWelcome', 'tellWelcomed'] },
              { target: '#worker.ready', actions: ['noteWelcome', 'tellWelcomed'] }
            ],
            joinFailed: { target: 'waiting', actions: 'countFailedJoin' }
          }
        },
        waiting: {
          after: { rejoin: 'asking' }
        }
      }
    },
    ready: {
      entry: 'sendHeartbeat',
      on: {
        masterLost: 'joining',
        drain: { target: 'draining', actions: 'noteLeaving' }
      },
      after: { heartbeat: { target: 'ready', reenter: true } }
    },
    draining: {
      entry: 'sendHeartbeat',
      on: {
        masterLost: 'joining',
        idle: 'left'
      },
      after: { heartbeat: { target: 'draining', reenter: true } }
    },
    left: { type: 'final', entry: 'sendLeave' }
  }
})
