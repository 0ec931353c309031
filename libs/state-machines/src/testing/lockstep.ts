import { createActor, type AnyStateMachine, type AnyTransitionDefinition, type EventFromLogic, type InputFrom } from 'xstate'
import { MachineActor } from '../run/machine-actor.ts'

type Event = { type: string }

export interface LockstepInit<M extends AnyStateMachine> {
  input: InputFrom<M>
  /** Sent one after the other; time stands still, so `after` events are sent by name. */
  events: Event[]
  /** What the one who performs a command sends at once, in the middle of the step. */
  answer?: (command: Event) => Event | undefined
}

/** What a machine did, as XState has it. */
export interface Walk {
  transitions: Set<AnyTransitionDefinition>
  states: Set<string>
  value: unknown
}

/** Runs a machine by XState's `createActor` and by our `MachineActor`. Throws where they differ after these events, in anything that can be told from outside. */
export function lockstep<M extends AnyStateMachine> (machine: M, { input, events, answer = () => undefined }: LockstepInit<M>): Walk {
  const walk: Walk = { transitions: new Set(), states: new Set(), value: undefined }
  const theirs = new Record()
  const ours = new Record()
  const xstate = createActor(machine as AnyStateMachine, {
    input, clock: theirs.clock,
    inspect: inspection => {
      if (inspection.type === '@xstate.microstep') theirs.step(inspection.event, inspection._transitions, (inspection.snapshot as unknown as { _nodes: Array<{ id: string }> })._nodes)
    }
  })
  xstate.on('*', command => {
    theirs.note('command', command)
    const event = answer(command as Event)
    if (event !== undefined) xstate.send(event)
  })
  xstate.subscribe(({ value, context }) => { theirs.note('change', [value, withoutTiming(context)]) })
  const actor = new MachineActor<M>(machine, {
    input, clock: ours.clock, inspect: ({ steps }) => { for (const { event, transitions, to } of steps) ours.step(event, transitions, to.nodes) },
    onCommand: command => {
      ours.note('command', command)
      const event = answer(command as Event)
      if (event !== undefined) actor.send(event as EventFromLogic<M>)
    },
    onChange: (context, value) => { ours.note('change', [value, withoutTiming(context)]) }
  })
  xstate.start()
  actor.start()
  for (const event of events) {
    xstate.send(event)
    actor.send(event as EventFromLogic<M>)
    theirs.note('done', xstate.getSnapshot().status === 'done')
    ours.note('done', actor.isDone)
  }
  for (const record of [theirs, ours]) record.noteTimers()
  xstate.stop()
  actor.stop()
  for (const record of [theirs, ours]) record.noteTimers()
  const [wanted, done] = [theirs, ours].map(({ text, steps }) => text + steps)
  if (wanted !== done) throw new Error(`XState's ${machine.id} did\n${wanted}\nand ours\n${done}`)
  for (const transition of theirs.transitions) walk.transitions.add(transition)
  for (const state of theirs.states) walk.states.add(state)
  walk.value = xstate.getSnapshot().value
  return walk
}

/** What was seen of one of the two. */
class Record {
  readonly transitions = new Set<AnyTransitionDefinition>()
  readonly states = new Set<string>()
  readonly #timers = new Map<number, number>()
  #ids = 0
  text = ''
  /** When ours are told is another matter than what they are. */
  steps = ''

  readonly clock = {
    setTimeout: (_: () => void, ms: number): number => {
      this.#timers.set(++this.#ids, ms)
      return this.#ids
    },
    clearTimeout: (timer: unknown): void => { this.#timers.delete(timer as number) }
  }

  /** Steps that nothing came of are not told apart, nor is the first. */
  step (event: Event, transitions: readonly AnyTransitionDefinition[], nodes: ReadonlyArray<{ id: string }>): void {
    for (const { id } of nodes) this.states.add(id)
    for (const transition of transitions) this.transitions.add(transition)
    if (transitions.length > 0) this.steps += `${JSON.stringify([event, transitions.map(({ source, eventType, guard }) => [source.id, eventType, guard]), nodes.map(({ id }) => id).sort()])}\n`
  }

  note (what: string, value: unknown): void {
    this.text += `${what} ${JSON.stringify(value)}\n`
  }

  /** The delays that go on. */
  noteTimers (): void {
    this.note('timers', [...this.#timers.values()].sort((a, b) => a - b))
  }
}

/** It is long, in every context, and never changes. */
function withoutTiming (context: object): object {
  return { ...context, timing: undefined }
}
