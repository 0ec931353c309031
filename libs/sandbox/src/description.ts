import { checkInputFormat } from '@ipfs-mapreduce/mapreduce'
import type { InputFormat, Program } from '@ipfs-mapreduce/mapreduce'

/** What a program is, without running its functions. */
export interface ProgramDescription {
  input: InputFormat
  combine: boolean
  partition: boolean
}

export function describeProgram ({ input, combine, partition }: Program): ProgramDescription {
  return { input, combine: combine !== undefined, partition: partition !== undefined }
}

/** An input format without what else an object may carry. Throws a `MapReduceError` `FATAL` where it is none. */
export function plainInputFormat (value: unknown): InputFormat {
  checkInputFormat(value)
  return typeof value === 'string' ? value : { bytes: value.bytes }
}
