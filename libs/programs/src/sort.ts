import { defineProgram, sum } from '@ipfs-mapreduce/mapreduce'

const NEWLINE = 0x0a

/** The lines of all files in total order over the parts, by their bytes (as `LC_ALL=C sort` has them), each as often as it occurs. */
export default defineProgram<'raw-lines', Uint8Array, number>({
  input: 'raw-lines',
  partition: 'range',
  output: 'values',
  map: ({ value }, emit) => emit(value, 1),
  reduce (line, times, emit) {
    const ended = new Uint8Array(line.length + 1)
    ended.set(line)
    ended[line.length] = NEWLINE
    for (let left = sum(times); left > 0; left--) emit(line, ended)
  }
})
