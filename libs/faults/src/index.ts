/**
 * Faults as data, in a small language, and the ports that suffer them.
 *
 * `parseFaults(text)` → `injectFaults(faults, { random, clock, crash })` → `.network(…)`, `.files(…)`, `.executor(…)`, `.clock(…)`
 */
export type * from './fault.ts'
export { formatFault, formatFaults } from './format.ts'
export { injectFaults } from './inject.ts'
export type { BlockFaults, FaultInjection, InjectInit } from './inject.ts'
export { parseFaults } from './parse.ts'
export { seededRandom } from './seeded-random.ts'
export { VOCABULARY } from './vocabulary.ts'
export type { KindSpec, OptionSpec } from './vocabulary.ts'
