import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { UsageError } from '../errors.ts'

/** Turns what a store or a resolver says of `typed` into what a person can do about it. */
export function explainAbsence (typed: string, { connect, dataDir }: { connect?: string, dataDir: string }): (error: unknown) => never {
  return error => {
    if (!(error instanceof MapReduceError)) throw error
    if (error.code === 'BAD_INPUT') throw new UsageError(error.message, '', { cause: error })
    if (error.code !== 'BLOCK_UNAVAILABLE' || connect !== undefined) throw error
    throw notHere(typed, dataDir, error)
  }
}

export function notHere (what: string, dataDir: string, cause?: unknown): MapReduceError {
  return new MapReduceError('BLOCK_UNAVAILABLE', `${what} is not on this machine (${dataDir}): add it with ipmr add, or reach a cluster that holds it with --connect MULTIADDR`, { cause })
}
