import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createWindow, type WatchedJob } from '@ipfs-mapreduce/actors'
import { CODES, type AttemptOutcome } from '@ipfs-mapreduce/actors/layout'
import type { JobStatus, WorkerStatus } from '@ipfs-mapreduce/protocol'
import { apply, NOTHING, type Model } from '../model/model.ts'
import { jobStatus } from '../fixture/job.ts'
import { MAX_ROWS_PER_PUSH, Viewer, type Scene } from './viewer.ts'
import type { DoorView, Push } from './push.ts'

const TASKS = 12
type Record = WatchedJob['maps']['table']['records'][number]

/** A master in words: a real window on a job whose tasks the test moves. */
function stage () {
  let nowMs = 1000
  let status = jobStatus('j')
  const workers = new Map<string, WorkerStatus>()
  const door = { counts: {}, offenders: [], limit: 10 } as DoorView
  const records = Array.from({ length: TASKS }, (_, task) => ({ task, state: 'pending' }) as Record)
  const machines = new Map<number, unknown>()
  const window = createWindow({ now: () => nowMs })
  const tasks = { table: { records }, machineOf: (task: number) => machines.get(task) }
  const job: WatchedJob = { id: 'j', startedMs: nowMs, maps: tasks, reduces: { ...tasks, table: { records: records.slice(0, 3) } }, machine: { alive: 'planning' }, isReplaying: false, status: () => status }
  window.jobOpened(job)
  const attempts = new Map<number, number>()
  return {
    window, workers, records,
    wait: (ms: number) => { nowMs += ms },
    setStatus: (changed: Partial<JobStatus>) => { status = { ...status, ...changed } },
    start: (task: number) => {
      if (records[task]!.state === 'inFlight') return
      records[task]!.state = 'inFlight'
      machines.set(task, { attempting: { primary: { running: 'leased' }, backup: 'free' } })
      attempts.set(task, (attempts.get(task) ?? 0) + 1)
      window.attemptStarted({ job: 'j', kind: 'map', task, attempt: attempts.get(task)! }, { worker: `w${task % 3}`, backup: false, local: true })
    },
    end: (task: number, outcome: 'completed' | 'failed') => {
      if (records[task]!.state !== 'inFlight') return
      records[task]!.state = outcome === 'completed' ? 'committed' : 'backingOff'
      machines.delete(task)
      window.attemptEnded({ job: 'j', kind: 'map', task, attempt: attempts.get(task)! }, { worker: `w${task % 3}`, outcome, ...outcome === 'failed' && { failure: { code: 'PROGRAM', message: `task ${task} threw` } } })
    },
    offend: (offence: string) => { door.counts[offence] = (door.counts[offence] ?? 0) + 1 },
    close: () => { window.jobEnded(job) },
    scene: (): Scene => ({
      now: nowMs, status: { type: 'status', jobs: [status], workers: [...workers.values()] }, door,
      job: id => id === 'j' ? status : undefined, view: window.job, states: (view, kind) => view.states(kind)
    })
  }
}

/** What a page shows, without the memory that it has to spare. */
function shown (model: Model): unknown {
  const { job, jobs, workers, door, task } = model
  return {
    jobs: [...jobs].sort(), workers: [...workers].sort(), door, task,
    job: job === undefined ? undefined : { ...job, map: [...job.map], reduce: [...job.reduce], attempts: Array.from({ length: job.attempts.size }, (_, i) => job.attempts.get(i)) }
  }
}

/** As it comes over the wire. */
const wired = (push: Push | undefined): Push | undefined => push === undefined ? undefined : JSON.parse(JSON.stringify(push)) as Push

const step = fc.oneof(
  fc.record({ start: fc.nat(TASKS - 1) }),
  fc.record({ end: fc.nat(TASKS - 1), outcome: fc.constantFrom('completed' as const, 'failed' as const) }),
  fc.record({ records: fc.nat(1000) }),
  fc.record({ offence: fc.constantFrom('stranger', 'forged') }),
  fc.record({ worker: fc.nat(3), gone: fc.boolean() }),
  fc.constant('push' as const), fc.constant('wait' as const), fc.constant('close' as const)
)

