import { defineProgram } from '@ipfs-mapreduce/mapreduce'
import { pacer } from './pace.ts'

const mapped = pacer(20)
const reduced = pacer(200)

/** Where each word occurs, `file:offset` of every line, at the pace of `--arg paceMs=`. No combiner: runs are as large as they get. */
export default defineProgram<'lines', string, string>({
  input: 'lines',
  map ({ value, file, offset }, emit, { args, count }) {
    mapped(Number(args['paceMs']))
    count('lines')
    for (const word of value.match(/\p{L}+/gu) ?? []) emit(word, `${file}:${offset}`)
  },
  reduce (word, places, emit, { args }) {
    reduced(Number(args['paceMs']))
    const all = [...new Set(places)].sort()
    emit(word, `${all.length} ${all.join(',')}`)
  }
})
