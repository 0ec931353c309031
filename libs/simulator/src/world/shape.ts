import type { Timing } from '@ipfs-mapreduce/state-machines'

/** A range of whole numbers, both ends included. */
export interface Range { min: number, max: number }

/** A cluster as data. */
export interface ClusterShape {
  masters: number
  mappers: number
  reducers: number
  /** Attempts at once of each worker. */
  slots: number
  /** Whether workers are told who their masters are, or only where: then adverts name them as well. */
  named: boolean
  /** Whether masters keep a journal: without one, their jobs end with their process. */
  journaled: boolean
  /** Delays that differ from `DEFAULT_TIMING`. */
  timing: Partial<Timing>
  /** Latency of one hop, in milliseconds. */
  latencyMs: Range
  /** Virtual milliseconds that each thing done on a disk takes. */
  diskMs: number
  /** Virtual milliseconds that an attempt executes. */
  executeMs: Range
  /** Chance that an attempt at the program `endless` never ends. */
  endless: number
}
