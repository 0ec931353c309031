export { RunReader } from './reader.ts'
export type { RunSection } from './reader.ts'
export { RunWriter } from './writer.ts'
