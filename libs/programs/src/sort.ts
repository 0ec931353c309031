import { defineProgram, sum } from '@ipfs-mapreduce/mapreduce'

const NEWLINE = 0x0a

/** The lines of all files in total order over the parts, by their bytes (as `LC_ALL=C sort` has them), each as often as it occurs. */
export default defineProgram<'raw-lines', Uint8Array, number>({
  input: 'raw-lines',
  partition: 'range',
  output: 'values',
  map: ({ value }, emit) => emit(value, 1),
  reduce (line, times, emit) {
    const ended = endedLine(line)
    for (let left = sum(times); left > 0; left--) emit(line, ended)
  }
})

/** Where a line is given its end: an array of its own for each would take longer than all else. What is emitted is written at once. */
let room = new Uint8Array(1024)

function endedLine (line: Uint8Array): Uint8Array {
  if (line.length >= room.length) room = new Uint8Array(2 * line.length)
  room.set(line)
  room[line.length] = NEWLINE
  return room.subarray(0, line.length + 1)
}
