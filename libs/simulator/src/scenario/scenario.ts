import type { Priority } from '@ipfs-mapreduce/protocol'
import type { Fault } from '../faults/fault.ts'
import type { ClusterShape } from '../world/shape.ts'

/** One job that a user submits, as data. Times are virtual milliseconds from the beginning. */
export interface JobPlan {
  atMs: number
  master: string
  program: string
  args: Record<string, string>
  /** The input: text by path. */
  files: Record<string, string>
  /** Leaf size of the input's files. */
  chunkBytes: number
  splitBytes: number
  reducers: number
  /** Peers that hold the whole input, beside the client. */
  holders: string[]
  priority: Priority
  /** 0 chooses the master's default. */
  maxAttempts: number
  deadlineMs: number
  skipBadRecords: number
  /** The user cancels it then, if it has not ended. */
  cancelAtMs?: number
}

/** All that decides a run, as data (JSON): a cluster, jobs and faults. What is left to chance, `seed` decides. */
export interface Scenario {
  seed: string
  cluster: ClusterShape
  jobs: JobPlan[]
  faults: Fault[]
  /** When faults end and all heals. From then on every job has to end in bounded time. */
  faultsMs: number
}
