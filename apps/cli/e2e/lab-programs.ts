/** Programs of the lab's cases, as a person would write them. They wait without the processor: Atomics.wait is a sleep. Those that tell the time say that they are not deterministic. */

const SLEEP = `
const clock = new Int32Array(new SharedArrayBuffer(4))
const sleep = ms => { Atomics.wait(clock, 0, 0, ms) }
`

/** Each file holds a time in milliseconds, which its map takes; the output says when each map began and ended. */
export const TIMED_MAPS = `${SLEEP}
export default {
  input: 'text',
  deterministic: false,
  map ({ value, file }, emit) {
    const begin = Date.now()
    sleep(Number.parseInt(value, 10))
    emit(file, [begin, Date.now()])
  },
  reduce (file, spans, emit) { for (const [begin, end] of spans) emit(file, begin + ' ' + end) }
}
`

/** One key for each partition, whose reduce takes `--arg ms=`; the output says when each reduce began and ended. */
export const TIMED_REDUCES = `${SLEEP}
export default {
  input: 'text',
  deterministic: false,
  map ({ value }, emit, { args }) { for (let key = 0; key < Number(args.reduces); key++) emit(key, value.length) },
  partition: (key, reducers) => key % reducers,
  reduce (key, lengths, emit, { args }) {
    const begin = Date.now()
    sleep(Number(args.ms))
    emit(key, begin + ' ' + Date.now())
  }
}
`

/** Word count whose reduces differ in time: the first letters of a word say which of them is slow. */
export const UNEVEN_COUNT = `${SLEEP}
let slept = false
export default {
  input: 'lines',
  map ({ value }, emit) { for (const word of value.match(/\\p{L}+/gu) ?? []) emit(word, 1) },
  partition: (word, reducers) => word.codePointAt(0) % reducers,
  reduce (word, counts, emit, { args }) {
    if (!slept && word.codePointAt(0) % 2 === 0) sleep(Number(args.ms))
    slept = true
    let sum = 0
    for (const n of counts) sum += n
    emit(word, sum)
  }
}
`

/** A stretch of time that a program noted, in milliseconds since the epoch. */
export interface Span {
  begin: number
  end: number
}

/** Spans from output lines `key begin end`. */
export function spansOf (...parts: string[]): Span[] {
  return parts.flatMap(part => part.split('\n').slice(0, -1)).map(line => {
    const [begin = NaN, end = NaN] = line.split(' ').slice(-2).map(Number)
    return { begin, end }
  })
}

/** The most spans that hold one moment. */
export function mostAtOnce (spans: Span[]): number {
  return Math.max(0, ...spans.map(({ begin }) => spans.filter(other => other.begin <= begin && begin < other.end).length))
}
