import { describe, expect, it } from '@jest/globals'
import { defineProgram, RUN_BLOCK_BYTES } from '@ipfs-mapreduce/mapreduce'
import { createWorld } from './world.spec.support.ts'

/** One pair, whose run has three leaves. */
const long = defineProgram({
  input: 'lines',
  map: (_, emit) => { emit('long', 'x'.repeat(2 * RUN_BLOCK_BYTES + 1)) },
  reduce: (key, values, emit) => { emit(key, [...values].length) }
})

describe('what a reducer has fetched of a run', () => {
  it('goes with the job, also where the rest of the run never came', async () => {
    const w = createWorld({ seed: 'L', programs: { long } })
    w.master('master')
    w.worker('m1', ['master'])
    w.worker('r1', ['master'])
    await w.clock.advance(1000)
    let late = 0
    // All but the run's last leaf, which is small, may come.
    w.network.intercept(({ from, to, cargo }) => from === 'm1' && to === 'r1' && cargo.kind === 'block' && cargo.bytes < 100 && ++late > 0 ? { drop: true } : undefined)
    const job = await w.submit('master', 'long', { 'a.txt': 'a line' }, { chunkBytes: 1024, reducers: 1 })
    const disk = w.files.disk('r1')
    await w.clock.runUntil(() => late > 0 && disk.cids().length > 1, 60_000, 'a part of the run is here, and the rest is lost')
    await w.settled(w.lead('master').cancel(job, 'enough'))
    await w.clock.advance(60_000)
    const given = new Set(w.files.disk('client').cids())
    expect(disk.cids().filter(cid => !given.has(cid))).toEqual([])
  })
})
