import { defineProgram } from '@ipfs-mapreduce/mapreduce'

/** Reads its input and says nothing: what is left is what a job costs. */
export default defineProgram<'lines', string, string>({
  input: 'lines',
  map () {},
  reduce () {}
})
