import { MapReduceError } from '@ipfs-mapreduce/mapreduce'

/**
 * A message that its sender is not accepted for: of no master of this worker's, of no client of this master's, about an
 * attempt that another holds. On the wire it is `REFUSED`; the network that carried it keeps count of who sent it.
 */
export class UnauthorizedError extends MapReduceError {
  constructor (message: string) {
    super('REFUSED', message)
  }
}
