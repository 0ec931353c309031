import { defineProgram, sum } from '@ipfs-mapreduce/mapreduce'
import { pacer } from './pace.ts'

const mapped = pacer(20)
const reduced = pacer(200)

/** How often each word occurs, at the pace of `--arg paceMs=`. */
export default defineProgram<'lines', string, number>({
  input: 'lines',
  map ({ value }, emit, { args, count }) {
    mapped(Number(args['paceMs']))
    count('lines')
    for (const word of value.match(/\p{L}+/gu) ?? []) emit(word, 1)
  },
  combine: (word, counts, emit) => { emit(word, sum(counts)) },
  reduce (word, counts, emit, { args }) {
    reduced(Number(args['paceMs']))
    emit(word, sum(counts))
  }
})
