import type { JobPlan, Scenario } from '../scenario/scenario.ts'
import { POISON } from '../programs/simulated.ts'

/** Whether the same task gives the same answer at every worker that does not lie. */
export function isDeterministic ({ program }: JobPlan): boolean {
  return program !== 'whimsical'
}

/** Whether the program throws on some record, each time. */
export function throws ({ program, files }: JobPlan): boolean {
  return program === 'poisoned' && Object.values(files).some(text => text.includes(POISON))
}

/** Peers that may report what they did not make: a liar, or one whose messages are changed on their way to the wire. */
export function liars ({ faults }: Scenario): Set<string> {
  return new Set(faults.flatMap(fault => fault.kind === 'process' && /lie:output|corrupt:/.test(fault.faults) ? [fault.peer] : []))
}
