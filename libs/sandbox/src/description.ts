import { checkInputFormat } from '@ipfs-mapreduce/mapreduce'
import type { InputFormat, Program } from '@ipfs-mapreduce/mapreduce'

/** What a program is, without running its functions. */
export interface ProgramDescription {
  input: InputFormat
  combine: boolean
  /** `function`: a function of its own. */
  partition: 'hash' | 'range' | 'function'
  /** Whether equal tasks give equal bytes. */
  deterministic: boolean
}

/** What tells of a program, whatever its keys and values are. */
export type Described = Pick<Program, 'input' | 'deterministic'> & { combine?: unknown, partition?: unknown }

/** Describes a checked program. */
export function describeProgram ({ input, combine, partition, deterministic = true }: Described): ProgramDescription {
  return { input: plainInputFormat(input), deterministic, combine: combine !== undefined, partition: partition === undefined ? 'hash' : partition === 'range' ? 'range' : 'function' }
}

/** An input format without what else an object may carry. Throws a `MapReduceError` `FATAL` where it is none. */
export function plainInputFormat (value: unknown): InputFormat {
  checkInputFormat(value)
  return typeof value === 'string' ? value : { bytes: value.bytes }
}
