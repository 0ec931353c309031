import type { Executor, Files, Journal } from '@ipfs-mapreduce/mapreduce'
import type { Watch } from './window/watch.ts'
import type { MasterWindow } from './window/window.ts'
import type { Network } from '@ipfs-mapreduce/protocol'
import type { MachineReport } from '@ipfs-mapreduce/state-machines'

/** Time, handed in: the system's, or the simulator's that steps. Fits a machine's. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now: () => number
  /** Calls back once, `ms` milliseconds from now. Returns what `clearTimeout` takes. */
  setTimeout: (callback: (...args: unknown[]) => void, ms: number) => unknown
  /** Has that not happen; one that is over is no error. */
  clearTimeout: (id: unknown) => void
}

/** Structured log; pino's loggers fit. */
export interface Log {
  /** For who looks for a fault. */
  debug: (fields: object, message: string) => void
  /** What an operator wants to know. */
  info: (fields: object, message: string) => void
  /** What went wrong and was borne. */
  warn: (fields: object, message: string) => void
  /** What should not have happened. */
  error: (fields: object, message: string) => void
}

/** What every actor is given: ports, never libraries. */
export interface Components {
  network: Network
  files: Files
  clock: Clock
  /** 0 ≤ result < 1. */
  random: () => number
  /** A new job id. */
  newId: () => string
  log: Log
  /** Is told of every machine's steps, for metrics, spans and the coverage of tests. */
  inspect?: (report: MachineReport) => void
}

export interface MasterComponents extends Components {
  /** Where decisions are written before they are acted on. Without one, jobs end with the process. */
  journal?: Journal
  /** Is told of jobs and attempts: see `createWindow`. */
  watch?: Watch
  /** Where a client that asks for the course of a job is answered from; it has to be told of jobs by `watch`. */
  window?: Pick<MasterWindow, 'job'>
  /** Brings a result to where it stays beside this master, before the job is announced as succeeded. Where it fails the job has a warning, and its result. */
  keepResult?: (result: string, options: { signal: AbortSignal }) => Promise<void>
}

export interface WorkerComponents extends Components {
  executor: Executor
}
