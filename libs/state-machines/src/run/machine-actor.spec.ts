import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { assign, createMachine, emit, raise, setup, type AnyStateMachine } from 'xstate'
import { jobMachine } from '../job.ts'
import { masterMachine } from '../master.ts'
import { taskMachine, type TaskInput } from '../task.ts'
import { lockstep } from '../testing/lockstep.ts'
import { SteppingClock } from '../testing/stepping-clock.ts'
import { DEFAULT_TIMING } from '../timing.ts'
import { MachineActor } from './machine-actor.ts'
import type { TaskKind } from '@ipfs-mapreduce/protocol'

const failure = { code: 'TRANSIENT' as const, message: 'no' }
const taskInput = (kind: TaskKind): TaskInput => ({ job: 'j', kind, task: 3, maxAttempts: 2, attempts: [], failures: 0, losses: 0, timing: DEFAULT_TIMING })

/** Events about either of two workers and one of the first attempts, in any order. */
function taskEvents (kind: TaskKind): fc.Arbitrary<Array<{ type: string }>> {
  const attempt = fc.integer({ min: 1, max: 4 })
  const ref = attempt.map(number => ({ job: 'j', kind, task: 3, attempt: number }))
  const worker = fc.constantFrom('v', 'w')
  const of = (type: string, more: Record<string, fc.Arbitrary<unknown>> = {}) => fc.record({ type: fc.constant(type), ...more })
  const after = ['primary', 'backup'].flatMap(place => ['offerTimeout.%.offered', 'lease.%.running.leased', 'suspicion.%.running.suspected', 'attemptTimeout.%.running']
    .map(name => of(`xstate.after.${name.replace('%', `task.attempting.${place}`)}`)))
  return fc.array(fc.oneof(
    { weight: 3, arbitrary: of('offer', { worker }) }, { weight: 2, arbitrary: of('backup', { worker }) }, { weight: 4, arbitrary: of('accepted', { attempt }) },
    { weight: 2, arbitrary: of('heartbeat', { attempt }) }, of('refused', { attempt, failure: fc.constant(failure) }), of('workerSuspect', { worker }),
    of('workerLost', { worker, reason: fc.constant('gone') }), of('attemptFailed', { ref, failure: fc.constantFrom(failure, { ...failure, code: 'FATAL' }) }),
    { weight: 2, arbitrary: of('attemptCompleted', { ref, output: fc.constant('cid') }) }, { weight: 3, arbitrary: of('secured', { attempt }) }, of('secureFailed', { attempt, failure: fc.constant(failure) }),
    of('restart', { reason: fc.constant('anew') }), { weight: 3, arbitrary: of('xstate.after.backoff.task.backingOff') }, ...after
  ), { minLength: 1, maxLength: 30 })
}

