import { operationOf, perform, type Effect, type Operation, type Situation } from './actions.ts'
import { ancestors, childrenOf, entered, exited, valueOf, withoutConflicts, type Configuration } from './configuration.ts'
import type { AnyStateMachine, AnyTransitionDefinition, EventObject, StateNode } from 'xstate'

/** A machine's state, and what it remembers. */
export interface At {
  readonly configuration: Configuration
  readonly context: object
}

/** One step of a machine: what it took, and where that led. The first one leads to where it begins, by no transition. */
export interface MachineStep {
  event: EventObject
  transitions: readonly AnyTransitionDefinition[]
  to: Configuration
}

export type OnStep = (step: MachineStep) => void

type Guard = (args: { context: object, event: EventObject }, params: unknown) => boolean

/** A transition that is taken where its guard holds. */
interface Candidate {
  transition: AnyTransitionDefinition
  guard: Guard | undefined
  params: unknown
}

/** Whom to ask for a transition: those further in first, in all regions; the first candidate that holds is taken. */
interface Question {
  within: Question[]
  candidates: Candidate[]
}

/** What taking some transitions at once does. */
interface Step {
  /** Without those that were in conflict with others. */
  transitions: AnyTransitionDefinition[]
  operations: Operation[]
  to: Known
}

/** A configuration, with the questions and steps that came up in it. */
interface Known extends Configuration {
  readonly questions: Map<string, Question>
  /** One for each leaf: that of its own, and then those that it lies in. */
  readonly always: Question[]
  readonly steps: Map<AnyTransitionDefinition, Step>
  readonly joint: Map<string, Step>
}

const NONE: readonly AnyTransitionDefinition[] = []
const START: EventObject = { type: 'xstate.init' }

/**
 * What an XState machine does with an event, as XState's own `transition` gives it, for a tenth of the time: which states a transition
 * leaves and enters, and the actions on its way, are worked out once for each configuration and not for each event. A machine's
 * definition is walked as it is (SCXML's algorithm; guards, params and actions are its own), so its drawings, its types and XState's tools hold.
 *
 * It knows what our machines use: composite and parallel states, guards, delays, `assign`, `emit`, `enqueueActions` and `raise`.
 * Throws `TypeError` on a machine with more than that: with history, actors of its own, wildcards, or a final state that is not its end.
 */
export class Statechart {
  readonly #machine: AnyStateMachine
  readonly #root: StateNode
  readonly #known = new Map<string, Known>()
  readonly #numbers = new Map<AnyTransitionDefinition, number>()
  readonly #start: Step

