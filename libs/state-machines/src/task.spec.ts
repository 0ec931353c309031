import { describe, expect, it } from '@jest/globals'
import { createActor } from 'xstate'
import { taskMachine, type TaskCommand, type TaskInput } from './task.ts'
import { explore } from './testing/explore.ts'
import { SteppingClock } from './testing/stepping-clock.ts'
import { DEFAULT_TIMING, LOSSES_PER_ATTEMPT } from './timing.ts'
import type { AttemptCompleted, TaskKind } from '@ipfs-mapreduce/protocol'

const input = (kind: TaskKind, maxAttempts = 2): TaskInput => ({ job: 'j', kind, task: 3, maxAttempts, attempts: [], timing: DEFAULT_TIMING })
const ref = (kind: TaskKind, attempt: number) => ({ job: 'j', kind, task: 3, attempt })
const completed = (kind: TaskKind, attempt: number): AttemptCompleted => ({
  type: 'attemptCompleted', ref: ref(kind, attempt), runs: [], output: 'cid', outputBytes: 1, counters: {}, fetchedBytes: 0, fetchedBlocks: 0, skipped: []
})
const failed = (kind: TaskKind, attempt: number, code: 'TRANSIENT' | 'FATAL' | 'ABORTED' = 'TRANSIENT') =>
  ({ type: 'attemptFailed' as const, ref: ref(kind, attempt), failure: { code, message: 'no' } })

function start (kind: TaskKind, maxAttempts?: number) {
  const clock = new SteppingClock()
  const commands: TaskCommand[] = []
  const actor = createActor(taskMachine, { input: input(kind, maxAttempts), clock })
  actor.on('*', command => { commands.push(command) })
  actor.start()
  return { clock, commands, actor, types: () => commands.map(({ type }) => type) }
}

