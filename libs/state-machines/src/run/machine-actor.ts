import { Statechart, type At, type MachineStep, type OnStep } from './statechart.ts'
import type { Effect } from './actions.ts'
import type { AnyStateMachine, ContextFrom, EmittedFrom, EventFromLogic, EventObject, InputFrom, StateValue } from 'xstate'

/** What delays are measured with. */
export interface Timers {
  /** Calls back once, `ms` milliseconds from now. Returns what `clearTimeout` takes. */
  setTimeout: (callback: () => void, ms: number) => unknown
  /** Has that not happen; one that is over is no error. */
  clearTimeout: (timer: unknown) => void
}

/** What became of one event. */
export interface MachineReport {
  /** The machine's id. */
  machine: string
  /** The same for all of one machine's life. */
  actor: object
  /** What was taken, in its order; nothing where the event was ignored. */
  steps: readonly MachineStep[]
  /** Where the machine is now. */
  value: StateValue
  context: object
  isDone: boolean
}

/** What a machine begins with, and who performs its commands. */
export interface MachineActorInit<M extends AnyStateMachine> {
  clock: Timers
  input: InputFrom<M>
  /** Performs a command that the machine emits. */
  onCommand: (command: EmittedFrom<M>) => void
  /** The machine has taken an event, and its commands were performed. */
  onChange?: (context: ContextFrom<M>, value: StateValue) => void
  /** Is told of each event, when what the machine wants has been done; the first one is its start. */
  inspect?: (report: MachineReport) => void
}

/** A delay of a machine: made when it begins for the first time, because a lease begins anew with each heartbeat. */
interface Delay {
  /** Nothing while it does not go on. */
  timer: unknown
  event: EventObject
  readonly end: () => void
}

const charts = new WeakMap<AnyStateMachine, Statechart>()

/**
 * Runs a machine as XState's `createActor` does, and cheaper (`Statechart`): events wait their turn, commands are performed
 * after the step that emitted them, delays are timers of the clock. For machines of which a master has many, or to which much happens.
 */
export class MachineActor<M extends AnyStateMachine> {
  readonly #init: MachineActorInit<M>
  readonly #chart: Statechart
  readonly #machine: string
  #steps: MachineStep[] = []
  readonly #onStep: OnStep | undefined
  readonly #delays = new Map<string, Delay>()
  readonly #queue: EventObject[] = []
  #effects: Effect[] = []
  #at: At
  #state: 'new' | 'idle' | 'busy' | 'stopping' | 'stopped' = 'new'

  constructor (machine: M, init: MachineActorInit<M>) {
    this.#init = init
    this.#machine = machine.id
    this.#onStep = init.inspect === undefined ? undefined : step => { this.#steps.push(step) }
    this.#chart = charts.get(machine) ?? new Statechart(machine)
    charts.set(machine, this.#chart)
    this.#at = this.#chart.start(init.input, this.#effects, this.#onStep)
  }

  get value (): StateValue {
    return this.#at.configuration.value
  }

  get context (): ContextFrom<M> {
    return this.#at.context as ContextFrom<M>
  }

  /** It has come to its end by itself. */
  get isDone (): boolean {
    return this.#at.configuration.isDone
  }

  /** Enters the first state, once: commands and steps are told from then on. */
  start (): void {
    if (this.#state !== 'new') return
    this.#state = 'busy'
    this.#work(true)
  }

  /** An event that comes while another one is taken waits for its turn; after the end it is nothing. */
  send (event: EventFromLogic<M>): void {
    if (this.#state === 'stopping' || this.#state === 'stopped') return
    this.#queue.push(event)
    if (this.#state !== 'idle') return
    this.#state = 'busy'
    this.#work()
  }

  /** No event is taken any more, and no delay ends. What has begun is finished. */
  stop (): void {
    this.#queue.length = 0
    if (this.#state === 'busy') this.#state = 'stopping'
    else this.#end()
  }

  #work (isFirst = false): void {
    try {
      if (isFirst) this.#finish()
      for (let event = this.#queue.shift(); event !== undefined; event = this.#queue.shift()) {
        this.#at = this.#chart.next(this.#at, event, this.#effects, this.#onStep)
        this.#finish()
      }
    } finally {
      if (this.#state === 'stopping') this.#end()
      else if (this.#state === 'busy') this.#state = 'idle'
    }
  }

  /** Performs what a step wants. */
  #finish (): void {
    const { onCommand, onChange, inspect } = this.#init
    const effects = this.#effects
    this.#effects = []
    for (const effect of effects) {
      switch (effect.type) {
        case 'emit': onCommand(effect.command as EmittedFrom<M>); break
        case 'after': this.#after(effect); break
        case 'cancel': this.#cancel(effect.id); break
      }
    }
    onChange?.(this.context, this.value)
    if (this.isDone) this.#end()
    if (inspect === undefined) return
    const steps = this.#steps
    this.#steps = []
    inspect({ machine: this.#machine, actor: this, steps, value: this.value, context: this.context, isDone: this.isDone })
  }

  #after ({ id, delayMs, event }: Extract<Effect, { type: 'after' }>): void {
    let delay = this.#delays.get(id)
    if (delay === undefined) {
      delay = this.#createDelay(event)
      this.#delays.set(id, delay)
    }
    delay.event = event
    delay.timer = this.#init.clock.setTimeout(delay.end, delayMs)
  }

  #createDelay (event: EventObject): Delay {
    const delay: Delay = {
      timer: undefined, event,
      end: () => {
        delay.timer = undefined
        this.send(delay.event as EventFromLogic<M>)
      }
    }
    return delay
  }

  #cancel (id: string): void {
    const delay = this.#delays.get(id)
    if (delay !== undefined) this.#clear(delay)
  }

  #end (): void {
    this.#state = 'stopped'
    this.#queue.length = 0
    for (const delay of this.#delays.values()) this.#clear(delay)
  }

  #clear (delay: Delay): void {
    if (delay.timer === undefined) return
    this.#init.clock.clearTimeout(delay.timer)
    delay.timer = undefined
  }
}
