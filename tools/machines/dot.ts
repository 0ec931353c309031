import { reactionText, statechartOf, withinState, type Arrow, type Cause, type Reaction, type State } from './statechart.ts'
import type { AnyStateMachine } from 'xstate'

/** Colours that can be read on the white that the drawing brings along, so that a dark page does it no harm. */
const COLOUR = {
  paper: '#ffffff', box: '#f6f8fa', line: '#57606a', text: '#1f2328', state: '#ddf4ff', stateLine: '#0969da', final: '#eaeef2', time: '#9a6700'
}
/** Sizes in points: a machine's name, a state's, and what stands on arrows. */
const SIZE = { title: 18, state: 13, cause: 11 }
/** Fonts of one width are as wide everywhere as Graphviz believes them to be. */
const FONT = 'Courier'

type Attributes = Record<string, string | number | boolean>

/** Draws a machine in DOT, Graphviz's language: composite states are clusters, the regions of a parallel one are dashed. */
export function dotOf (machine: AnyStateMachine): string {
  const { name, root, arrows } = statechartOf(machine)
  const states = new Map(withinState(root).map(state => [state.id, state]))
  const order = new Map(withinState(root).map(({ id }, index) => [id, index]))
  const lines: string[] = []
  const line = (depth: number, text: string): void => { lines.push(`${'  '.repeat(depth)}${text}`) }

  line(0, `digraph ${quote(name)} {`)
  line(1, `graph${list({
    compound: true, rankdir: 'TB', bgcolor: COLOUR.paper, pad: 0.2, nodesep: 0.35, ranksep: 0.4,
    ...font(SIZE.title), labelloc: 't', labeljust: 'l', label: html(bold(name))
  })}`)
  line(1, `node${list({ shape: 'box', style: boxStyle(false), fillcolor: COLOUR.state, color: COLOUR.stateLine, ...font(SIZE.state), margin: '0.14,0.07', height: 0.36 })}`)
  line(1, `edge${list({ color: COLOUR.line, ...font(SIZE.cause), arrowsize: 0.7 })}`)
  if (root.kind === 'parallel') cluster(root, 1, false)
  else inside(root, 1)
  for (const arrow of arrows) edge(arrow)
  line(0, '}')
  return `${lines.join('\n')}\n`

  function cluster (state: State, depth: number, isRegion: boolean): void {
    const title = state.kind === 'parallel' ? `${bold(state.name)} <FONT COLOR="${COLOUR.line}" POINT-SIZE="${SIZE.cause}">parallel</FONT>` : bold(state.name)
    const fillcolor = depth % 2 === 1 ? COLOUR.box : COLOUR.paper
    line(depth, `subgraph ${quote(clusterOf(state.id))} {`)
    line(depth + 1, `graph${list({ style: boxStyle(isRegion), fillcolor, color: COLOUR.line, fontsize: SIZE.state, margin: 12, label: html(title) })}`)
    inside(state, depth + 1)
    line(depth, '}')
  }

  function inside (state: State, depth: number): void {
    const isParallel = state.kind === 'parallel'
    if (state.initial !== undefined) {
      line(depth, `${quote(startOf(state.id))}${list({ shape: 'circle', label: '', width: 0.14, height: 0.14, fillcolor: COLOUR.text, color: COLOUR.text })}`)
    }
    if (state.roams) {
      line(depth, `${quote(anyOf(state.id))}${list({ style: boxStyle(true), fillcolor: COLOUR.paper, color: COLOUR.line, label: boxLabel('<I>any state</I>', state.reactions) })}`)
    }
    for (const child of state.states) {
      if (child.states.length > 0) cluster(child, depth, isParallel)
      else leaf(child, depth, isParallel)
    }
    if (state.initial !== undefined) {
      line(depth, `${quote(startOf(state.id))} -> ${quote(enter(state.initial))}${list(isComposite(state.initial) ? { lhead: clusterOf(state.initial) } : {})}`)
    }
  }

  function leaf (state: State, depth: number, isRegion: boolean): void {
    const title = bold(state.kind === 'history' ? `${state.name} (history)` : state.name)
    line(depth, `${quote(state.id)}${list({
      ...isRegion && { style: boxStyle(true) },
      ...state.kind === 'final' && { peripheries: 2, fillcolor: COLOUR.final, color: COLOUR.line },
      label: boxLabel(title, state.reactions)
    })}`)
  }

  /** Who goes back in document order is written the other way round, so that a life is drawn downwards. */
  function edge ({ from, to, inward, causes }: Arrow): void {
    const tail = inward ? { node: anyOf(from) } : { node: leave(from), cluster: isComposite(from) ? clusterOf(from) : undefined }
    const head = { node: enter(to), cluster: isComposite(to) ? clusterOf(to) : undefined }
    const isForward = inward || order.get(from)! <= order.get(to)!
    const [upper, lower] = isForward ? [tail, head] : [head, tail]
    const label = causes.map(causeLabel).filter(text => text !== '').map(text => ` ${text}<BR ALIGN="LEFT"/>`).join('')
    line(1, `${quote(upper.node)} -> ${quote(lower.node)}${list({
      ...label !== '' && { label: html(label) },
      ...!isForward && { dir: 'back' },
      ...upper.cluster !== undefined && { ltail: upper.cluster },
      ...lower.cluster !== undefined && { lhead: lower.cluster }
    })}`)
  }

  function isComposite (id: string): boolean {
    return states.get(id)!.states.length > 0
  }

  /** The node at which an arrow to a state ends; Graphviz clips it at the cluster's border. */
  function enter (id: string): string {
    const state = states.get(id)!
    if (state.states.length === 0) return id
    return state.initial === undefined ? enter(state.states[0]!.id) : startOf(id)
  }

  /** The node at which an arrow from a state begins: as a rule the last one is at the cluster's lower border. */
  function leave (id: string): string {
    return withinState(states.get(id)!).findLast(({ states }) => states.length === 0)!.id
  }
}

const clusterOf = (id: string): string => `cluster ${id}`
const startOf = (id: string): string => `start ${id}`
const anyOf = (id: string): string => `any ${id}`

function causeLabel ({ on, guard, timed }: Cause): string {
  const parts = [timed ? `<FONT COLOR="${COLOUR.time}">${escape(on)}</FONT>` : escape(on)]
  if (guard !== undefined) parts.push(`<FONT COLOR="${COLOUR.line}">[${escape(guard)}]</FONT>`)
  return parts.filter(part => part !== '').join(' ')
}

/** A name, and below it what is answered without leaving. */
function boxLabel (title: string, reactions: Reaction[]): string {
  return html([title, ...reactions.map(reaction => `<FONT POINT-SIZE="${SIZE.cause}">${escape(reactionText(reaction))}</FONT>`)].join('<BR/>'))
}

const font = (points: number): Attributes => ({ fontname: FONT, fontsize: points, fontcolor: COLOUR.text })
const boxStyle = (isDashed: boolean): string => isDashed ? 'rounded,filled,dashed' : 'rounded,filled'
const bold = (text: string): string => `<B>${escape(text)}</B>`
const html = (text: string): string => `<${text}>`

function escape (text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function quote (text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** In brackets, or nothing. Labels in angle brackets are HTML-like and go unquoted. */
function list (attributes: Attributes): string {
  const pairs = Object.entries(attributes).map(([key, value]) => `${key}=${typeof value === 'string' && !value.startsWith('<') ? quote(value) : value}`)
  return pairs.length === 0 ? '' : ` [${pairs.join(', ')}]`
}
