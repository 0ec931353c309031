/**
 * A Helia node of one's own as master, mapper and reducer.
 *
 * `registerProtocol(helia)` makes it work for others; `createMaster(helia, { program, input })` has others work for it.
 *
 * @module @ipfs-mapreduce/helia
 */
export { createMaster } from './create-master.ts'
export type { JobMaster, JobResult, MasterOptions } from './create-master.ts'
export { JobError } from './errors.ts'
export type { HeliaNode, Membership } from './node.ts'
export type { JobProgram } from './program.ts'
export { registerProtocol } from './register-protocol.ts'
export type { RegisteredNode, RegisterOptions } from './register-protocol.ts'
export { filesOnHelia } from '@ipfs-mapreduce/blocks'
export type { FilesOnHeliaInit, HeliaFiles, HostNode } from '@ipfs-mapreduce/blocks'
export { MapReduceError } from '@ipfs-mapreduce/mapreduce'
export type { Counters, ErrorCode } from '@ipfs-mapreduce/mapreduce'
export type { JobStatus, WorkerStatus } from '@ipfs-mapreduce/protocol'
