import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate'

/** A machine as plain data: its states as a tree, its transitions as arrows between them, in document order. */
export interface Statechart {
  name: string
  root: State
  arrows: Arrow[]
  /** Names of the delays that move it, each once. */
  delays: string[]
}

export interface State {
  /** Keys from the root down, joined by dots; the root's is empty. */
  id: string
  name: string
  kind: AnyStateNode['type']
  /** Id of the child that is entered first, where there is one. */
  initial?: string
  states: State[]
  /** What it answers without leaving any state. */
  reactions: Reaction[]
  /** Whether this composite state answers events whichever of its children is active: by an arrow to its inside, or a reaction. */
  roams: boolean
}

/** What makes a machine take a transition. */
export interface Cause {
  /** The event; `after` and the delay's name; empty for a transition that is taken as soon as its guard holds. */
  on: string
  guard?: string
  timed: boolean
}

/** A transition without a target. Without actions either, it says that the event is known and ignored. */
export interface Reaction extends Cause {
  actions: string[]
}

/** All transitions from one state to another. */
export interface Arrow {
  from: string
  to: string
  /** Whether `from` is around `to`: the arrow starts at whichever child is active. */
  inward: boolean
  causes: Cause[]
}

/** Reads a machine; knows nothing of what it does. */
export function statechartOf (machine: AnyStateMachine): Statechart {
  const arrows = new Map<string, Arrow>()
  const delays = new Set<string>()
  const root = read(machine.root)
  return { name: machine.id, root, arrows: [...arrows.values()], delays: [...delays] }

  function read (node: AnyStateNode): State {
    const state: State = { id: idOf(node), name: node.key, kind: node.type, states: [], reactions: [], roams: false }
    if (node.type === 'compound') state.initial = idOf(node.initial.target[0]!)
    const delayed = new Map(node.after.map(({ eventType, delay }) => [eventType as string, delayName(delay)]))
    for (const delay of delayed.values()) delays.add(delay)
    for (const candidates of [...node.transitions.values(), node.always ?? []]) {
      candidates.forEach((transition: AnyTransitionDefinition, index) => {
        const cause = causeOf(transition, delayed, index > 0)
        if (transition.target === undefined) {
          state.reactions.push({ ...cause, actions: transition.actions.map(actionName) })
          return
        }
        for (const target of transition.target) {
          const end = isAround(target, node) ? landing(target) : target
          draw(state.id, idOf(end), isAround(node, end), cause)
        }
      })
    }
    state.states = Object.values(node.states).map(child => read(child as AnyStateNode))
    state.roams = state.states.length > 0 && (state.reactions.length > 0 || [...arrows.values()].some(({ from, inward }) => inward && from === state.id))
    return state
  }

  function draw (from: string, to: string, inward: boolean, cause: Cause): void {
    const key = JSON.stringify([from, to])
    const arrow = arrows.get(key) ?? { from, to, inward, causes: [] }
    arrows.set(key, arrow)
    if (!arrow.causes.some(({ on, guard }) => on === cause.on && guard === cause.guard)) arrow.causes.push(cause)
  }
}

/** A state and all below it, in document order. */
export function withinState (state: State): State[] {
  return [state, ...state.states.flatMap(withinState)]
}

/** `event [guard]`. */
export function causeText ({ on, guard }: Cause): string {
  return [on, ...guard === undefined ? [] : [`[${guard}]`]].filter(part => part !== '').join(' ')
}

/** `event [guard] / action, action`. */
export function reactionText (reaction: Reaction): string {
  return `${causeText(reaction)} / ${reaction.actions.length > 0 ? reaction.actions.join(', ') : 'ignored'}`
}

const idOf = (node: AnyStateNode): string => node.path.join('.')

/** Whether a state is composite, and another is itself or below it. */
function isAround (composite: AnyStateNode, node: AnyStateNode): boolean {
  return Object.keys(composite.states).length > 0 && composite.path.every((key, depth) => node.path[depth] === key)
}

/** The state in which an entered state begins: no arrow can be drawn from the inside of a box to that box. */
function landing (node: AnyStateNode): AnyStateNode {
  if (node.type === 'compound') return landing(node.initial.target[0]!)
  return node.type === 'parallel' ? landing(Object.values(node.states)[0]!) : node
}

function causeOf ({ eventType, guard }: AnyTransitionDefinition, delayed: Map<string, string>, isAlternative: boolean): Cause {
  const delay = delayed.get(eventType)
  const condition = guard !== undefined ? guardName(guard) : isAlternative ? 'else' : undefined
  return {
    on: delay === undefined ? eventName(eventType) : `after ${delay}`,
    ...condition !== undefined && { guard: condition },
    timed: delay !== undefined
  }
}

const INTERNAL_EVENT = /^xstate\.(done|error|snapshot)\.(actor|state)\.(.+)$/

/** Events that XState makes itself have long names. */
function eventName (type: string): string {
  const [, what, of, id] = INTERNAL_EVENT.exec(type) ?? []
  if (what === undefined) return type
  return of === 'state' ? what : `${what} ${id}`
}

function delayName (delay: unknown): string {
  return typeof delay === 'number' ? `${delay} ms` : String(delay)
}

/** Named in `setup`, with parameters or without, or a function; those of `not`, `and` and `or` carry their operands. */
type Guard = string | { type: string } | { name: string, guards?: readonly Guard[] }

function guardName (guard: Guard): string {
  if (typeof guard === 'string') return guard
  if ('type' in guard) return guard.type
  if (guard.guards === undefined) return guard.name
  const operands = guard.guards.map(guardName)
  return guard.name === 'not' ? `not ${operands[0]}` : operands.join(` ${guard.name} `)
}

/** What `setup` named, or else what kind of action was written in place, such as `emit`. */
function actionName (action: unknown): string {
  if (typeof action === 'string') return action
  const { type, name } = action as { type?: string, name?: string }
  return type?.replace('xstate.', '') ?? name ?? ''
}
