import { describe, expect, it } from '@jest/globals'
import { createActor } from 'xstate'
import { masterMachine } from './master.ts'
import { explore } from './testing/explore.ts'
import { SteppingClock } from './testing/stepping-clock.ts'
import { DEFAULT_TIMING } from './timing.ts'
import { workerMachine, type WorkerCommand } from './worker.ts'

const input = { address: '/ip4/127.0.0.1/tcp/1', timing: DEFAULT_TIMING }
const welcome = { type: 'welcome' as const, master: 'M', heartbeatMs: 100 }

function start () {
  const clock = new SteppingClock()
  const commands: WorkerCommand[] = []
  const actor = createActor(workerMachine, { input, clock })
  actor.on('*', command => { commands.push(command) })
  actor.start()
  return { clock, actor, count: (type: WorkerCommand['type']) => commands.filter(command => command.type === type).length }
}

describe('worker', () => {
  it('reaches every state and takes every transition', () => {
    const found = explore(workerMachine, {
      input,
      events: [
        welcome, { type: 'joinFailed' }, { type: 'masterLost' }, { type: 'dismiss' }, { type: 'drain' }, { type: 'idle' }, { type: 'stop' },
        { type: 'xstate.after.rejoin.worker.joining.waiting' }, { type: 'xstate.after.heartbeat.worker.ready' }, { type: 'xstate.after.heartbeat.worker.draining' }
      ],
      serialize: ({ value, context }) => JSON.stringify([value, Math.min(1, context.failedJoins), context.leaving, context.master])
    })
    expect(found.statesMissed).toEqual([])
    expect(found.transitionsMissed).toEqual([])
  })

  it('asks again, later and later, until a master welcomes it', () => {
    const { actor, clock, count } = start()
    for (let join = 1; join <= 5; join++) {
      expect(count('join')).toBe(join)
      actor.send({ type: 'joinFailed' })
      clock.advance(DEFAULT_TIMING.rejoinMaxMs)
    }
    actor.send(welcome)
    expect(actor.getSnapshot().value).toBe('ready')
  })

  it('beats as often as its master asks, also while it drains', () => {
    const { actor, clock, count } = start()
    actor.send(welcome)
    clock.advance(1000)
    expect(count('heartbeat')).toBe(11)
    actor.send({ type: 'drain' })
    clock.advance(1000)
    expect(count('heartbeat')).toBe(22)
    actor.send({ type: 'idle' })
    expect(count('leave')).toBe(1)
  })

  it('rejoins a master that it lost', () => {
    const { actor, count } = start()
    actor.send(welcome)
    actor.send({ type: 'masterLost' })
    expect(count('join')).toBe(2)
    expect(actor.getSnapshot().context.master).toBe('M')
  })
})

describe('a worker that drains', () => {
  it('finds a master again that it lost, which may need its runs, and leaves when nobody does', () => {
    const { actor } = start()
    actor.send(welcome)
    actor.send({ type: 'drain' })
    actor.send({ type: 'masterLost' })
    actor.send(welcome)
    expect(actor.getSnapshot().value).toBe('draining')
    actor.send({ type: 'idle' })
    expect(actor.getSnapshot().value).toBe('left')
  })

  it('does not wait for a master that it never met', () => {
    const { actor } = start()
    actor.send({ type: 'drain' })
    expect(actor.getSnapshot().value).toBe('left')
  })
})

describe('master', () => {
  it('reaches every state and takes every transition', () => {
    const found = explore(masterMachine, {
      input: { timing: DEFAULT_TIMING },
      events: [{ type: 'stop' }, { type: 'xstate.after.advert.master.serving' }],
      serialize: ({ value }) => JSON.stringify(value)
    })
    expect(found.statesMissed).toEqual([])
    expect(found.transitionsMissed).toEqual([])
  })

  it('advertises and sweeps at each beat until it stops', () => {
    const clock = new SteppingClock()
    const actor = createActor(masterMachine, { clock, input: { timing: DEFAULT_TIMING } })
    const commands: string[] = []
    actor.on('*', ({ type }) => { commands.push(type) })
    actor.start()
    clock.advance(2 * DEFAULT_TIMING.advertMs)
    actor.send({ type: 'stop' })
    clock.advance(2 * DEFAULT_TIMING.advertMs)
    expect(commands).toEqual(['advertise', 'sweep', 'advertise', 'sweep', 'advertise', 'sweep'])
  })
})
