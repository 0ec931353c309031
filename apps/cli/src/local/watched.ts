import { MapReduceError, ProgramError } from '@ipfs-mapreduce/mapreduce'
import type { Datum, Emit, InputFormat, MapRecord, Program, ProgramContext, RecordValue } from '@ipfs-mapreduce/mapreduce'

/** Characters of a key in a message. */
const MAX_KEY_CHARS = 80

export interface Watched {
  program: Program
  /** What became of a run that `error` ended: a `ProgramError` that says in which call, at which record or key. */
  failure: (error: unknown, stackOf: (error: Error) => string) => unknown
}

/** A program that is watched at its calls, so that a throw can be told with its place. */
export function watched (program: Program): Watched {
  let call = ''
  const { map, reduce, partition } = program
  return {
    program: {
      ...program,
      ...map !== 'identity' && {
        map: (record: MapRecord<RecordValue<InputFormat>>, emit: Emit, context: ProgramContext) => {
          call = `map threw at ${record.file}, offset ${record.offset}`
          refuseDeferred('map', map.call(program, record, emit, context))
          call = ''
        }
      },
      ...reduce !== 'identity' && {
        reduce: (key: Datum, values: Iterable<Datum>, emit: Emit, context: ProgramContext) => {
          call = `reduce threw at key ${shownKey(key)}`
          refuseDeferred('reduce', reduce.call(program, key, values, emit, context))
          call = ''
        }
      },
      ...typeof partition === 'function' && {
        partition: (key: Datum, reducers: number) => {
          call = `partition threw at key ${shownKey(key)}`
          const chosen = partition.call(program, key, reducers)
          call = ''
          return chosen
        }
      }
    },
    failure: (error, stackOf) => {
      if (call === '' || (error instanceof MapReduceError && !(error instanceof ProgramError))) return error
      if (!(error instanceof Error)) return new ProgramError(`${call}: ${String(error)}`, `${String(error)} (thrown without a stack)`)
      return new ProgramError(`${call}: ${error.name}: ${error.message}`, stackOf(error), { cause: error })
    }
  }
}

/** As executors do: what has still to run would emit too late. */
function refuseDeferred (name: string, result: unknown): void {
  if (typeof result !== 'object' || result === null) return
  const kind = 'then' in result ? 'async' : 'next' in result ? 'a generator' : undefined
  if (kind !== undefined) throw new TypeError(`programs are synchronous, so ${name} must not be ${kind}`)
}

function shownKey (key: Datum): string {
  const text = key instanceof Uint8Array ? `${key.length} bytes` : JSON.stringify(key)
  return text.length > MAX_KEY_CHARS ? `${text.slice(0, MAX_KEY_CHARS)}…` : text
}
