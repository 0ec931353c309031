import { defineProgram } from '@ipfs-mapreduce/mapreduce'

/** As the sort benchmark has its records: https://sortbenchmark.org */
const RECORD_BYTES = 100
const KEY_BYTES = 10

/**
 * Records of 100 bytes in total order over the parts, by their first 10 bytes; those with equal ones stay in the order of the input.
 * The parts, one after another, are the records and nothing else.
 */
export default defineProgram({
  input: { bytes: RECORD_BYTES, keyBytes: KEY_BYTES },
  partition: 'range',
  output: 'joined',
  map: 'identity',
  reduce: 'identity'
})
