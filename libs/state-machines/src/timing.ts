import { HEARTBEAT_MS, LEASE_MS } from '@ipfs-mapreduce/protocol'

/**
 * Named delays of the machines, in milliseconds. All are handed in as a whole (`Timing`), so that tests and
 * simulations can shrink or stretch them; these are the defaults and the reasons for them.
 */
export interface Timing {
  /** A worker's heartbeat. */
  heartbeatMs: number
  /** An attempt without a heartbeat for this long is lost. */
  leaseMs: number
  /** The same after its worker's connection closed: a dead process is noticed sooner, a reset one has time to rejoin. */
  suspicionMs: number
  /** After a master's restart: how long an attempt that ran before has to be heard of again. */
  returnMs: number
  /** An offer without an answer. */
  offerMs: number
  /** Fetching the program and a map's split. */
  fetchMs: number
  /** One run of map or reduce over its input. */
  executeMs: number
  /** An attempt from acceptance to report, as the master sees it. */
  attemptMs: number
  /** Storing the outputs of an attempt. */
  storeMs: number
  /** Fetching and pinning a reduce output at the master. */
  secureMs: number
  /** First backoff of a task; doubles with each failure up to `backoffMaxMs`. */
  backoffMs: number
  backoffMaxMs: number
  /** First pause before an unanswered report is sent again; doubles up to `backoffMaxMs`. */
  reportMs: number
  /** First pause before a worker tries again to join; doubles up to `rejoinMaxMs`. */
  rejoinMs: number
  rejoinMaxMs: number
  /** How long a worker keeps what it made, and tries to report it, while its master is away. */
  awayMs: number
  /** Between a master's adverts. */
  advertMs: number
  /** A whole job, from submission to result. */
  deadlineMs: number
  /** How long a job with work to do waits while no worker of the role it needs is there. */
  workerWaitMs: number
  /** Between two checkpoints of a job, while it makes progress. */
  checkpointMs: number
  /** A task is not backed up before it has run for this long, however fast its peers were. */
  backupMs: number
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** The delays of a cluster whose machines may be busy, in milliseconds. */
export const DEFAULT_TIMING: Timing = {
  heartbeatMs: HEARTBEAT_MS,
  leaseMs: LEASE_MS,
  suspicionMs: 1 * SECOND,
  returnMs: 20 * SECOND,
  offerMs: 15 * SECOND,
  fetchMs: 5 * MINUTE,
  executeMs: 1 * HOUR,
  attemptMs: 24 * HOUR,
  storeMs: 10 * MINUTE,
  secureMs: 30 * MINUTE,
  backoffMs: 200,
  backoffMaxMs: 10 * SECOND,
  reportMs: 250,
  rejoinMs: 250,
  rejoinMaxMs: 5 * SECOND,
  awayMs: 1 * HOUR,
  advertMs: 2 * SECOND,
  deadlineMs: 24 * HOUR,
  workerWaitMs: 60 * SECOND,
  checkpointMs: 10 * SECOND,
  backupMs: 2 * SECOND
}

/** Throws where two delays contradict each other. */
export function checkTiming (timing: Timing): Timing {
  const { heartbeatMs, leaseMs, suspicionMs, returnMs, backoffMs, backoffMaxMs, rejoinMs, rejoinMaxMs } = timing
  if (leaseMs < 3 * heartbeatMs) throw new RangeError(`leaseMs ${leaseMs} must be at least three heartbeats of ${heartbeatMs} ms: one lost message must do no harm`)
  if (suspicionMs > leaseMs) throw new RangeError(`suspicionMs ${suspicionMs} must not exceed leaseMs ${leaseMs}`)
  if (returnMs < rejoinMaxMs + heartbeatMs) throw new RangeError(`returnMs ${returnMs} must cover a rejoin of up to ${rejoinMaxMs} ms and a heartbeat of ${heartbeatMs} ms`)
  if (backoffMs > backoffMaxMs) throw new RangeError(`backoffMs ${backoffMs} must not exceed backoffMaxMs ${backoffMaxMs}`)
  if (rejoinMs > rejoinMaxMs) throw new RangeError(`rejoinMs ${rejoinMs} must not exceed rejoinMaxMs ${rejoinMaxMs}`)
  return timing
}

/** Attempts of one task that may fail before the job does (Hadoop's `mapreduce.map.maxattempts`). */
export const DEFAULT_MAX_ATTEMPTS = 4
/** Attempts lost with their workers or refused are not the task's fault; this many times `maxAttempts` of them are borne. */
export const LOSSES_PER_ATTEMPT = 4
/** Times the runs of one map task may be lost and made again. */
export const MAX_REOPENS = 16
/** Failures of a worker in one job after which the job gives it no more work (Hadoop's `mapreduce.job.maxtaskfailures.per.tracker`). */
export const BLACKLIST_FAILURES = 3
/** A task is slow when it has run this many times as long as the median of its peers (Spark's `spark.speculation.multiplier`). */
export const SLOW_MEDIANS = 3
/** Share of a phase's tasks that must have committed before one of the rest counts as slow. */
export const BACKUP_COMMITTED_SHARE = 0.5
