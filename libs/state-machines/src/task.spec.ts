import { describe, expect, it } from '@jest/globals'
import { createActor } from 'xstate'
import { taskMachine, type TaskCommand, type TaskInput } from './task.ts'
import { explore } from './testing/explore.ts'
import { SteppingClock } from './testing/stepping-clock.ts'
import { DEFAULT_TIMING, LOSSES_PER_ATTEMPT } from './timing.ts'
import type { AttemptCompleted, TaskKind } from '@ipfs-mapreduce/protocol'

const input = (kind: TaskKind, maxAttempts = 2): TaskInput => ({ job: 'j', kind, task: 3, maxAttempts, attempts: [], failures: 0, losses: 0, timing: DEFAULT_TIMING })
const ref = (kind: TaskKind, attempt: number) => ({ job: 'j', kind, task: 3, attempt })
const completed = (kind: TaskKind, attempt: number): AttemptCompleted => ({
  type: 'attemptCompleted', ref: ref(kind, attempt), runs: [], output: 'cid', outputBytes: 1, counters: {}, fetchedBytes: 0, fetchedBlocks: 0, skipped: []
})
const failed = (kind: TaskKind, attempt: number, code: 'TRANSIENT' | 'FATAL' | 'ABORTED' = 'TRANSIENT') =>
  ({ type: 'attemptFailed' as const, ref: ref(kind, attempt), failure: { code, message: 'no' } })

function start (kind: TaskKind, maxAttempts?: number, more: Partial<TaskInput> = {}) {
  const clock = new SteppingClock()
  const commands: TaskCommand[] = []
  const actor = createActor(taskMachine, { input: { ...input(kind, maxAttempts), ...more }, clock })
  actor.on('*', command => { commands.push(command) })
  actor.start()
  return { clock, commands, actor, types: () => commands.map(({ type }) => type) }
}