describe("a viewer's pushes", () => {
  it('one after the other show what a viewer sees who comes at the end', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const at = stage()
      const viewer = new Viewer()
      viewer.look({ job: 'j', task: { kind: 'map', task: 3 } })
      let model = apply(NOTHING, { now: 0, viewer: 'v' })
      const see = (): void => {
        const push = wired(viewer.next(at.scene()))
        if (push !== undefined) model = apply(model, push)
      }
      for (const one of steps) {
        if (one === 'push') see()
        else if (one === 'wait') at.wait(300)
        else if (one === 'close') at.close()
        else if ('start' in one) at.start(one.start)
        else if ('end' in one) at.end(one.end, one.outcome)
        else if ('records' in one) at.setStatus({ records: one.records })
        else if ('offence' in one) at.offend(one.offence)
        else if (one.gone) at.workers.delete(`w${one.worker}`)
        else at.workers.set(`w${one.worker}`, { peer: `w${one.worker}`, role: 'mapper', slots: 2, running: one.worker, state: 'ready', addresses: [], attempts: [] })
      }
      see()
      expect(viewer.next(at.scene())).toBeUndefined()
      const late = new Viewer()
      late.look({ job: 'j', task: { kind: 'map', task: 3 } })
      expect(shown(model)).toEqual(shown(apply(apply(NOTHING, { now: 0, viewer: 'w' }), wired(late.next(at.scene()))!)))
    }), { numRuns: 200 })
  })

  it('hold what has changed alone', () => {
    const at = stage()
    const viewer = new Viewer()
    viewer.look({ job: 'j' })
    expect(viewer.next(at.scene())?.job).toMatchObject({ first: true, map: { all: '.'.repeat(TASKS) }, machine: { alive: 'planning' } })
    at.start(4)
    expect(viewer.next(at.scene())).toEqual({ now: 1000, job: { id: 'j', map: { at: [4], to: 'r' }, reduce: undefined, attempts: expect.anything(), workers: ['w1'] } })
    at.wait(700)
    at.end(4, 'completed')
    expect(viewer.next(at.scene())?.job).toMatchObject({ map: { at: [4], to: 'c' }, attempts: { rows: [], ends: [0, 700, expect.any(Number)] } })
    expect(viewer.next(at.scene())).toBeUndefined()
  })

  it('are bounded: a long history comes in parts, in its order', () => {
    const at = stage()
    const view = at.window.job('j')!
    const count = MAX_ROWS_PER_PUSH * 2 + 5
    for (let i = 0; i < count; i++) {
      const ref = { job: 'j', kind: 'map', task: i, attempt: 1 } as const
      at.window.attemptStarted(ref, { worker: 'w', backup: false, local: false })
      at.window.attemptEnded(ref, { worker: 'w', outcome: 'completed' })
    }
    expect(view.attempts.size).toBe(count)
    const viewer = new Viewer()
    viewer.look({ job: 'j' })
    let model = apply(NOTHING, { now: 0, viewer: 'v' })
    const sizes: number[] = []
    for (let push = viewer.next(at.scene()); push !== undefined; push = viewer.next(at.scene())) {
      model = apply(model, wired(push)!)
      sizes.push(model.job!.attempts.size)
    }
    expect(sizes).toEqual([MAX_ROWS_PER_PUSH, MAX_ROWS_PER_PUSH * 2, count])
    const outcomes = new Set<AttemptOutcome>(Array.from({ length: count }, (_, i) => model.job!.attempts.get(i).outcome))
    expect([...outcomes]).toEqual(['completed'])
    expect(model.job!.attempts.get(count - 1).task).toBe(count - 1)
  })

  it('of an ended job, whose tasks the master has let go of, still show all of it', () => {
    const at = stage()
    at.start(0)
    at.end(0, 'completed')
    at.start(1)
    at.close()
    at.records.length = 0
    const viewer = new Viewer()
    viewer.look({ job: 'j', task: { kind: 'map', task: 1 } })
    const model = apply(NOTHING, { viewer: 'v', ...viewer.next(at.scene())! })
    expect([...model.job!.map].slice(0, 3)).toEqual([CODES.committed, CODES.givenUp, CODES.waiting])
    expect(model.task).toMatchObject({ state: 'givenUp', attempts: [{ attempt: 1, worker: 'w1' }] })
  })

  it('of a job that is not known say so, and a page that has gone on to another job keeps that', () => {
    const at = stage()
    const viewer = new Viewer()
    viewer.look({ job: 'nobody', task: { kind: 'map', task: 1 } })
    const push = viewer.next(at.scene())!
    expect(push).toMatchObject({ job: { id: 'nobody', first: true }, task: null })
    viewer.look({ job: 'j' })
    const model = apply(apply(NOTHING, push), viewer.next(at.scene())!)
    expect(model.job?.id).toBe('j')
    expect(apply(model, { now: 1, job: { id: 'nobody', samples: [1] } }).job).toBe(model.job)
  })
})
