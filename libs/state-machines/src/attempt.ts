import { assign, emit, setup } from 'xstate'
import { backoffMs } from './backoff.ts'
import type { Timing } from './timing.ts'
import type { Counters, SkippedRecord } from '@ipfs-mapreduce/mapreduce'
import type { AttemptRef, Failure, Run } from '@ipfs-mapreduce/protocol'

/** What an attempt made, as its report says it. */
export interface AttemptOutcome {
  runs: Run[]
  output?: string
  outputBytes: number
  counters: Counters
  skipped: SkippedRecord[]
}

/** What an attempt's machine begins with; times are milliseconds. */
export interface AttemptInput {
  ref: AttemptRef
  timing: Pick<Timing, 'fetchMs' | 'executeMs' | 'storeMs' | 'reportMs' | 'backoffMaxMs' | 'awayMs'>
}

/** What it knows. */
export interface AttemptContext extends AttemptInput {
  fetchedBytes: number
  fetchedBlocks: number
  outcome?: AttemptOutcome
  failure?: Failure
  reports: number
}

/** What moves it: completions of its effects, and what its master says. */
export type AttemptEvent =
  | { type: 'start' }
  /** What execution needs first is here; with what has moved over the network for it. */
  | { type: 'fetched', bytes: number, blocks: number }
  /** A slot of its worker is its own now. */
  | { type: 'slotTaken' }
  /** With what has moved since: input is fetched while its beginning is mapped. */
  | { type: 'executed', bytes: number, blocks: number }
  | { type: 'stored', outcome: AttemptOutcome }
  /** The effect of the current state failed. */
  | { type: 'stepFailed', failure: Failure }
  | { type: 'reported' }
  | { type: 'reportFailed' }
  /** The master is back: what waits to be reported is reported now. */
  | { type: 'masterBack' }
  | { type: 'abort', reason: string }

/** Commands to the worker's effects; their completions come back as events. */
export type AttemptCommand =
  | { type: 'fetch' }
  | { type: 'takeSlot' }
  | { type: 'execute' }
  | { type: 'store' }
  | { type: 'report', outcome: AttemptOutcome | undefined, failure: Failure | undefined, fetchedBytes: number, fetchedBlocks: number }
  /** Stop whatever runs for this attempt. */
  | { type: 'halt', reason: string }

/**
 * The life of an attempt at its worker. Every way out but `aborted` passes `reporting`: a failure is told like a result. A map
 * attempt leaves `fetching` with the first bytes of its splits; the rest is fetched while they are mapped. A reduce attempt waits
 * in `fetching` for runs of maps that still run, so only a map's fetch is timed there; each single fetch of a run has its own
 * deadline in the `Files` port. An attempt that was offered while another one is about to end waits in `queued` for the slot of that
 * one, whose own delays bound the wait. A report that is not taken is sent again for as long as a master may be away: the work is done,
 * and its runs are kept.
 */
export const attemptMachine = setup({
  types: {
    context: {} as AttemptContext,
    input: {} as AttemptInput,
    events: {} as AttemptEvent,
    emitted: {} as AttemptCommand
  },
  delays: {
    fetchTimeout: ({ context }) => context.timing.fetchMs,
    executeTimeout: ({ context }) => context.timing.executeMs,
    storeTimeout: ({ context }) => context.timing.storeMs,
    away: ({ context }) => context.timing.awayMs,
    reportRetry: ({ context: { ref, reports, timing } }) =>
      backoffMs(reports, timing.reportMs, timing.backoffMaxMs, `report/${ref.job}/${ref.kind}/${ref.task}/${ref.attempt}`)
  },
  guards: {
    isMap: ({ context }) => context.ref.kind === 'map',
    hasFailure: ({ context }) => context.failure !== undefined
  },
  actions: {
    noteFetched: assign(({ context, event }) => event.type === 'fetched' || event.type === 'executed'
      ? { fetchedBytes: context.fetchedBytes + event.bytes, fetchedBlocks: context.fetchedBlocks + event.blocks }
      : {}),
    noteOutcome: assign(({ event }) => event.type === 'stored' ? { outcome: event.outcome } : {}),
    noteFailure: assign(({ event }) => event.type === 'stepFailed' ? { failure: event.failure } : {}),
    noteTimeout: assign((_, params: { step: string, ms: number }) => ({
      failure: { code: 'TIMEOUT' as const, message: `${params.step} did not end within ${params.ms} ms` }
    })),
    countReport: assign({ reports: ({ context }) => context.reports + 1 }),
    sendReport: emit(({ context: { outcome, failure, fetchedBytes, fetchedBlocks } }) =>
      ({ type: 'report' as const, outcome, failure, fetchedBytes, fetchedBlocks })),
    halt: emit(({ event, context }) => ({
      type: 'halt' as const,
      reason: event.type === 'abort' ? event.reason : context.failure?.message ?? 'the attempt ended'
    }))
  }
}).createMachine({
  id: 'attempt',
  context: ({ input }) => ({ ...input, fetchedBytes: 0, fetchedBlocks: 0, reports: 0 }),
  initial: 'accepted',
  on: {
    abort: { target: '.aborted', actions: 'halt' }
  },
  states: {
    accepted: {
      on: { start: 'fetching' }
    },
    fetching: {
      entry: emit({ type: 'fetch' }),
      on: {
        fetched: { target: 'queued', actions: 'noteFetched' },
        stepFailed: { target: 'reporting', actions: 'noteFailure' }
      },
      after: {
        fetchTimeout: {
          guard: 'isMap',
          target: 'reporting',
          actions: [{ type: 'noteTimeout', params: ({ context }) => ({ step: 'fetching the program and the split', ms: context.timing.fetchMs }) }, 'halt']
        }
      }
    },
    queued: {
      entry: emit({ type: 'takeSlot' }),
      on: {
        slotTaken: 'executing',
        stepFailed: { target: 'reporting', actions: 'noteFailure' }
      }
    },
    executing: {
      entry: emit({ type: 'execute' }),
      on: {
        executed: { target: 'storing', actions: 'noteFetched' },
        stepFailed: { target: 'reporting', actions: 'noteFailure' }
      },
      after: {
        executeTimeout: {
          target: 'reporting',
          actions: [{ type: 'noteTimeout', params: ({ context }) => ({ step: `running ${context.ref.kind}`, ms: context.timing.executeMs }) }, 'halt']
        }
      }
    },
    storing: {
      entry: emit({ type: 'store' }),
      on: {
        stored: { target: 'reporting', actions: 'noteOutcome' },
        stepFailed: { target: 'reporting', actions: 'noteFailure' }
      },
      after: {
        storeTimeout: {
          target: 'reporting',
          actions: [{ type: 'noteTimeout', params: ({ context }) => ({ step: 'storing the output', ms: context.timing.storeMs }) }, 'halt']
        }
      }
    },
    reporting: {
      initial: 'sending',
      states: {
        sending: {
          entry: ['countReport', 'sendReport'],
          on: {
            reported: [
              { guard: 'hasFailure', target: '#attempt.failed' },
              { target: '#attempt.done' }
            ],
            reportFailed: 'waiting'
          }
        },
        waiting: {
          on: { masterBack: 'sending' },
          after: { reportRetry: 'sending' }
        }
      },
      after: { away: 'failed' }
    },
    done: { type: 'final' },
    failed: { type: 'final' },
    aborted: { type: 'final' }
  }
})
