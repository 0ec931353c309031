/**
 * The shell that all services share: command line and variables, log, data directory, node, start and stop.
 *
 * A service's `main.ts` is one call: `runService({ role, create })`, or `runWorker({ role, worker, executor })`.
 */
export { systemClock } from './clock.ts'
export { CLOSE_TIMEOUT_MS, createClosers } from './closers.ts'
export type { Closers } from './closers.ts'
export type { Log } from '@ipfs-mapreduce/actors'
export { defaultDataDir, IN_MEMORY, openDataDir, openScratch } from './data-dir.ts'
export type { DataDirChoice } from './data-dir.ts'
export { idMaker } from './ids.ts'
export { createLog, LOG_FORMATS, LOG_LEVELS } from './log.ts'
export type { LogFormat, LogLevel, ServiceLog } from './log.ts'
export type { Http, Observation } from './observation.ts'
export { LOCAL_MASTER, parseOptions } from './options.ts'
export type { ServiceOptions, ServiceRole } from './options.ts'
export { readyLine } from './ready-line.ts'
export type { Ready } from './ready-line.ts'
export { runService } from './run-service.ts'
export type { ServiceDefinition, ServiceParts } from './run-service.ts'
export { runWorker } from './run-worker.ts'
export type { WorkerDefinition } from './run-worker.ts'
export { listenForStop } from './stop-requests.ts'
export type { StopRequests } from './stop-requests.ts'
export type { ServiceActor } from './service-actor.ts'
export { isTaken } from './store-lock.ts'
export { tcpAddressFault } from './tcp-address.ts'
export { VERSION } from './version.ts'
