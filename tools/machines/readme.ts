import { mermaidOf } from './mermaid.ts'
import { statechartOf } from './statechart.ts'
import type { AnyStateMachine } from 'xstate'

/** What a README can hold of a machine, between `<!-- KIND of MACHINE -->` and `<!-- end -->`. */
const KINDS: Record<string, (machine: AnyStateMachine) => string> = {
  delays: machine => statechartOf(machine).delays.map(delay => `\`${delay}\``).join(', '),
  // The picture first: Mermaid lays large machines out less well, but it can be copied, and searched.
  statechart: machine => [
    '', `![The states of ${machine.id}](diagrams/${machine.id}.svg)`, '',
    '<details><summary>As Mermaid</summary>', '', `\`\`\`mermaid\n${mermaidOf(machine)}\`\`\``, '', '</details>', ''
  ].join('\n')
}
const PLACE = /(?<begin><!-- (?<kind>\w+) of (?<name>\S+) -->).*?(?<end><!-- end -->)/gs

/**
 * Fills the places that a README has for machines; all around them stays as it is.
 *
 * @throws Error where a machine has no place of some kind, or a place is of no machine or kind
 */
export function fillReadme (text: string, machines: AnyStateMachine[]): string {
  const missing = new Set(machines.flatMap(({ id }) => Object.keys(KINDS).map(kind => placeOf(kind, id))))
  const filled = text.replaceAll(PLACE, (...match) => {
    const { begin, kind, name, end } = match.at(-1) as Record<'begin' | 'kind' | 'name' | 'end', string>
    const machine = machines.find(({ id }) => id === name)
    if (machine === undefined || !Object.hasOwn(KINDS, kind)) throw new Error(`the README has a place for the ${kind} of ${name}, which is not there: remove it`)
    missing.delete(placeOf(kind, name))
    return `${begin}${KINDS[kind]!(machine)}${end}`
  })
  if (missing.size > 0) throw new Error(`the README lacks ${[...missing].join(', ')}`)
  return filled
}

const placeOf = (kind: string, name: string): string => `<!-- ${kind} of ${name} --><!-- end -->`
