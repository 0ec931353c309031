/** A word count whose map takes its time over each line: a job that can be interrupted. */
export function slowWordCount (msPerLine: number): string {
  return `
export default {
  input: 'lines',
  map ({ value }, emit) {
    const end = Date.now() + ${msPerLine}
    while (Date.now() < end);
    for (const word of value.match(/\\p{L}+/gu) ?? []) emit(word, 1)
  },
  reduce (word, counts, emit) { let sum = 0; for (const n of counts) sum += n; emit(word, sum) }
}
`
}
