/**
 * Master, mapper and reducer, over ports only.
 *
 * @module @ipfs-mapreduce/actors
 */
export type * from './components.ts'
export type * from './faces.ts'
export { MAX_ENDED_JOBS, MAX_QUEUED_JOBS } from './master/job-book.ts'
export { master } from './master/master.ts'
export { partName } from './master/result.ts'
export * from './window/attempt-log.ts'
export * from './window/layout.ts'
export { JobView, MAX_FAILURES } from './window/job-view.ts'
export type { LoggedFailure, TaskView } from './window/job-view.ts'
export type { Sample } from './window/samples.ts'
export type { Watch, WatchedJob, WatchedTasks } from './window/watch.ts'
export { createWindow } from './window/window.ts'
export type { MasterWindow } from './window/window.ts'
export { mapper, reducer, worker } from './worker/worker.ts'
