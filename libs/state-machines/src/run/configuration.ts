import type { AnyTransitionDefinition, StateNode, StateValue } from 'xstate'

/** States that are active together, and what was found out about them: made once, however many machines are in them. */
export interface Configuration {
  /** In the order in which they were entered, as XState keeps them. */
  readonly nodes: readonly StateNode[]
  /** As XState has it. */
  readonly value: StateValue
  /** The machine has ended. */
  readonly isDone: boolean
}

/** Whether a node lies in another, and is not the same. Nothing lies outside of `undefined`, which is above the root. */
function isWithin (node: StateNode, other: StateNode | undefined): boolean {
  if (other === undefined) return true
  for (let above = node.parent; above !== undefined; above = above.parent) if (above === other) return true
  return false
}

/** What a node lies in, from the inside outwards, up to but without `end`. */
export function ancestors (node: StateNode, end?: StateNode): StateNode[] {
  const found: StateNode[] = []
  for (let above = node.parent; above !== undefined && above !== end; above = above.parent) found.push(above)
  return found
}

/** The innermost state that a transition does not leave; nothing where it leaves the root too, as the first one does. */
function domainOf ({ source, target = [], reenter }: AnyTransitionDefinition): StateNode | undefined {
  if (!reenter && target.every(one => one === source || isWithin(one, source))) return source
  const [first, ...rest] = [...target, source]
  return ancestors(first!).find(above => rest.every(one => isWithin(one, above))) ?? (reenter ? undefined : source.machine.root as StateNode)
}

/** What transitions leave, innermost first. */
export function exited (transitions: readonly AnyTransitionDefinition[], nodes: Iterable<StateNode>): StateNode[] {
  const left = new Set<StateNode>()
  for (const transition of transitions) {
    if (transition.target === undefined || transition.target.length === 0) continue
    const domain = domainOf(transition)
    if (transition.reenter && transition.source === domain) left.add(domain)
    for (const node of nodes) if (isWithin(node, domain)) left.add(node)
  }
  return [...left].sort((a, b) => b.order - a.order)
}

/** What transitions enter, outermost first (SCXML's `computeEntrySet`). */
export function entered (transitions: readonly AnyTransitionDefinition[]): StateNode[] {
  const into = new Set<StateNode>()
  for (const transition of transitions) {
    const { source, target = [], reenter } = transition
    const domain = domainOf(transition)
    for (const node of target) {
      if (source !== node || source !== domain || reenter) into.add(node)
      addBelow(node, into)
    }
    for (const node of target) {
      addAbove([...ancestors(node, domain), ...domain?.type === 'parallel' ? [domain] : []], source.parent === undefined && reenter ? undefined : domain, into)
    }
  }
  return [...into].sort((a, b) => a.order - b.order)
}

function addBelow (node: StateNode, into: Set<StateNode>): void {
  if (node.type === 'parallel') addRegions(node, into)
  if (node.type !== 'compound') return
  const [first] = node.initial.target
  into.add(first!)
  addBelow(first!, into)
  addAbove(ancestors(first!, node), undefined, into)
}

function addAbove (nodes: StateNode[], domain: StateNode | undefined, into: Set<StateNode>): void {
  for (const node of nodes) {
    if (isWithin(node, domain)) into.add(node)
    if (node.type === 'parallel') addRegions(node, into)
  }
}

/** Those regions of a parallel state that nothing is entered in yet. */
function addRegions (node: StateNode, into: Set<StateNode>): void {
  for (const region of childrenOf(node)) {
    if ([...into].some(one => isWithin(one, region))) continue
    into.add(region)
    addBelow(region, into)
  }
}

/** Without those that another one, of a state further in or selected before it, goes before. */
export function withoutConflicts (transitions: readonly AnyTransitionDefinition[], nodes: readonly StateNode[]): AnyTransitionDefinition[] {
  if (transitions.length < 2) return [...transitions]
  let kept: AnyTransitionDefinition[] = []
  for (const one of transitions) {
    const leaves = new Set(exited([one], nodes))
    const rivals = kept.filter(other => exited([other], nodes).some(node => leaves.has(node)))
    if (!rivals.every(other => isWithin(one.source as StateNode, other.source as StateNode))) continue
    kept = kept.filter(other => !rivals.includes(other))
    if (!kept.includes(one)) kept.push(one)
  }
  return kept
}

export function childrenOf (node: StateNode): StateNode[] {
  return Object.values(node.states)
}

/** The value of a configuration: a leaf's name, or what is active in each composite state. */
export function valueOf (root: StateNode, nodes: readonly StateNode[]): StateValue {
  const active = nodes.filter(({ parent }) => parent === root)
  const [only] = active
  if (root.type === 'compound' && only !== undefined && childrenOf(only).length === 0) return only.key
  return Object.fromEntries(active.map(node => [node.key, valueOf(node, nodes)]))
}