describe('task', () => {
  for (const kind of ['map', 'reduce'] as const) {
    it(`reaches every state and takes every transition that a ${kind} has`, () => {
      const found = explore(taskMachine, {
        input: input(kind, 2),
        events: [
          { type: 'offer', worker: 'w' }, { type: 'cancel', reason: 'c' },
          { type: 'accepted', attempt: 1 }, { type: 'accepted', attempt: 2 },
          { type: 'refused', attempt: 1, failure: { code: 'TRANSIENT', message: 'busy' } },
          { type: 'heartbeat', attempt: 1 },
          { type: 'workerSuspect', worker: 'w' }, { type: 'workerLost', worker: 'w', reason: 'gone' },
          completed(kind, 1), completed(kind, 2), failed(kind, 1), failed(kind, 2), failed(kind, 1, 'FATAL'), failed(kind, 1, 'ABORTED'),
          { type: 'secured', attempt: 1 }, { type: 'secureFailed', attempt: 1, failure: { code: 'TRANSIENT', message: 'x' } },
          { type: 'xstate.after.offerTimeout.task.offered' }, { type: 'xstate.after.attemptTimeout.task.running' },
          { type: 'xstate.after.lease.task.running.leased' }, { type: 'xstate.after.suspicion.task.running.suspected' },
          { type: 'xstate.after.backoff.task.backingOff' }, { type: 'xstate.after.secureTimeout.task.securing' }
        ] as Array<{ type: string }>,
        serialize: ({ value, context }) => JSON.stringify([value, context.failures, Math.min(context.losses, 1), Math.min(context.attempts.length, 2), context.failure?.code])
      })
      const ofTheOther = kind === 'map' ? /securing|isKnownReduce/ : /isKnownMap/
      expect(found.statesMissed.filter(id => !ofTheOther.test(id))).toEqual([])
      expect(found.transitionsMissed.filter(transition => !ofTheOther.test(transition))).toEqual([])
    })
  }

  it('commits the first completion of a map', () => {
    const { actor, types } = start('map')
    actor.send({ type: 'offer', worker: 'w' })
    actor.send({ type: 'accepted', attempt: 1 })
    actor.send(completed('map', 1))
    expect(actor.getSnapshot().value).toBe('committed')
    expect(types()).toEqual(['assign', 'attemptEnded', 'committed'])
  })

  it('is renewed by heartbeats and lost without them', () => {
    const { actor, clock, commands } = start('map')
    actor.send({ type: 'offer', worker: 'w' })
    actor.send({ type: 'accepted', attempt: 1 })
    for (let beat = 0; beat < 10; beat++) {
      clock.advance(DEFAULT_TIMING.leaseMs - 1)
      actor.send({ type: 'heartbeat', attempt: 1 })
    }
    expect(actor.getSnapshot().matches('running')).toBe(true)
    clock.advance(DEFAULT_TIMING.leaseMs)
    expect(actor.getSnapshot().value).toBe('backingOff')
    expect(commands.map(({ type }) => type)).toEqual(['assign', 'attemptEnded', 'abort'])
    clock.advance(DEFAULT_TIMING.backoffMaxMs)
    expect(actor.getSnapshot().value).toBe('pending')
  })

  it('lets a heartbeat renew the lease but not the attempt timeout', () => {
    const { actor, clock } = start('map')
    actor.send({ type: 'offer', worker: 'w' })
    actor.send({ type: 'accepted', attempt: 1 })
    for (let ms = 0; ms < DEFAULT_TIMING.attemptMs; ms += DEFAULT_TIMING.heartbeatMs * 4) {
      actor.send({ type: 'heartbeat', attempt: 1 })
      clock.advance(DEFAULT_TIMING.heartbeatMs * 4)
    }
    expect(actor.getSnapshot().context.attempts[0]).toMatchObject({ outcome: 'failed', failure: { code: 'TIMEOUT' } })
  })

  it('gives a disconnected worker a moment to come back', () => {
    const { actor, clock } = start('map')
    actor.send({ type: 'offer', worker: 'w' })
    actor.send({ type: 'accepted', attempt: 1 })
    actor.send({ type: 'workerSuspect', worker: 'w' })
    clock.advance(DEFAULT_TIMING.suspicionMs - 1)
    actor.send({ type: 'heartbeat', attempt: 1 })
    clock.advance(DEFAULT_TIMING.suspicionMs)
    expect(actor.getSnapshot().matches('running')).toBe(true)
    actor.send({ type: 'workerSuspect', worker: 'w' })
    clock.advance(DEFAULT_TIMING.suspicionMs)
    expect(actor.getSnapshot().value).toBe('backingOff')
  })

  it('is tried as often as it may be, and then fails with the last reason', () => {
    const { actor, clock, commands } = start('map', 3)
    for (let attempt = 1; attempt <= 3; attempt++) {
      expect(actor.getSnapshot().value).toBe('pending')
      actor.send({ type: 'offer', worker: 'w' })
      actor.send({ type: 'accepted', attempt })
      actor.send(failed('map', attempt))
      clock.advance(DEFAULT_TIMING.backoffMaxMs)
    }
    expect(actor.getSnapshot().value).toBe('failed')
    expect(commands.at(-1)).toEqual({ type: 'failed', failure: { code: 'TRANSIENT', message: 'no' } })
  })

  it('bears more losses than failures, but not for ever', () => {
    const { actor, clock } = start('map', 1)
    for (let attempt = 1; attempt <= LOSSES_PER_ATTEMPT; attempt++) {
      actor.send({ type: 'offer', worker: 'w' })
      actor.send({ type: 'workerLost', worker: 'w', reason: 'gone' })
      clock.advance(DEFAULT_TIMING.backoffMaxMs)
    }
    expect(actor.getSnapshot().value).toBe('failed')
  })

  it('takes a late answer of an attempt given up, and aborts the one that runs instead', () => {
    const { actor, clock, commands } = start('map')
    actor.send({ type: 'offer', worker: 'a' })
    actor.send({ type: 'workerLost', worker: 'a', reason: 'gone' })
    clock.advance(DEFAULT_TIMING.backoffMaxMs)
    actor.send({ type: 'offer', worker: 'b' })
    actor.send({ type: 'accepted', attempt: 2 })
    actor.send(completed('map', 1))
    expect(actor.getSnapshot().value).toBe('committed')
    expect(commands).toContainEqual({ type: 'abort', attempt: 2, worker: 'b', reason: 'another attempt was first' })
    expect(commands.at(-1)).toMatchObject({ type: 'committed', worker: 'a' })
  })

  it('ignores answers of attempts that it never made', () => {
    const { actor } = start('map')
    actor.send(completed('map', 7))
    expect(actor.getSnapshot().value).toBe('pending')
  })

  it('commits a reduce only when its output is secured', () => {
    const { actor, clock, commands } = start('reduce')
    actor.send({ type: 'offer', worker: 'w' })
    actor.send({ type: 'accepted', attempt: 1 })
    actor.send(completed('reduce', 1))
    expect(actor.getSnapshot().value).toBe('securing')
    actor.send({ type: 'secureFailed', attempt: 1, failure: { code: 'BLOCK_UNAVAILABLE', message: 'gone' } })
    clock.advance(DEFAULT_TIMING.backoffMaxMs)
    actor.send({ type: 'offer', worker: 'v' })
    actor.send(completed('reduce', 2))
    actor.send({ type: 'secured', attempt: 2 })
    expect(commands.at(-1)).toMatchObject({ type: 'committed', worker: 'v' })
  })
})
