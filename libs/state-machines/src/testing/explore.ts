import type { AnyStateMachine, AnyTransitionDefinition, EventFromLogic, InputFrom, SnapshotFrom } from 'xstate'
import { getShortestPaths, getStateNodes, type StatePath } from 'xstate/graph'
import { lockstep } from './lockstep.ts'

export interface Exploration<M extends AnyStateMachine> {
  /** The shortest path to every state that the events reach, told apart by `serialize`. */
  paths: Array<StatePath<SnapshotFrom<M>, EventFromLogic<M>>>
  /** Ids of declared states that no path enters. */
  statesMissed: string[]
  /** Declared transitions that no path, nor any one event after it, takes. */
  transitionsMissed: string[]
}

export interface ExploreOptions<M extends AnyStateMachine> {
  input: InputFrom<M>
  /** Domain events and `after` events by name. */
  events: Array<{ type: string }>
  /** What tells two snapshots apart; must be bounded. */
  serialize: (snapshot: SnapshotFrom<M>) => string
  /** Goes no further from such a state: where counts grow without end. */
  stopWhen?: (snapshot: SnapshotFrom<M>) => boolean
}

/** Walks a machine's whole graph on real actors, XState's and ours in lockstep, and says what of it cannot be reached. */
export function explore<M extends AnyStateMachine> (machine: M, { input, events, serialize, stopWhen = () => false }: ExploreOptions<M>): Exploration<M> {
  const paths = getShortestPaths(machine, {
    input, events: events as Array<EventFromLogic<M>>,
    serializeState: snapshot => serialize(snapshot as SnapshotFrom<M>),
    stopWhen: snapshot => stopWhen(snapshot as SnapshotFrom<M>),
    limit: 20_000
  }) as Array<StatePath<SnapshotFrom<M>, EventFromLogic<M>>>
  const taken = new Set<AnyTransitionDefinition>()
  const entered = new Set<string>()
  for (const path of paths) {
    for (const node of (path.state as unknown as { _nodes: Array<{ id: string }> })._nodes) entered.add(node.id)
    const steps = path.steps.map(({ event }) => event as { type: string }).filter(({ type }) => type !== 'xstate.init')
    for (const last of events) {
      const { transitions, states } = lockstep(machine, { input, events: [...steps, last] })
      for (const transition of transitions) taken.add(transition)
      for (const state of states) entered.add(state)
    }
  }
  const nodes = [machine.root, ...getStateNodes(machine)]
  const declared = nodes.flatMap(node => [...[...node.transitions.values()].flat(), ...node.always ?? []])
  return {
    paths,
    statesMissed: nodes.map(({ id }) => id).filter(id => !entered.has(id)),
    transitionsMissed: declared.filter(transition => !taken.has(transition)).map(({ source, eventType, guard, target }) =>
      `${source.id} on ${eventType || 'always'}${guard === undefined ? '' : ` [${JSON.stringify(guard)}]`} -> ${(target ?? []).map(({ id }) => id).join(', ')}`)
  }
}