  constructor (machine: AnyStateMachine) {
    this.#machine = machine
    this.#root = machine.root as StateNode
    check(this.#root)
    const into = entered([{ target: [this.#root], source: this.#root, reenter: true, actions: [], eventType: START.type } as unknown as AnyTransitionDefinition])
    this.#start = { transitions: [], operations: into.flatMap(({ entry }) => this.#operations(entry)), to: this.#configuration(into) }
  }

  /** Where a machine begins. */
  start (input: unknown, effects: Effect[], onStep?: OnStep): At {
    const { context } = this.#machine.config as { context?: object | ((args: { input: unknown }) => object) }
    const situation: Situation = { context: typeof context === 'function' ? context({ input }) : context ?? {}, event: START, effects, raised: [] }
    return this.#settle(this.#take(this.#start, situation, onStep), situation, onStep)
  }

  /** Where a machine is after an event, with all that follows from it at once. Effects are added to those that are there. */
  next ({ configuration, context }: At, event: EventObject, effects: Effect[], onStep?: OnStep): At {
    const situation: Situation = { context, event, effects, raised: [] }
    return this.#settle(this.#react(configuration as Known, situation, onStep), situation, onStep)
  }

  /** Takes what needs no event, and events that the machine has raised, until nothing is left. */
  #settle (from: Known, situation: Situation, onStep: OnStep | undefined): At {
    let at = from
    let mayFollow = true
    while (!at.isDone) {
      const follows = mayFollow ? this.#following(at, situation) : NONE
      if (follows.length > 0) {
        const [before, remembered] = [at, situation.context]
        at = this.#take(this.#step(at, follows), situation, onStep)
        mayFollow = at !== before || situation.context !== remembered
        continue
      }
      const raised = situation.raised.shift()
      if (raised === undefined) break
      situation.event = raised
      at = this.#react(at, situation, onStep)
      mayFollow = true
    }
    return { configuration: at, context: situation.context }
  }

  #react (at: Known, situation: Situation, onStep: OnStep | undefined): Known {
    const enabled = this.#enabled(at, situation)
    return enabled.length === 0 ? at : this.#take(this.#step(at, enabled), situation, onStep)
  }

  #take ({ operations, transitions, to }: Step, situation: Situation, onStep: OnStep | undefined): Known {
    for (const operation of operations) perform(operation, situation)
    onStep?.({ event: situation.event, transitions, to })
    return to
  }

  #enabled (at: Known, situation: Situation): readonly AnyTransitionDefinition[] {
    const { type } = situation.event
    const question = at.questions.get(type) ?? remember(at.questions, type, this.#question(this.#root, at.nodes, type))
    const enabled: AnyTransitionDefinition[] = []
    ask(question, situation, enabled)
    return enabled
  }

  /** Transitions without an event. */
  #following (at: Known, situation: Situation): readonly AnyTransitionDefinition[] {
    if (at.always.length === 0) return NONE
    const enabled: AnyTransitionDefinition[] = []
    for (const question of at.always) ask(question, situation, enabled)
    return enabled.length > 1 ? withoutConflicts([...new Set(enabled)], at.nodes) : enabled
  }

  #question (node: StateNode, nodes: readonly StateNode[], type: string): Question {
    const within = nodes.filter(({ parent }) => parent === node).map(child => this.#question(child, nodes, type))
    return { within: within.filter(one => one.within.length + one.candidates.length > 0), candidates: this.#candidates(node.transitions.get(type)) }
  }

  #candidates (transitions: readonly AnyTransitionDefinition[] = []): Candidate[] {
    return transitions.map(transition => ({ transition, ...this.#guard(transition.guard) }))
  }

  #guard (declared: unknown): Pick<Candidate, 'guard' | 'params'> {
    const { type, params } = typeof declared === 'string' ? { type: declared, params: undefined } : (declared ?? {}) as { type?: string, params?: unknown }
    const guard = (typeof declared === 'function' ? declared : type === undefined ? undefined : this.#machine.implementations.guards[type]) as Guard | undefined
    if (declared !== undefined && (typeof guard !== 'function' || 'check' in guard)) throw new TypeError(`a machine's guard ${String(type)} is none that is known here`)
    return { guard, params }
  }

  #step (from: Known, transitions: readonly AnyTransitionDefinition[]): Step {
    const [only, second] = transitions
    if (only !== undefined && second === undefined) {
      return from.steps.get(only) ?? remember(from.steps, only, this.#plan(from, transitions))
    }
    const key = transitions.map(transition => this.#number(transition)).join()
    return from.joint.get(key) ?? remember(from.joint, key, this.#plan(from, transitions))
  }

  /** What is left, in its order, then what the transitions do, then what is entered; where the machine ends, all is left. */
  #plan (from: Known, enabled: readonly AnyTransitionDefinition[]): Step {
    const { nodes } = from
    const transitions = withoutConflicts(enabled, nodes)
    const left = exited(transitions, nodes)
    const into = entered(transitions)
    const active = new Set(nodes)
    for (const node of left) active.delete(node)
    for (const node of into) active.add(node)
    // Entered anew, as XState sees it, nothing has moved.
    const to = active.size === nodes.length && nodes.every(node => active.has(node)) ? from : this.#configuration([...active])
    const ends = to.isDone ? to.nodes.toSorted((a, b) => b.order - a.order) : []
    const actions = [...left.flatMap(({ exit }) => exit), ...transitions.flatMap(one => one.actions), ...into.flatMap(({ entry }) => entry), ...ends.flatMap(({ exit }) => exit)]
    return { transitions, operations: this.#operations(actions), to }
  }

  #configuration (nodes: StateNode[]): Known {
    const key = nodes.map(({ order }) => order).join()
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const leaves = nodes.filter(node => childrenOf(node).length === 0)
    const always = leaves.map(leaf => ({ within: [], candidates: [leaf, ...ancestors(leaf)].flatMap(node => this.#candidates(node.always)) })).filter(({ candidates }) => candidates.length > 0)
    const made: Known = {
      nodes, value: valueOf(this.#root, nodes), isDone: nodes.some(({ type }) => type === 'final'),
      questions: new Map(), always, steps: new Map(), joint: new Map()
    }
    return remember(this.#known, key, made)
  }

  #operations (actions: readonly unknown[]): Operation[] {
    return actions.map(action => operationOf(action, this.#machine.implementations))
  }

  #number (transition: AnyTransitionDefinition): number {
    return this.#numbers.get(transition) ?? remember(this.#numbers, transition, this.#numbers.size)
  }
}

/** Adds the transitions that are to be taken. What is further in goes first, and speaks for what it lies in. */
function ask ({ within, candidates }: Question, situation: Situation, enabled: AnyTransitionDefinition[]): void {
  const before = enabled.length
  for (const question of within) ask(question, situation, enabled)
  if (enabled.length > before) return
  const { context, event } = situation
  for (const { transition, guard, params } of candidates) {
    if (guard !== undefined && !guard({ context, event }, typeof params === 'function' ? (params as (args: object) => unknown)({ context, event }) : params)) continue
    enabled.push(transition)
    return
  }
}

function remember<K, V> (map: Map<K, V>, key: K, value: V): V {
  map.set(key, value)
  return value
}

/** Throws where a node has what is not known here. */
function check (node: StateNode): void {
  const unknown = [
    node.type === 'history' && 'history', node.invoke.length > 0 && 'actors', node.type === 'final' && node.parent?.parent !== undefined && 'a final state within another',
    [...node.transitions.keys()].some(type => type.includes('*')) && 'wildcards', node.type === 'compound' && node.initial.actions.length > 0 && 'initial actions'
  ].find(one => one !== false)
  if (unknown !== undefined) throw new TypeError(`the machine has ${unknown} at ${node.id}, which is not known here`)
  for (const child of childrenOf(node)) check(child)
}
