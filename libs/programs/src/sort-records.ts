import { defineProgram } from '@ipfs-mapreduce/mapreduce'

/** As the sort benchmark has its records: https://sortbenchmark.org */
const RECORD_BYTES = 100
const KEY_BYTES = 10

/**
 * Records of 100 bytes in total order over the parts, by their first 10 bytes; those with equal ones stay in the order of the input.
 * The parts, one after another, are the records and nothing else.
 */
export default defineProgram<{ bytes: number }, Uint8Array, Uint8Array>({
  input: { bytes: RECORD_BYTES },
  partition: 'range',
  output: 'values',
  map: ({ value }, emit) => emit(value.subarray(0, KEY_BYTES), value),
  reduce (key, records, emit) {
    for (const record of records) emit(key, record)
  }
})
