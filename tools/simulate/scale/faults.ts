import { HEARTBEAT_MS } from '@ipfs-mapreduce/protocol'

/** How often what goes wrong: shares from 0 to 1. */
export interface FaultRates {
  /** Map attempts that fail. */
  failures: number
  /** Map attempts that take `slowness` times as long. */
  stragglers: number
  slowness: number
  lostHeartbeats: number
  /** Chance of a worker to die at a heartbeat; it is back after `downMs`. */
  deathsPerBeat: number
  downMs: number
  /** Runs that a reducer is told of and cannot fetch. */
  lostRuns: number
}

const BEATS_PER_MINUTE = 60_000 / HEARTBEAT_MS
/** Runs lost in a whole job: each is one more map attempt, whatever the size of the job. */
const LOST_RUNS = 20

export const NO_FAULTS: FaultRates = { failures: 0, stragglers: 0, slowness: 1, lostHeartbeats: 0, deathsPerBeat: 0, downMs: 0, lostRuns: 0 }

/** A cluster of many machines on an ordinary day. */
export function faultRates ({ tasks, reducers }: { tasks: number, reducers: number }): FaultRates {
  return {
    failures: 0.01, stragglers: 0.001, slowness: 20, lostHeartbeats: 0.05,
    deathsPerBeat: 0.001 / BEATS_PER_MINUTE, downMs: 10_000,
    lostRuns: Math.min(0.01, LOST_RUNS / (tasks * reducers))
  }
}
