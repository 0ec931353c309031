import { describe, expect, it } from '@jest/globals'
import { defineProgram, MAX_COUNTER_NAME_CHARS, MAX_USER_COUNTERS, type ProgramContext } from '@ipfs-mapreduce/mapreduce'
import { MAX_COUNTERS, MAX_MESSAGE_BYTES, type JobStatus } from '@ipfs-mapreduce/protocol'
import { destroy } from './afflictions.spec.support.ts'
import { A_LINE_A_TASK, lines } from './lines.spec.support.ts'
import { createWorld, NO_BACKUPS } from './world.spec.support.ts'

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

  it('can be told, and taken up by another master, of a job whose tasks count under more names together than a message holds', async () => {
    const program = defineProgram<'lines', string, number>({
      input: 'lines',
      map ({ value }, emit, { count }) {
        for (let i = 0; i < MAX_USER_COUNTERS; i++) count(`${value} ${i}`)
        emit('k', 1)
      },
      reduce: (key, _, emit) => { emit(key, 1) }
    })
    const w = createWorld({ seed: 'names', timing: NO_BACKUPS, executeMs: ({ kind, task }) => kind === 'map' && task > 8 ? 60_000 : 2_000, programs: { program } })
    w.master('master')
    w.master('other')
    for (const name of ['m1', 'r1']) w.worker(name, ['master', 'other'])
    await w.clock.advance(2_000)
    const job = await w.submit('master', 'program', { 'a.txt': lines(12) }, { ...A_LINE_A_TASK, reducers: 1 })
    const shown = (): JobStatus => w.lead('master').job(job)!
    await w.clock.runUntil(() => shown().maps.committed === 9 && shown().checkpoint !== undefined, 600_000, 'most maps')
    const before = shown().checkpoint
    await w.clock.runUntil(() => shown().checkpoint !== before, 600_000, 'the next checkpoint')
    const told = await w.settled(w.client().request('master', { type: 'statusQuery', job }))
    const [status] = told.type === 'status' ? told.jobs : []
    expect(status).toMatchObject({ counters: { 'map.input.records': expect.any(Number) }, warnings: [expect.stringMatching(/counts under more than \d+ names/)] })
    expect(Object.keys(status!.counters).length).toBeLessThanOrEqual(MAX_COUNTERS)
    await w.clock.advance(500)
    destroy(w, 'master')
    await w.clock.advance(1_000)
    const answer = await w.settled(w.client().request(w.network.address('other'), { type: 'resumeJob', cluster: 'simulated', checkpoint: status!.checkpoint!, providers: [] }))
    expect(answer).toEqual({ type: 'jobAccepted', job })
    expect(await w.ended('other', job)).toMatchObject({ state: 'succeeded', counters: { 'map.input.records': 12 } })
  })
})
