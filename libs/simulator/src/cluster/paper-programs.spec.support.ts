import { defineProgram, sum, type InputFormat } from '@ipfs-mapreduce/mapreduce'
import { wordCount } from '@ipfs-mapreduce/programs'
import { hash } from './paper.spec.support.ts'

/** Counts words, and each that begins with a capital. */
export const counting = defineProgram<'lines', string, number>({
  input: 'lines',
  map ({ value }, emit, { count }) {
    for (const word of value.split(' ')) {
      if (/^[A-Z]/.test(word)) count('uppercase')
      emit(word, 1)
    }
  },
  combine: (word, counts, emit) => { emit(word, sum(counts)) },
  reduce (word, counts, emit, { count }) {
    count('words')
    emit(word, sum(counts))
  }
})

/** Its map throws for lines that end in `ab` or `ad`. */
export const picky = defineProgram<'lines', string, number>({
  ...wordCount,
  map (record, emit, context) {
    if (/ab$|ad$/.test(record.value)) throw new TypeError('a bug in a library')
    wordCount.map(record, emit, context)
  }
})

export const byUrl = defineProgram<'lines', string, number>({
  input: 'lines',
  map: ({ value }, emit) => { emit(value, 1) },
  reduce: (url, counts, emit) => { emit(url, sum(counts)) }
})

/** The paper's example of a partitioning function of one's own. */
export const byHost = defineProgram<'lines', string, number>({ ...byUrl, partition: (url, reducers) => hash(new URL(url).hostname) % reducers })

/** Its map answers otherwise each time it runs: forty keys with the number of the run. */
export function whimsical () {
  let lives = 0
  return defineProgram<'lines', string, number>({
    input: 'lines',
    map (_, emit) {
      lives++
      for (let i = 0; i < 40; i++) emit(`k${i}`, lives)
    },
    reduce (key, values, emit) { emit(key, sum(values)) }
  })
}

/** Where each word begins; its reduce notes the words in the order in which it is given them. */
export function ordered (reduced: string[]) {
  return defineProgram<'lines', string, number>({
    input: 'lines',
    map: ({ value, offset }, emit) => { for (const word of value.split(' ')) emit(word, offset) },
    reduce (word, offsets, emit) {
      reduced.push(word)
      emit(word, [...offsets])
    }
  })
}

/** Each record as JSON with its file, by offset. */
export function echo (input: InputFormat) {
  return defineProgram({
    input,
    map: ({ value, file, offset }, emit) => { emit(offset, JSON.stringify([file, (value as unknown) instanceof Uint8Array ? [...value as Uint8Array] : value])) },
    reduce: (offset, values, emit) => { for (const value of values) emit(offset, value) }
  })
}
