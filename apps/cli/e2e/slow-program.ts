/** A word count whose map takes its time over each line: a job that can be interrupted. */
export function slowWordCount (msPerLine: number): string {
  return `
const clock = new Int32Array(new SharedArrayBuffer(4))
export default {
  input: 'lines',
  map ({ value }, emit) {
    Atomics.wait(clock, 0, 0, ${msPerLine})
    for (const word of value.match(/\\p{L}+/gu) ?? []) emit(word, 1)
  },
  reduce (word, counts, emit) { let sum = 0; for (const n of counts) sum += n; emit(word, sum) }
}
`
}
