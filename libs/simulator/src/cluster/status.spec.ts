import { describe, expect, it } from '@jest/globals'
import { defineProgram, MAX_COUNTER_NAME_CHARS, MAX_USER_COUNTERS, type ProgramContext } from '@ipfs-mapreduce/mapreduce'
import { MAX_MESSAGE_BYTES } from '@ipfs-mapreduce/protocol'
import { createWorld } from './world.spec.support.ts'

/** Bytes of a name that is as long as it may be: three for each character. */
const NAME_BYTES = 3 * MAX_COUNTER_NAME_CHARS
/** So many that what they counted is more than a message may hold: a map and a reduce count under names of their own. */
const JOBS = Math.ceil(MAX_MESSAGE_BYTES / (2 * MAX_USER_COUNTERS * NAME_BYTES))

function countMuch (kind: string, { count }: ProgramContext): void {
  for (let i = 0; i < MAX_USER_COUNTERS; i++) count(`${kind} ${i} `.padEnd(MAX_COUNTER_NAME_CHARS, '鯨'))
}

const counting = defineProgram<'lines', string, number>({
  input: 'lines',
  map (_, emit, context) {
    countMuch('map', context)
    emit('k', 1)
  },
  reduce (key, _, emit, context) {
    countMuch('reduce', context)
    emit(key, 1)
  }
})

describe('the status of a master', () => {
  it('can be told of many jobs that have counted much; what they counted, of one at a time', async () => {
    const w = createWorld({ seed: 'status', slots: 16, executeMs: () => 1, programs: { counting } })
    w.master('master')
    for (const name of ['m1', 'r1']) w.worker(name, ['master'])
    const jobs: string[] = []
    for (let i = 0; i < JOBS; i++) jobs.push(await w.submit('master', 'counting', { 'a.txt': 'x\n' }, { reducers: 1 }))
    for (const job of jobs) expect(await w.ended('master', job)).toMatchObject({ state: 'succeeded' })
    const all = await w.settled(w.client().request('master', { type: 'statusQuery' }))
    expect(all.type === 'status' && all.jobs.map(({ job }) => job).sort()).toEqual([...jobs].sort())
    const one = await w.settled(w.client().request('master', { type: 'statusQuery', job: jobs[0]! }))
    const course = (job: string): Promise<unknown> => w.settled(w.client().request('master', { type: 'courseQuery', job, after: { begun: 0, ended: 0 } }))
    await expect(course(jobs[0]!)).rejects.toMatchObject({ code: 'REFUSED', message: expect.stringContaining('does not keep the course') })
    await expect(course('nobody')).rejects.toMatchObject({ code: 'BAD_INPUT' })
    expect(one.type === 'status' && Object.keys(one.jobs[0]!.counters).filter(name => name.includes('鯨'))).toHaveLength(2 * MAX_USER_COUNTERS)
  })
})
