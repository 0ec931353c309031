import { describe, expect, it } from '@jest/globals'
import type { WorkerStatus } from '@ipfs-mapreduce/protocol'
import { GlanceTeller, glanceAtJob, glanceAtMaster } from './glance.ts'
import { jobStatus, tasks } from './job-status.spec.support.ts'

const mapper: WorkerStatus = { peer: '12D3KooWx', role: 'mapper', slots: 2, running: 1, state: 'ready', addresses: [], attempts: [] }

describe('a job at a glance', () => {
  it('is a line: how far it is, and what came of it', () => {
    expect(glanceAtJob(jobStatus()).text).toBe('job j1: running 2.3 s, map 2/8 (2 running, 1 attempt failed), reduce 0/2')
    const done = { maps: tasks(8, 8), reduces: tasks(2, 2) }
    expect(glanceAtJob(jobStatus({ ...done, state: 'succeeded', result: 'bafyresult' })).text).toBe('job j1: succeeded 2.3 s, map 8/8, reduce 2/2, result bafyresult')
    expect(glanceAtJob(jobStatus({ ...done, state: 'failed', reason: 'map threw\n\x1b[2J' })).text).toBe('job j1: failed 2.3 s, map 8/8, reduce 2/2, map threw; \ufffd[2J')
  })
})

describe('a master at a glance', () => {
  it('is its jobs by state, its workers, and how far those jobs are that run', () => {
    const jobs = [jobStatus({ job: 'j0', state: 'succeeded' }), jobStatus({ job: 'j9', state: 'succeeded' }), jobStatus()]
    expect(glanceAtMaster({ jobs, workers: [mapper] }).text).toBe('3 jobs (2 succeeded, 1 running); 1 mapper, 0 reducers, 1 of 2 slots busy; job j1: running 2.3 s, map 2/8 (2 running, 1 attempt failed), reduce 0/2')
    expect(glanceAtMaster({ jobs: [], workers: [] }).text).toBe('no jobs; 0 mappers, 0 reducers, 0 of 0 slots busy')
  })
})

describe('looking again and again', () => {
  it('tells of another state at once, of other changes after a while, and of time that passes nothing', () => {
    const teller = new GlanceTeller(3_000)
    const at = (ms: number, ...[changes = {}]: Parameters<typeof jobStatus>): boolean =>
      teller.isWorthTelling(glanceAtJob(jobStatus({ ...changes, phases: [{ name: 'total', ms }] })), ms)
    expect(at(0)).toBe(true)
    expect(at(10_000)).toBe(false)
    expect(at(11_000, { maps: tasks(8, 3) })).toBe(true)
    expect(at(12_000, { maps: tasks(8, 4) })).toBe(false)
    expect(at(14_000, { maps: tasks(8, 4) })).toBe(true)
    expect(at(14_100, { maps: tasks(8, 8), state: 'succeeded' })).toBe(true)
    expect(at(60_000, { maps: tasks(8, 8), state: 'succeeded' })).toBe(false)
  })

  it('tells at once who joins a master, and not that a slot is busy', () => {
    const teller = new GlanceTeller(3_000)
    const at = (ms: number, ...workers: WorkerStatus[]): boolean => teller.isWorthTelling(glanceAtMaster({ jobs: [], workers }), ms)
    expect([at(0), at(1_000, mapper), at(2_000, { ...mapper, running: 2 }), at(4_000, { ...mapper, running: 2 })]).toEqual([true, true, false, true])
  })
})
