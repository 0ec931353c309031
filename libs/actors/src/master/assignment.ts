import { MAX_ROOTS, type AttemptAssigned, type AttemptRef, type Network, type SubmitJob } from '@ipfs-mapreduce/protocol'
import type { TaskRecord } from './task-table.ts'
import type { WorkerTable } from './worker-table.ts'
import type { Timing } from '@ipfs-mapreduce/state-machines'

/** Holders of a task's blocks that are named to its attempt, beside the submitter. */
const MAX_PROVIDERS = 16

export interface AssignmentParts {
  record: TaskRecord
  ref: AttemptRef
  submit: SubmitJob
  /** Map tasks that a reduce waits for. */
  mapTasks: number
  workers: WorkerTable
  network: Pick<Network, 'addresses'>
  timing: Pick<Timing, 'fetchMs' | 'executeMs'>
}

/** What a worker is told of an attempt: all that it needs. */
export function assignment ({ record, ref, submit: { cluster, spec, providers, roots = [] }, mapTasks, workers, network, timing }: AssignmentParts): AttemptAssigned {
  const holders = record.holders.flatMap(peer => workers.get(peer)?.addresses ?? [])
  return {
    type: 'attemptAssigned', ref, cluster, mapTasks,
    program: spec.program, reducers: spec.reducers, args: spec.args, separator: spec.separator, skipBadRecords: spec.skipBadRecords,
    splits: record.splits,
    ...ref.kind === 'map' && spec.sortBufferBytes !== undefined && { sortBufferBytes: spec.sortBufferBytes },
    ...ref.kind === 'map' && spec.bounds !== undefined && { bounds: spec.bounds },
    ...ref.kind === 'map' && { roots: [...new Set([spec.input, ...roots])].slice(0, MAX_ROOTS) },
    providers: [...new Set([...providers, ...network.addresses(), ...holders])].slice(0, MAX_PROVIDERS),
    fetchTimeoutMs: timing.fetchMs, executeTimeoutMs: timing.executeMs
  }
}
