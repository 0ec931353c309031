import { causeText, reactionText, statechartOf, withinState, type State } from './statechart.ts'
import type { AnyStateMachine } from 'xstate'

/** A dashed box in a composite state stands for whichever of its children is active. */
const ANY_CLASS = 'any'
/** Words that begin a statement in Mermaid 11, and so cannot be a state's id. */
const RESERVED = new Set(['class', 'classDef', 'click', 'default', 'href', 'note', 'scale', 'state', 'style'])

/**
 * Draws a machine as a Mermaid `stateDiagram-v2`.
 *
 * @throws Error where two states would get one Mermaid id
 */
export function mermaidOf (machine: AnyStateMachine): string {
  const { name, root, arrows } = statechartOf(machine)
  const ids = idsOf(name, withinState(root))
  const anyId = (composite: string): string => `${ids.get(composite)!}_${ANY_CLASS}`
  const lines = ['stateDiagram-v2']
  const line = (depth: number, text: string): void => { lines.push(`${'    '.repeat(depth)}${text}`) }

  // Regions need a state around them.
  if (root.kind === 'parallel') state(root, 1)
  else inside(root, 1)
  for (const { from, to, inward, causes } of arrows) {
    const label = causes.map(causeText).filter(text => text !== '').map(escape).join('<br/>')
    line(1, `${inward ? anyId(from) : ids.get(from)!} --> ${ids.get(to)!}${label === '' ? '' : ` : ${label}`}`)
  }
  const roaming = withinState(root).filter(({ roams }) => roams)
  if (roaming.length > 0) {
    line(1, `classDef ${ANY_CLASS} stroke-dasharray:4,font-style:italic`)
    line(1, `class ${roaming.map(({ id }) => anyId(id)).join(',')} ${ANY_CLASS}`)
  }
  return `${lines.join('\n')}\n`

  function state (node: State, depth: number): void {
    const id = ids.get(node.id)!
    const title = node.kind === 'history' ? `${node.name} (history)` : node.name
    if (node.states.length > 0) {
      line(depth, `state "${escape(title)}" as ${id} {`)
      inside(node, depth + 1)
      line(depth, '}')
    } else {
      line(depth, `state "${escape(title)}" as ${id}`)
      reactions(node, id, depth)
    }
    if (node.kind === 'final') line(depth, `${id} --> [*]`)
  }

  function inside (node: State, depth: number): void {
    if (node.initial !== undefined) line(depth, `[*] --> ${ids.get(node.initial)!}`)
    if (node.roams) {
      line(depth, `state "any state" as ${anyId(node.id)}`)
      reactions(node, anyId(node.id), depth)
      if (node.kind === 'parallel') line(depth, '--')
    }
    node.states.forEach((child, index) => {
      if (node.kind === 'parallel' && index > 0) line(depth, '--')
      state(child, depth)
    })
  }

  function reactions (node: State, id: string, depth: number): void {
    for (const reaction of node.reactions) line(depth, `${id} : ${escape(reactionText(reaction))}`)
  }
}

/** Mermaid ids are words, one namespace for the whole diagram. */
function idsOf (name: string, states: State[]): Map<string, string> {
  const ids = new Map<string, string>()
  const owners = new Map<string, string>()
  for (const { id, roams } of states) {
    const plain = (id === '' ? name : id).replaceAll(/\W/g, '_')
    const word = RESERVED.has(plain) ? `${plain}_` : plain
    for (const taken of roams ? [word, `${word}_${ANY_CLASS}`] : [word]) {
      if (owners.has(taken)) throw new Error(`states "${owners.get(taken)!}" and "${id}" of ${name} would both be drawn as ${taken}: rename one`)
      owners.set(taken, id)
    }
    ids.set(id, word)
  }
  return ids
}

/** What Mermaid would read as syntax, as its entities. */
function escape (text: string): string {
  return text.replaceAll(/[#;:"<>]/g, character => `#${character.charCodeAt(0)};`)
}
