import { defineProgram, sum } from '@ipfs-mapreduce/mapreduce'
import { SHIPPED, type Programs } from '../cluster/program-bundle.ts'
import type { SeededRandom } from '../prng.ts'

/** A record with this word makes `poisoned` throw. */
export const POISON = 'poison'

/** The name of a program whose bundle no worker can load. */
export const UNLOADABLE = 'unloadable'

/** Counts words by blanks, and its records by the job's own counter. */
const counting = defineProgram<'lines', string, number>({
  input: 'lines',
  map ({ value }, emit, { count }) {
    count('lines')
    for (const word of value.split(/\s+/)) if (word !== '') emit(word, 1)
  },
  combine: (word, counts, emit) => { emit(word, sum(counts)) },
  reduce: (word, counts, emit) => { emit(word, sum(counts)) }
})

/** Throws on the records that hold the poison; without one it counts. */
const poisoned = defineProgram<'lines', string, number>({
  ...counting,
  map (record, emit, context) {
    if (record.value.includes(POISON)) throw new TypeError(`cannot stomach ${POISON} at ${record.offset}`)
    counting.map(record, emit, context)
  }
})

/** Programs of a simulation beside those that ship. `endless` counts; that some of its attempts never end is its executor's doing. */
export const BEHAVED: Programs = { ...SHIPPED, counting, poisoned, endless: counting }

/** The programs as one process has them: `whimsical` answers by that process's chance, otherwise with each attempt. */
export function simulatedPrograms (random: SeededRandom): Programs {
  const whimsical = defineProgram<'lines', string, number>({
    ...counting,
    map ({ value }, emit) { for (const word of value.split(/\s+/)) if (word !== '') emit(word, random.int(3)) }
  })
  return { ...BEHAVED, whimsical }
}
