import { intrinsics } from './datum/intrinsics.ts'

/**
 * The taxonomy of failures, on the wire and in code (after Disco's worker protocol).
 * - `TRANSIENT`: try again, elsewhere if possible
 * - `PROGRAM`: the user's program threw; tried again up to the bound, then the job fails
 * - `FATAL`: no attempt can succeed (an unusable program, input or spec)
 * - `BLOCK_UNAVAILABLE`: a block of the input was not found on any peer asked
 * - `INPUT_LOST`: a committed run cannot be fetched; its map task runs again
 * - `TIMEOUT`, `ABORTED`, `STORAGE`: as they say
 */
export type ErrorCode =
  | 'TRANSIENT' | 'PROGRAM' | 'FATAL' | 'BLOCK_UNAVAILABLE' | 'INPUT_LOST' | 'TIMEOUT' | 'ABORTED' | 'STORAGE'
  | 'BAD_INPUT' | 'REFUSED' | 'UNREACHABLE'

/** An error with a code, whose message says what failed, where, and what to do. */
export class MapReduceError extends Error {
  // Defined, not assigned: where the language's own objects are frozen, assigning to a name that they have throws.
  override readonly name: string = 'MapReduceError'
  readonly code: ErrorCode

  constructor (code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The user's program threw, or emitted what cannot be a key or value. `programStack` is its own stack, empty in what is thrown at the program. */
export class ProgramError extends MapReduceError {
  override readonly name = 'ProgramError'
  readonly programStack: string

  constructor (message: string, programStack: string, options?: ErrorOptions) {
    super('PROGRAM', message, options)
    this.programStack = programStack
    // It is thrown at the program, whose calls are not in a stack of this realm.
    if (programStack === '') Object.defineProperty(this, 'stack', { value: intrinsics.stack().replace(/^.*$/m, () => `${this.name}: ${message}`), configurable: true, writable: true })
  }
}