describe('actor of a machine', () => {
  it.each(['map', 'reduce'] as const)('does what XState\'s does with a %s task, whatever comes, and in the middle of a step', kind => {
    const ends = new Map<string, number>()
    fc.assert(fc.property(taskEvents(kind), fc.boolean(), (events, isPrompt) => {
      const { value } = lockstep(taskMachine, {
        input: taskInput(kind), events,
        // A worker that answers before the step that asked it is over.
        answer: command => isPrompt && command.type === 'assign' ? { ...command, type: 'accepted' } : undefined
      })
      const end = typeof value === 'string' ? value : Object.keys(value as object)[0]!
      ends.set(end, (ends.get(end) ?? 0) + 1)
    }), { numRuns: 2000, seed: 1 })
    expect([...ends.keys()]).toEqual(expect.arrayContaining(['attempting', 'backingOff', 'committed', 'failed']))
  })

  it('does what XState\'s does with a job whose effects answer at once', () => {
    const { value } = lockstep(jobMachine, {
      input: { job: 'j', reducers: 1, elapsedMs: 0, timing: DEFAULT_TIMING },
      events: [{ type: 'admit' }, { type: 'mapCommitted' }, { type: 'mapReopened' }, { type: 'reduceCommitted' }, { type: 'mapCommitted' }, { type: 'cancel' }],
      answer: ({ type }) => type === 'plan' ? { type: 'planned', maps: 1 } as { type: string } : type === 'commit' ? { type: 'resultStored', result: 'r', record: 's' } as { type: string } : undefined
    })
    expect(value).toBe('succeeded')
  })

  it('does what XState\'s does with events that a machine raises, and steps that follow by themselves', () => {
    const counting = setup({ types: { context: {} as { count: number } } }).createMachine({
      context: { count: 0 },
      initial: 'idle',
      states: {
        idle: { on: { go: { target: 'busy', actions: [raise({ type: 'again' }), raise({ type: 'again' })] } } },
        busy: {
          on: { again: { actions: assign({ count: ({ context }) => context.count + 1 }) }, over: 'over' },
          always: { guard: ({ context }) => context.count === 2, target: 'over', actions: emit({ type: 'two' }) }
        },
        over: { type: 'final' }
      }
    })
    expect(lockstep(counting, { input: {}, events: [{ type: 'again' }, { type: 'go' }] }).value).toBe('over')
  })

  it('sets a delay when a state is entered, and clears it when it is left, or when it is stopped', () => {
    const clock = new SteppingClock()
    const values: unknown[] = []
    const actor = new MachineActor(taskMachine, { clock: clock as never, input: taskInput('map'), onCommand: () => {}, onChange: (_, value) => { values.push(value) } })
    actor.send({ type: 'offer', worker: 'w' })
    expect(actor.value).toBe('pending')
    actor.start()
    actor.send({ type: 'accepted', attempt: 1 })
    clock.advance(DEFAULT_TIMING.leaseMs - 1)
    actor.send({ type: 'heartbeat', attempt: 1 })
    clock.advance(DEFAULT_TIMING.leaseMs - 1)
    expect(actor.value).toEqual({ attempting: { primary: { running: 'leased' }, backup: 'free' } })
    clock.advance(1)
    expect(actor.value).toBe('backingOff')
    actor.stop()
    clock.advance(DEFAULT_TIMING.backoffMaxMs)
    actor.send({ type: 'cancel', reason: 'late' })
    expect(actor.value).toBe('backingOff')
    expect(actor.isDone).toBe(false)
    expect(values.at(-1)).toBe('backingOff')
  })

  it('goes on after a command that could not be performed, whose failure is its sender\'s', () => {
    const actor = new MachineActor(taskMachine, { clock: new SteppingClock() as never, input: taskInput('map'), onCommand: ({ type }) => { if (type === 'assign') throw new Error('no room') } })
    actor.start()
    expect(() => { actor.send({ type: 'offer', worker: 'w' }) }).toThrow('no room')
    actor.send({ type: 'cancel', reason: 'given up' })
    expect(actor.value).toBe('cancelled')
  })

  it('takes events after a first command that could not be performed', () => {
    const commands: string[] = []
    const beat = new MachineActor(masterMachine, {
      clock: new SteppingClock() as never, input: { timing: DEFAULT_TIMING },
      onCommand: ({ type }) => {
        commands.push(type)
        if (type === 'advertise') throw new Error('nobody listens')
      }
    })
    expect(() => { beat.start() }).toThrow('nobody listens')
    beat.send({ type: 'stop' })
    expect(beat.isDone).toBe(true)
    expect(commands).toEqual(['advertise'])
  })

  it.each<[string, AnyStateMachine]>([
    ['history', createMachine({ initial: 'a', states: { a: { initial: 'b', states: { b: {}, h: { type: 'history' } } } } })],
    ['wildcards', createMachine({ on: { '*': {} } })],
    ['a final state within another', createMachine({ initial: 'a', states: { a: { initial: 'b', states: { b: { type: 'final' } } } } })],
    ['actors', createMachine({ invoke: { src: 'a' } })],
    ['is none that is known here', createMachine({ entry: () => {} })],
    ['is none that is known here', createMachine({ entry: 'unheardOf' })]
  ])('refuses a machine with more than it knows: %s', (what, machine) => {
    expect(() => new MachineActor(machine, { clock: new SteppingClock() as never, input: undefined, onCommand: () => {} })).toThrow(what)
  })
})
