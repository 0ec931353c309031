/** Hostile bytes for the decoders: `npm run fuzz`, and a shorter round in the tests. */
export { fuzzDecoders } from './decoders.ts'
export type { FuzzInit, FuzzOutcome } from './decoders.ts'
