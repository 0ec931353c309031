/**
 * Whatever waits, retries or gives up, as pure state machines.
 *
 * @module @ipfs-mapreduce/state-machines
 */
export * from './attempt.ts'
export * from './backoff.ts'
export * from './job.ts'
export * from './master.ts'
export * from './run/machine-actor.ts'
export * from './task.ts'
export * from './timing.ts'
export * from './worker.ts'
