import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { Deadline } from './deadline.ts'

/** Names of errors of libp2p that say that a message was not one of ours, rather than that nobody was there. */
const BAD_FRAMES = new Set(['InvalidDataLengthError', 'InvalidDataLengthLengthError', 'InvalidMessageLengthError', 'StreamBufferError'])
const TOO_MANY = new Set(['TooManyOutboundProtocolStreamsError'])

export function messageOf (error: unknown): string {
  // libp2p rejects some waits with the event that ended them.
  if (error instanceof Event) return 'error' in error && error.error != null ? messageOf(error.error) : `the connection was ended (${error.type})`
  return error instanceof Error || (typeof error === 'object' && error !== null && 'message' in error) ? String(error.message) : String(error)
}

function nameOf (error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : ''
}

/** Whether an error is a `MapReduceError`, also one of another realm or copy of its module. */
export function isMapReduceError (error: unknown): error is MapReduceError {
  return error instanceof MapReduceError || nameOf(error) === 'MapReduceError' || nameOf(error) === 'ProgramError'
}

/** Which offence of a peer an error tells of, if any. */
export function frameOffence (error: unknown): 'oversized' | 'malformed' | undefined {
  if (!BAD_FRAMES.has(nameOf(error))) return undefined
  return nameOf(error) === 'InvalidDataLengthError' ? 'oversized' : 'malformed'
}

/** What went wrong with a peer, in the port's codes. `what` says what was tried: `Cannot ask PEER`. */
export function peerFailure (error: unknown, what: string, deadline?: Deadline): MapReduceError {
  if (deadline?.signal.aborted === true) {
    const reason = deadline.signal.reason as MapReduceError
    return new MapReduceError(reason.code, `${what}: ${reason.message}`, { cause: reason.cause ?? error })
  }
  if (isMapReduceError(error)) { return error }
  const name = nameOf(error)
  if (BAD_FRAMES.has(name)) { return new MapReduceError('BAD_INPUT', `${what}: its answer is too large or not length-prefixed (${messageOf(error)})`, { cause: error }) }
  if (TOO_MANY.has(name)) { return new MapReduceError('TRANSIENT', `${what}: too many requests under way`, { cause: error }) }
  return new MapReduceError('UNREACHABLE', `${what}: ${dialReasons(error)}`, { cause: error })
}

/** libp2p gathers the errors of several addresses in one whose own message does not say them. */
function dialReasons (error: unknown): string {
  if (typeof error === 'object' && error !== null && 'errors' in error && Array.isArray(error.errors)) {
    return [...new Set(error.errors.map(messageOf))].join('; ')
  }
  return messageOf(error)
}
