import type { Executor } from '@ipfs-mapreduce/mapreduce'
import { lieAboutMap, lieAboutReduce } from './lie.ts'
import type { Perils } from './perils.ts'
import type { Roll } from './roll.ts'
import type { Waits } from './waits.ts'

export interface FaultyExecutorInit {
  roll: Roll
  perils: Perils
  /** Its own: closed with it. */
  waits: Waits
  random: () => number
}

/** An executor that is slow, stalls, dies in the midst of an attempt, or lies. */
export function faultyExecutor (inner: Executor, { roll, perils, waits, random }: FaultyExecutorInit): Executor {
  return {
    ...inner.readAheadBytes !== undefined && { readAheadBytes: inner.readAheadBytes },
    async execute (work, options) {
      await perils.begin('execute', waits, options.signal)
      if (!roll.strikes('lie', 'output')) return await inner.execute(work, options)
      if (work.kind === 'map') return await inner.execute(work, { ...options, read: lieAboutMap(work, options.read, random), lend: undefined })
      return lieAboutReduce(await inner.execute(work, options), random)
    },
    async close () {
      waits.close()
      await inner.close()
    }
  }
}
