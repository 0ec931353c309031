import type { JobStatus, Status, WorkerStatus } from '@ipfs-mapreduce/protocol'
import type { Timing } from '@ipfs-mapreduce/state-machines'

/** Which cluster a master serves, and how. */
export interface MasterInit {
  /** Only workers and clients of this cluster are answered. */
  cluster: string
  /** Delays that differ from `DEFAULT_TIMING`. */
  timing?: Partial<Timing>
  /** Jobs that run at once, default `MAX_RUNNING_JOBS` of the protocol's constants; more wait for their turn. */
  maxRunningJobs?: number
  /** Ids of the peers that may submit, resume and cancel jobs; whoever is connected where absent. */
  acceptClients?: readonly string[]
}

/** A master: takes jobs, has workers run them, and keeps their results. */
export interface Master {
  /** Takes up what its journal has, and answers from then on. Rejects with `STORAGE` where the journal cannot be read. */
  start: () => Promise<void>
  /** All jobs, in short, and all workers. */
  status: () => Status
  /** A job in full; undefined where it is not known. */
  job: (id: string) => JobStatus | undefined
  /** Resolves when the cancellation is written down; rejects with BAD_INPUT where the job is not known. */
  cancel: (id: string, reason: string) => Promise<void>
  /** Takes no more jobs; resolves when those it has have ended. */
  drain: () => Promise<void>
  /** Leaves. What runs is taken up again at the next start where there is a journal, else it is cancelled and the workers are told. */
  stop: () => Promise<void>
}

/** Which cluster a worker serves, and how. */
export interface WorkerInit {
  cluster: string
  role: 'mapper' | 'reducer' | 'worker'
  /** Attempts at once; of a `worker`, of each kind. */
  slots: number
  /** Multiaddrs of masters to join, with or without `/p2p/PEER`; masters that advertise on the cluster's topic are joined too. */
  masters: string[]
  /** Ids of the peers that may be its masters; every master of its cluster where absent. */
  acceptMasters?: readonly string[]
  /** Delays that differ from `DEFAULT_TIMING`. */
  timing?: Partial<Timing>
}

/** A mapper, a reducer, or both: runs attempts for the masters that it has joined. */
export interface Worker {
  /** Looks for its masters, and takes attempts from then on. */
  start: () => Promise<void>
  /** What it runs, and how it stands with its masters. */
  status: () => WorkerStatus
  /** Called each time the worker has been welcomed by a master. */
  onReady: (listener: (master: string) => void) => void
  /** Takes no more attempts, finishes those it has, leaves; resolves when it has left. */
  drain: () => Promise<void>
  /** Aborts what runs and leaves at once. */
  stop: () => Promise<void>
}
