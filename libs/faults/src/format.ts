import type { Fault } from './fault.ts'
import { VOCABULARY } from './vocabulary.ts'

/** Faults as `parseFaults` reads them, in one form: what is the default is left out. */
export function formatFaults (faults: readonly Fault[]): string {
  return faults.map(formatFault).join(' + ')
}

/** One fault: `crash:attempt,nth=3`. */
export function formatFault (fault: Fault): string {
  const options = Object.entries(VOCABULARY[fault.kind].options).flatMap(([name, { field, write }]) => {
    const value = fault[field]
    return value === undefined || (field === 'p' && value === 1) ? [] : [`,${name}=${write(value)}`]
  })
  return `${fault.kind}:${fault.target}${options.join('')}`
}
