/** Programs of the executor's compliance suite, as the source of ES modules. */

export const WORD_COUNT = `
const sum = values => { let total = 0; for (const value of values) total += value; return total }
export default {
  input: 'lines',
  map ({ value }, emit, { count }) {
    count('lines')
    for (const word of value.match(/\\p{L}+/gu) ?? []) emit(word, 1)
  },
  combine: (key, values, emit) => emit(key, sum(values)),
  reduce: (key, values, emit) => emit(key, sum(values))
}`

/** Keeps what it has seen until the end of the task. */
export const KEEPS = `
let lines = 0
export default {
  input: 'lines',
  map () { lines++ },
  finish (emit, { count }) {
    emit('lines', lines)
    count('finished')
    lines = 0
  },
  reduce (key, counts, emit) { for (const count of counts) emit(key, count) }
}`

/** Counts the newlines of its lines, many at once. */
export const MAPS_LINES = `
export default {
  input: 'raw-lines',
  map () { throw new Error('one by one') },
  mapLines: ({ value, offset }, emit) => emit(value instanceof Uint8Array ? 'newlines' : 'no bytes', [offset, value.filter(byte => byte === 0x0a).length]),
  reduce (key, values, emit) { for (const [offset, count] of values) emit(key, offset + ' ' + count) }
}`

/** One key, its values in input order. */
export const LINE_LENGTHS = `
export default {
  input: 'lines',
  map: ({ value, file }, emit, { args }) => emit(file, value.length + ' ' + args.unit),
  reduce: (key, values, emit) => emit(key, [...values].join(','))
}`

/** A pair of its own for each line; nothing to combine. */
export const DIVIDES = `
export default {
  input: 'lines',
  map: ({ value, offset }, emit) => emit(offset, value),
  reduce: (key, values, emit) => { for (const value of values) emit(key, value) }
}`

export const EMITS_BYTES = `
export default {
  input: { bytes: 100 },
  map: ({ value }, emit) => emit('bytes', value),
  reduce (key, values, emit) {
    const all = [...values].flatMap(bytes => [...bytes])
    emit(all.length, all.reduce((sum, byte) => sum + byte, 0))
  }
}`

/** No function of its own. */
export const SORTS = `
export default { input: { bytes: 7, keyBytes: 2 }, map: 'identity', reduce: 'identity', output: 'joined' }`

export const MAP_THROWS = `
function inner (value) { if (value.includes('sea')) throw new TypeError('no sea today') }
export default { input: 'lines', map ({ value }) { inner(value) }, reduce () {} }`

export const REDUCE_THROWS = `
function tooMany () { throw new RangeError('too many') }
export default {
  input: 'lines',
  map ({ value }, emit) { for (const word of value.match(/\\p{L}+/gu) ?? []) emit(word, 1) },
  reduce (key, values, emit) { if ([...values].length === 3) tooMany(); emit(key, 1) }
}`

/** Emits and counts before it throws. */
export const FINICKY = `
function noSea (value) { if (value.includes('sea')) throw new TypeError('no sea today') }
export default {
  input: 'lines',
  map ({ value }, emit, { count }) {
    count('lines')
    for (const word of value.match(/\\p{L}+/gu) ?? []) emit(word, 1)
    noSea(value)
  },
  reduce (key, values, emit) {
    let total = 0
    for (const value of values) total += value
    emit(key, total)
    if (key === 'whale') throw new RangeError('no whale either')
  }
}`

export const UNDEFINED_VALUE = `
export default { input: 'lines', map ({ value }, emit) { emit(value, undefined) }, reduce () {} }`

export const PROMISES = `
export default { input: 'lines', map: async () => { throw new Error('later') }, reduce () {} }`

export const FOREVER = `
export default { input: 'lines', map () { for (;;); }, reduce () {} }`

export const NO_SYNTAX = 'export default {'
export const NO_PROGRAM = 'export default { input: "lines", map () {} }'
