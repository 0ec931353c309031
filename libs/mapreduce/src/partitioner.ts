import { kindOf } from './datum/index.ts'
import { MapReduceError, ProgramError } from './errors.ts'
import { fromHex } from './hex.ts'
import type { Bounds } from './job.ts'
import type { PartitionOf } from './pair-buffer.ts'
import { callFailure, keyPlace } from './program-call.ts'
import type { Datum, Program } from './program.ts'

/** FNV-1a, 32 bit: http://www.isthe.com/chongo/tech/comp/fnv/ */
const FNV_OFFSET_BASIS = 0x811c9dc5
const FNV_PRIME = 0x01000193

function fnv1a (bytes: Uint8Array, start: number, end: number): number {
  let hash = FNV_OFFSET_BASIS
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, FNV_PRIME)
  return hash
}

/**
 * The partition of a key by its text bytes, `bytes[start, end)`: FNV-1a & 0x7fffffff, mod `reducers`
 * (the partitioner of MIT 6.824's MapReduce, which the original library used).
 */
export function defaultPartition (bytes: Uint8Array, reducers: number, start = 0, end = bytes.length): number {
  return reducers === 1 ? 0 : (fnv1a(bytes, start, end) & 0x7fffffff) % reducers
}

/** The partition that a program's own `partition` chooses. Throws a `ProgramError` where it is no integer from 0 to `reducers` - 1. */
export function programPartition (program: Partitioning, key: Datum, reducers: number): number {
  let chosen: unknown
  try {
    chosen = program.partition(key, reducers)
  } catch (error) {
    throw callFailure('partition', keyPlace(key), error)
  }
  if (typeof chosen === 'number' && Number.isInteger(chosen) && chosen >= 0 && chosen < reducers) return Math.abs(chosen)
  const what = typeof chosen === 'number' ? String(chosen) : kindOf(chosen)
  const message = `partition returned ${what} at ${keyPlace(key)}: it must be an integer from 0 to ${reducers - 1}`
  throw new ProgramError(message, message)
}

/** A program that chooses partitions itself. */
export type Partitioning = Program & { partition: (key: Datum, reducers: number) => number }

function partitions (program: Program): program is Partitioning {
  return typeof program.partition === 'function'
}

/**
 * How a job partitions its keys. Throws a `MapReduceError` `FATAL` where a program that partitions by range has not got the
 * bounds for it, or another has some.
 */
export function partitionerOf (program: Program, reducers: number, bounds?: Bounds): PartitionOf {
  if (program.partition === 'range') return rangePartitioner(bounds, reducers)
  if (bounds !== undefined) throw new MapReduceError('FATAL', `the job has bounds of partitions, but its program does not partition by range: leave them out, or let it have partition: 'range'`)
  if (partitions(program)) return key => programPartition(program, key, reducers)
  return (_, bytes, start, end) => defaultPartition(bytes, reducers, start, end)
}

/** The number of bounds that a key's text bytes reach. */
function rangePartitioner (bounds: Bounds | undefined, reducers: number): PartitionOf {
  if (bounds === undefined && reducers > 1) {
    throw new MapReduceError('FATAL', 'the program partitions by range, and the job does not say where: submit it with a client that samples the input for bounds, as ipmr run does')
  }
  const edges = checkBounds(bounds ?? [], reducers)
  return (_, bytes, start, end) => {
    let from = 0
    let to = edges.length
    while (from < to) {
      const middle = (from + to) >>> 1
      if (reaches(bytes, start, end, edges[middle]!)) from = middle + 1
      else to = middle
    }
    return from
  }
}

/** The bounds as bytes. Throws a `MapReduceError` `FATAL` where they cannot be those of `reducers` partitions. */
function checkBounds (bounds: Bounds, reducers: number): Uint8Array[] {
  if (bounds.length !== reducers - 1) throw new MapReduceError('FATAL', `the job has ${bounds.length} bounds of partitions: ${reducers} reducers take ${reducers - 1}`)
  return bounds.map((bound, i) => {
    const bytes = fromHex(bound)
    if (bytes === undefined) throw new MapReduceError('FATAL', `bound ${i} of the partitions is no hexadecimal text: ${JSON.stringify(bound.slice(0, 40))}`)
    if (i > 0 && bounds[i - 1]! > bound) throw new MapReduceError('FATAL', `bound ${i} of the partitions is less than the one before it: they must not fall`)
    return bytes
  })
}

/** Whether `bytes[start, end)` is not less than `bound`. */
function reaches (bytes: Uint8Array, start: number, end: number, bound: Uint8Array): boolean {
  const common = Math.min(end - start, bound.length)
  for (let i = 0; i < common; i++) {
    const difference = bytes[start + i]! - bound[i]!
    if (difference !== 0) return difference > 0
  }
  return end - start >= bound.length
}
