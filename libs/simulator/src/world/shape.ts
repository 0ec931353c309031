import type { Timing } from '@ipfs-mapreduce/state-machines'

/** A range of whole numbers, both ends included. */
export interface Range { min: number, max: number }

/** The names of a cluster's masters; the spare ones come last. */
export function mastersOf ({ masters, spares = 0 }: Pick<ClusterShape, 'masters' | 'spares'>): string[] {
  return Array.from({ length: masters + spares }, (_, i) => i === 0 ? 'master' : `master${i + 1}`)
}

/** A cluster as data. */
export interface ClusterShape {
  masters: number
  /** Masters beside them that workers know of and that do not run until somebody starts them. */
  spares?: number
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
