import type { HeliaFiles } from '@ipfs-mapreduce/blocks'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { IpfsFlags } from '@ipfs-mapreduce/service'
import { asksElsewhere } from '../client/ipfs.ts'
import { UsageError } from '../errors.ts'

/** Where content was looked for. */
export interface Searched {
  dataDir: string
  connect?: string
  ipfs?: IpfsFlags
}

/** Turns what a store or a resolver says of `typed` into what a person can do about it. */
export function explainAbsence (typed: string, { connect, dataDir, ipfs = {} }: Searched): (error: unknown) => never {
  return error => {
    if (!(error instanceof MapReduceError)) throw error
    if (error.code === 'BAD_INPUT') throw new UsageError(error.message, '', { cause: error })
    if (error.code !== 'BLOCK_UNAVAILABLE' || connect !== undefined || asksElsewhere(ipfs)) throw error
    throw notHere(typed, dataDir, error)
  }
}

export function notHere (what: string, dataDir: string, cause?: unknown): MapReduceError {
  return new MapReduceError('BLOCK_UNAVAILABLE', `${what} is not on this machine (${dataDir}): add it with ipmr add, name an IPFS node that has it with --ipfs-api or --ipfs-peer, or reach a cluster that holds it with --connect MULTIADDR`, { cause })
}

/** Where nobody else is asked, what is not on this machine is nowhere: that is told before anything is started for it. */
export async function refuseAbsent (files: HeliaFiles, input: string, { dataDir, ipfs = {} }: Searched): Promise<void> {
  if (asksElsewhere(ipfs)) return
  const [held] = await files.has([input])
  if (held !== true) throw notHere(`the input ${input}`, dataDir)
}
