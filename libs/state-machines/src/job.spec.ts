import { describe, expect, it } from '@jest/globals'
import { createActor } from 'xstate'
import { jobMachine, jobStateName, type JobCommand } from './job.ts'
import { explore } from './testing/explore.ts'
import { SteppingClock } from './testing/stepping-clock.ts'
import { DEFAULT_TIMING } from './timing.ts'

const input = { job: 'j', reducers: 1, elapsedMs: 0, timing: DEFAULT_TIMING }

function start (more: Partial<typeof input> = {}) {
  const clock = new SteppingClock()
  const commands: JobCommand[] = []
  const actor = createActor(jobMachine, { input: { ...input, ...more }, clock })
  actor.on('*', command => { commands.push(command) })
  actor.start()
  actor.send({ type: 'admit' })
  return { clock, commands, actor, state: () => jobStateName(actor.getSnapshot().value) }
}

describe('job', () => {
  it('reaches every state and takes every transition', () => {
    const found = explore(jobMachine, {
      input,
      events: [
        { type: 'admit' }, { type: 'planned', maps: 1 }, { type: 'mapCommitted' }, { type: 'mapReopened' }, { type: 'reduceCommitted' }, { type: 'reduceReopened' },
        { type: 'taskFailed', failure: { code: 'PROGRAM', message: 'x' } }, { type: 'supply', missing: ['mapper'] }, { type: 'supply', missing: [] },
        { type: 'resultStored', result: 'r', record: 's' }, { type: 'stepFailed', failure: { code: 'BAD_INPUT', message: 'x' } }, { type: 'cancel', reason: 'c' },
        { type: 'xstate.after.deadline.job.alive' }, { type: 'xstate.after.workerWait.job.alive.running.supply.starved' }
      ] as Array<{ type: string }>,
      serialize: ({ value, context }) => JSON.stringify([value, Math.min(1, Math.max(-1, context.mapsCommitted)), Math.min(1, Math.max(-1, context.reducesCommitted))])
    })
    expect(found.statesMissed).toEqual([])
    expect(found.transitionsMissed).toEqual([])
  })

  it('plans, maps, reduces, commits and succeeds', () => {
    const { actor, commands, state } = start()
    actor.send({ type: 'planned', maps: 2 })
    actor.send({ type: 'mapCommitted' })
    actor.send({ type: 'mapCommitted' })
    actor.send({ type: 'reduceCommitted' })
    expect(state()).toBe('committing')
    actor.send({ type: 'resultStored', result: 'r', record: 's' })
    expect(actor.getSnapshot()).toMatchObject({ status: 'done', value: 'succeeded', context: { result: 'r', record: 's' } })
    expect(commands).toEqual([{ type: 'plan' }, { type: 'schedule' }, { type: 'commit' }, { type: 'ended', state: 'succeeded' }])
  })

  it('goes back to mapping when a run is lost', () => {
    const { actor } = start()
    actor.send({ type: 'planned', maps: 1 })
    actor.send({ type: 'mapCommitted' })
    expect(actor.getSnapshot().matches({ alive: { running: { maps: 'mapped' } } })).toBe(true)
    actor.send({ type: 'mapReopened' })
    expect(actor.getSnapshot().matches({ alive: { running: { maps: 'mapping' } } })).toBe(true)
  })

  it('reduces an input without a record', () => {
    const { actor, state } = start()
    actor.send({ type: 'planned', maps: 0 })
    actor.send({ type: 'reduceCommitted' })
    expect(state()).toBe('committing')
  })

  it('commits only when no map runs again', () => {
    const { actor, state } = start()
    actor.send({ type: 'planned', maps: 1 })
    actor.send({ type: 'mapCommitted' })
    actor.send({ type: 'mapReopened' })
    actor.send({ type: 'reduceCommitted' })
    expect(state()).toBe('running')
    actor.send({ type: 'mapCommitted' })
    actor.send({ type: 'reduceReopened' })
    expect(state()).toBe('committing')
  })

  it('waits for its turn, with its deadline running', () => {
    const clock = new SteppingClock()
    const actor = createActor(jobMachine, { input, clock }).start()
    expect(jobStateName(actor.getSnapshot().value)).toBe('queued')
    clock.advance(DEFAULT_TIMING.deadlineMs)
    expect(actor.getSnapshot().value).toBe('failed')
  })

  it('has what is left of its deadline when a master takes it up again', () => {
    const { actor, clock, state } = start({ elapsedMs: DEFAULT_TIMING.deadlineMs - 1000 })
    clock.advance(999)
    expect(state()).toBe('planning')
    clock.advance(1)
    expect(actor.getSnapshot().value).toBe('failed')
  })

  it('waits for workers, and fails with that reason when none comes', () => {
    const { actor, clock, state } = start()
    actor.send({ type: 'planned', maps: 1 })
    actor.send({ type: 'supply', missing: ['mapper'] })
    clock.advance(DEFAULT_TIMING.workerWaitMs - 1)
    actor.send({ type: 'supply', missing: [] })
    clock.advance(DEFAULT_TIMING.workerWaitMs)
    expect(state()).toBe('running')
    actor.send({ type: 'supply', missing: ['mapper', 'reducer'] })
    clock.advance(DEFAULT_TIMING.workerWaitMs)
    expect(actor.getSnapshot().context.failure?.message).toBe('no mapper and no reducer joined within 60 s; start one and submit again')
  })

  it('fails at its deadline and says how far it came', () => {
    const { actor, clock } = start()
    actor.send({ type: 'planned', maps: 3 })
    actor.send({ type: 'mapCommitted' })
    clock.advance(DEFAULT_TIMING.deadlineMs)
    expect(actor.getSnapshot().context.failure?.message).toMatch(/deadline of 86400 s passed with 1 of 3 maps and 0 of 1 reduces/)
  })
})
