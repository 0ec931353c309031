import type { Executor, Files } from '@ipfs-mapreduce/mapreduce'
import type { Network } from '@ipfs-mapreduce/protocol'

/** What the parts of a service log to; pino's loggers fit. */
export interface Log {
  debug: (fields: object, message: string) => void
  info: (fields: object, message: string) => void
  warn: (fields: object, message: string) => void
  error: (fields: object, message: string) => void
}

/** What an actor is given: the `Components` of `@ipfs-mapreduce/actors`. */
export interface ServiceComponents {
  network: Network
  files: Files
  clock: { now: () => number, setTimeout: (callback: (...args: unknown[]) => void, ms: number) => unknown, clearTimeout: (id: unknown) => void }
  random: () => number
  newId: () => string
  log: Log
}

export interface WorkerServiceComponents extends ServiceComponents {
  executor: Executor
}

/** What the shell starts and stops. */
export interface ServiceActor {
  start: () => Promise<void>
  /** Takes no more work, finishes what it has, leaves. */
  drain?: () => Promise<void>
  /** What a drain waits for, in words, such as `2 attempts left`; undefined where that is nothing. */
  remaining: () => string | undefined
  /** Gives up what runs and leaves at once. */
  stop: () => Promise<void>
}