describe('task', () => {
  for (const kind of ['map', 'reduce'] as const) {
    it(`reaches every state and takes every transition that a ${kind} has`, () => {
      const after = ['primary', 'backup'].flatMap(place => [
        `offerTimeout.task.attempting.${place}.offered`, `attemptTimeout.task.attempting.${place}.running`, `lease.task.attempting.${place}.running.leased`,
        `suspicion.task.attempting.${place}.running.suspected`, `return.task.attempting.${place}.running.returning`
      ]).map(name => ({ type: `xstate.after.${name}` }))
      const from = (attempts: TaskInput['attempts'], most = 2) => explore(taskMachine, {
        input: { ...input(kind, 2), attempts },
        events: [
          { type: 'offer', worker: 'w' }, { type: 'backup', worker: 'v' }, { type: 'cancel', reason: 'c' }, { type: 'restart', reason: 'r' }, { type: 'resume' },
          { type: 'accepted', attempt: 1 }, { type: 'accepted', attempt: 2 },
          { type: 'refused', attempt: 2, failure: { code: 'TRANSIENT', message: 'busy' } }, { type: 'heartbeat', attempt: 2 },
          { type: 'workerSuspect', worker: 'v' }, { type: 'workerLost', worker: 'v', reason: 'gone' }, failed(kind, 2, 'ABORTED'),
          { type: 'refused', attempt: 1, failure: { code: 'TRANSIENT', message: 'busy' } },
          { type: 'heartbeat', attempt: 1 },
          { type: 'workerSuspect', worker: 'w' }, { type: 'workerLost', worker: 'w', reason: 'gone' },
          completed(kind, 1), completed(kind, 2), failed(kind, 1), failed(kind, 2), failed(kind, 1, 'FATAL'), failed(kind, 1, 'ABORTED'),
          { type: 'secured', attempt: 1 }, { type: 'secureFailed', attempt: 1, failure: { code: 'TRANSIENT', message: 'x' } },
          ...after, { type: 'xstate.after.backoff.task.backingOff' }, { type: 'xstate.after.secureTimeout.task.securing' }
        ] as Array<{ type: string }>,
        serialize: ({ value, context }) => JSON.stringify([value, context.failures, Math.min(context.losses, 1), context.attempts.length, context.places, context.failure?.code]),
        stopWhen: ({ context }) => context.attempts.length > most
      })
      const active = (attempt: number, worker: string) => ({ attempt, worker, outcome: 'active' as const })
      const [anew, ...returning] = [from([]), from([active(1, 'w')], 1), from([active(1, 'w'), active(2, 'v')])]
      const missed = (of: 'statesMissed' | 'transitionsMissed') => anew[of].filter(name => returning.every(one => one[of].includes(name)))
      const ofTheOther = kind === 'map' ? /securing|isKnownReduce/ : /isKnownMap/
      expect(missed('statesMissed').filter(id => !ofTheOther.test(id))).toEqual([])
      expect(missed('transitionsMissed').filter(transition => !ofTheOther.test(transition))).toEqual([])
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
    expect(actor.getSnapshot().matches('attempting')).toBe(true)
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
    expect(actor.getSnapshot().matches('attempting')).toBe(true)
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
  describe('a backup', () => {
    const backedUp = () => {
      const task = start('map')
      task.actor.send({ type: 'offer', worker: 'a' })
      task.actor.send({ type: 'accepted', attempt: 1 })
      task.actor.send({ type: 'backup', worker: 'b' })
      task.actor.send({ type: 'accepted', attempt: 2 })
      return task
    }

    it('runs beside the first, and whoever is first commits and ends the other', () => {
      for (const [winner, loser] of [[1, 2], [2, 1]] as const) {
        const { actor, commands } = backedUp()
        expect(commands.filter(({ type }) => type === 'assign')).toMatchObject([{ worker: 'a', place: 'primary' }, { worker: 'b', place: 'backup' }])
        actor.send(completed('map', winner))
        expect(actor.getSnapshot().value).toBe('committed')
        expect(commands.filter(({ type }) => type === 'abort')).toMatchObject([{ attempt: loser }])
        expect(commands.filter(({ type }) => type === 'attemptEnded')).toHaveLength(2)
      }
    })

    it('carries on alone when the first is lost, and can be backed up in its turn', () => {
      const { actor, commands } = backedUp()
      actor.send({ type: 'workerLost', worker: 'a', reason: 'gone' })
      expect(actor.getSnapshot().value).toMatchObject({ attempting: { primary: 'free' } })
      actor.send({ type: 'backup', worker: 'c' })
      expect(commands.at(-1)).toEqual({ type: 'assign', attempt: 3, worker: 'c', place: 'primary' })
      actor.send({ type: 'workerLost', worker: 'b', reason: 'gone' })
      actor.send({ type: 'workerLost', worker: 'c', reason: 'gone' })
      expect(actor.getSnapshot().value).toBe('backingOff')
    })

    it('does not outlive a fatal failure of the other', () => {
      const { actor, commands } = backedUp()
      actor.send(failed('map', 1, 'FATAL'))
      expect(actor.getSnapshot().value).toBe('failed')
      expect(commands).toContainEqual({ type: 'abort', attempt: 2, worker: 'b', reason: 'the task has failed' })
    })

    it('has a lease of its own', () => {
      const { actor, clock, commands } = backedUp()
      clock.advance(DEFAULT_TIMING.leaseMs - 1)
      actor.send({ type: 'heartbeat', attempt: 2 })
      clock.advance(1)
      expect(commands.filter(({ type }) => type === 'attemptEnded')).toMatchObject([{ attempt: { attempt: 1, outcome: 'lost' } }])
      expect(actor.getSnapshot().matches({ attempting: { backup: { running: 'leased' } } })).toBe(true)
    })
  })

  it('waits for attempts that ran on while the master was away, and no longer than they may take', () => {
    const { actor, clock, commands } = start('map', 4, { attempts: [{ attempt: 1, worker: 'a', outcome: 'lost' }, { attempt: 2, worker: 'b', outcome: 'active' }], losses: 1 })
    actor.send({ type: 'resume' })
    expect(commands).toEqual([])
    expect(actor.getSnapshot().matches({ attempting: { primary: { running: 'returning' }, backup: 'free' } })).toBe(true)
    clock.advance(DEFAULT_TIMING.returnMs - 1)
    actor.send({ type: 'heartbeat', attempt: 2 })
    clock.advance(DEFAULT_TIMING.leaseMs)
    expect(commands).toMatchObject([{ type: 'attemptEnded', attempt: { attempt: 2 } }, { type: 'abort' }])
    expect(actor.getSnapshot().context.losses).toBe(2)
  })

  it('starts anew, without a failure, when what it was made from has changed', () => {
    const { actor, commands } = start('reduce')
    actor.send({ type: 'offer', worker: 'w' })
    actor.send({ type: 'accepted', attempt: 1 })
    actor.send({ type: 'restart', reason: 'run 3 was made again' })
    expect(actor.getSnapshot()).toMatchObject({ value: 'pending', context: { failures: 0, losses: 0 } })
    expect(commands.slice(1)).toMatchObject([{ type: 'abort', reason: 'run 3 was made again' }, { type: 'attemptEnded' }, { type: 'ready' }])
  })
})
