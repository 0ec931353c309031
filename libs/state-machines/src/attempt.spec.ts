import { describe, expect, it } from '@jest/globals'
import { createActor } from 'xstate'
import { attemptMachine, type AttemptCommand } from './attempt.ts'
import { explore } from './testing/explore.ts'
import { SteppingClock } from './testing/stepping-clock.ts'
import { DEFAULT_TIMING } from './timing.ts'
import type { TaskKind } from '@ipfs-mapreduce/protocol'

const input = (kind: TaskKind) => ({ ref: { job: 'j', kind, task: 0, attempt: 1 }, timing: DEFAULT_TIMING })
const outcome = { runs: [], outputBytes: 0, counters: {}, skipped: [] }

function start (kind: TaskKind) {
  const clock = new SteppingClock()
  const commands: AttemptCommand[] = []
  const actor = createActor(attemptMachine, { input: input(kind), clock })
  actor.on('*', command => { commands.push(command) })
  actor.start()
  actor.send({ type: 'start' })
  return { clock, commands, actor }
}

describe('attempt', () => {
  it('reaches every state and takes every transition', () => {
    const found = explore(attemptMachine, {
      input: input('map'),
      events: [
        { type: 'start' }, { type: 'fetched', bytes: 1, blocks: 1 }, { type: 'slotTaken' }, { type: 'executed', bytes: 1, blocks: 1 }, { type: 'stored', outcome },
        { type: 'stepFailed', failure: { code: 'TRANSIENT', message: 'x' } }, { type: 'reported' }, { type: 'reportFailed' }, { type: 'abort', reason: 'r' },
        { type: 'xstate.after.fetchTimeout.attempt.fetching' }, { type: 'xstate.after.executeTimeout.attempt.executing' },
        { type: 'xstate.after.storeTimeout.attempt.storing' }, { type: 'xstate.after.reportRetry.attempt.reporting.waiting' },
        { type: 'xstate.after.away.attempt.reporting' }, { type: 'masterBack' }
      ] as Array<{ type: string }>,
      serialize: ({ value, context }) => JSON.stringify([value, context.failure?.code, Math.min(context.reports, 2)])
    })
    expect(found.statesMissed).toEqual([])
    expect(found.transitionsMissed).toEqual([])
  })

  it('fetches, executes, stores and reports', () => {
    const { actor, commands } = start('map')
    actor.send({ type: 'fetched', bytes: 10, blocks: 2 })
    actor.send({ type: 'slotTaken' })
    actor.send({ type: 'executed', bytes: 5, blocks: 1 })
    actor.send({ type: 'stored', outcome })
    actor.send({ type: 'reported' })
    expect(actor.getSnapshot().value).toBe('done')
    expect(commands.map(({ type }) => type)).toEqual(['fetch', 'takeSlot', 'execute', 'store', 'report'])
    expect(commands.at(-1)).toMatchObject({ fetchedBytes: 15, fetchedBlocks: 3, outcome, failure: undefined })
  })

  it('tells a failure as it tells a result', () => {
    const { actor, commands } = start('map')
    const failure = { code: 'PROGRAM' as const, message: 'map threw', stack: 'at map' }
    actor.send({ type: 'fetched', bytes: 0, blocks: 0 })
    actor.send({ type: 'slotTaken' })
    actor.send({ type: 'stepFailed', failure })
    expect(commands.at(-1)).toMatchObject({ type: 'report', failure })
    actor.send({ type: 'reported' })
    expect(actor.getSnapshot().value).toBe('failed')
  })

  it('does not time the fetch of a reduce, which waits for maps', () => {
    const { actor, clock } = start('reduce')
    clock.advance(10 * DEFAULT_TIMING.fetchMs)
    expect(actor.getSnapshot().value).toBe('fetching')
  })

  it('ends an execution that takes too long, not a wait for its slot, and says so', () => {
    const { actor, clock, commands } = start('map')
    actor.send({ type: 'fetched', bytes: 0, blocks: 0 })
    clock.advance(10 * DEFAULT_TIMING.executeMs)
    expect(actor.getSnapshot().value).toBe('queued')
    actor.send({ type: 'slotTaken' })
    clock.advance(DEFAULT_TIMING.executeMs)
    expect(commands.map(({ type }) => type)).toEqual(['fetch', 'takeSlot', 'execute', 'halt', 'report'])
    expect(commands.at(-1)).toMatchObject({ failure: { code: 'TIMEOUT' } })
    expect(actor.getSnapshot().matches('reporting')).toBe(true)
  })

  it('repeats a report for as long as its master may be away, and at once when it is back', () => {
    const { actor, clock, commands } = start('map')
    const reports = () => commands.filter(({ type }) => type === 'report').length
    actor.send({ type: 'stepFailed', failure: { code: 'TRANSIENT', message: 'x' } })
    while (clock.now() < DEFAULT_TIMING.awayMs - DEFAULT_TIMING.backoffMaxMs) {
      actor.send({ type: 'reportFailed' })
      clock.advance(DEFAULT_TIMING.backoffMaxMs)
    }
    actor.send({ type: 'reportFailed' })
    const before = reports()
    actor.send({ type: 'masterBack' })
    expect(reports()).toBe(before + 1)
    clock.advance(DEFAULT_TIMING.backoffMaxMs)
    expect(actor.getSnapshot().value).toBe('failed')
  })
})
