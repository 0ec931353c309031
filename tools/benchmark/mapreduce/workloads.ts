import { defineProgram } from '@ipfs-mapreduce/mapreduce'
import type { Program } from '@ipfs-mapreduce/mapreduce'
import { grep, invertedIndex, sort, sortRecords, wordCount } from '@ipfs-mapreduce/programs'
import { RARE_WORD } from './input.ts'
import type { InputKind } from './input.ts'

/** What `map` is told that a file is called. */
export function fileName (fileBytes: number, offset: number): string {
  return `files/${Math.floor(offset / fileBytes)}.txt`
}

export interface Workload {
  program: Program
  input: InputKind
  args: Record<string, string>
  /** The input is taken for files of this size, as far as `map` can see. Default: one file. */
  fileBytes?: number
}

/** Where the partitions of a sort begin: shares of the bytes that keys of an input begin with. */
export function boundsOf (input: InputKind, reducers: number): string[] {
  const [first, last] = input === 'text' ? [0x61, 0x7a] : [0x20, 0x7f]
  return Array.from({ length: reducers - 1 }, (_, i) => Math.round(first + (last - first) * (i + 1) / reducers).toString(16).padStart(2, '0'))
}

/** Ten thousand of them are 64 MiB. */
const SMALL_FILE_BYTES = 6711

/** Pairs of strings that nothing combines. */
const identity = defineProgram<'lines', string, string>({
  input: 'lines',
  map: ({ value }, emit) => emit(value, ''),
  reduce (key, values, emit) { for (const value of values) emit(key, value) }
})

/** As `identity`, with a short key of each line: long groups. */
const index = defineProgram<'lines', string, string>({
  input: 'lines',
  map: ({ value, offset }, emit) => { for (const word of value.split(' ')) emit(word, String(offset)) },
  reduce (key, values, emit) {
    let count = 0
    for (const offset of values) count += offset.length
    emit(key, count)
  }
})

export const WORKLOADS: ReadonlyMap<string, Workload> = new Map([
  ['word-count', { program: wordCount, input: 'text', args: {} }],
  ['grep', { program: grep, input: 'text', args: { pattern: RARE_WORD } }],
  ['sort-records', { program: sortRecords, input: 'records', args: {} }],
  ['sort', { program: sort, input: 'text', args: {} }],
  ['inverted-index', { program: invertedIndex, input: 'text', args: {}, fileBytes: SMALL_FILE_BYTES }],
  ['identity', { program: identity, input: 'text', args: {} }],
  ['merge', { program: index, input: 'text', args: {} }]
] as unknown as Array<[string, Workload]>)
