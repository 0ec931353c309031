import * as exported from '@ipfs-mapreduce/state-machines'
import { StateMachine, type AnyStateMachine, type AnyTransitionDefinition } from 'xstate'
import { getStateNodes } from 'xstate/graph'

/** States and transitions of one machine: all that it declares, and those that a run has reached. */
export interface MachineCoverage {
  machine: string
  states: string[]
  transitions: string[]
  statesReached: string[]
  transitionsReached: string[]
}

/** What runs have reached of the machines, as data that can be merged: ids of states, and transitions as `NODE on EVENT [GUARD] -> TARGET`. */
export interface Reached {
  states: string[]
  transitions: string[]
}

export interface Coverage {
  /** For the actors' `inspect`. */
  inspect: (report: exported.MachineReport) => void
  reached: () => Reached
}

interface Declared {
  machine: string
  states: string[]
  /** By definition: its name. */
  transitions: Map<AnyTransitionDefinition, string>
}

/** Every machine that the control plane has; a new one is found by itself. */
const machines = declaredBy(Object.values(exported).filter(value => value instanceof StateMachine) as AnyStateMachine[])
const names = new Map(machines.flatMap(({ transitions }) => [...transitions]))

export function createCoverage (): Coverage {
  const states = new Set<string>()
  const transitions = new Set<AnyTransitionDefinition>()
  return {
    inspect ({ steps }) {
      for (const step of steps) {
        for (const transition of step.transitions) transitions.add(transition)
        for (const { id } of step.to.nodes) states.add(id)
      }
    },
    reached: () => ({ states: [...states], transitions: [...transitions].flatMap(transition => names.get(transition) ?? []) })
  }
}

/** Adds what one run has reached to what others have. */
export function mergeReached (all: Iterable<Reached>): Reached {
  const states = new Set<string>()
  const transitions = new Set<string>()
  for (const reached of all) {
    for (const state of reached.states) states.add(state)
    for (const transition of reached.transitions) transitions.add(transition)
  }
  return { states: [...states], transitions: [...transitions] }
}

/** What was reached of each machine. The initial transition of a machine is none that it declares. */
export function coverageOf (reached: Reached): MachineCoverage[] {
  const states = new Set(reached.states)
  const transitions = new Set(reached.transitions)
  return machines.map(({ machine, states: declared, transitions: all }) => {
    const declaredTransitions = [...all.values()]
    return {
      machine, states: declared, transitions: declaredTransitions,
      statesReached: declared.filter(id => states.has(id)),
      transitionsReached: declaredTransitions.filter(name => transitions.has(name))
    }
  })
}

function declaredBy (all: AnyStateMachine[]): Declared[] {
  return all.map(machine => {
    const nodes = [machine.root, ...getStateNodes(machine)]
    const transitions = new Map<AnyTransitionDefinition, string>()
    const used = new Map<string, number>()
    for (const node of nodes) {
      for (const transition of [...[...node.transitions.values()].flat(), ...node.always ?? []]) {
        const name = nameOf(transition)
        // Two of one event that differ in nothing else are told apart by their place.
        const before = used.get(name) ?? 0
        used.set(name, before + 1)
        transitions.set(transition, before === 0 ? name : `${name} (${before + 1})`)
      }
    }
    return { machine: machine.id, states: nodes.map(({ id }) => id), transitions }
  })
}

function nameOf ({ source, eventType, guard, target }: AnyTransitionDefinition): string {
  const condition = typeof guard === 'string' ? guard : (guard as { type?: string } | undefined)?.type
  const event = eventType === '' ? 'always' : eventType.startsWith('xstate.after.') ? `after ${eventType.slice('xstate.after.'.length).split('.')[0]!}` : eventType
  return `${source.id} on ${event}${condition === undefined ? '' : ` [${condition}]`}${target === undefined ? '' : ` -> ${target.map(({ id }) => id).join(', ')}`}`
}
