import type { Footprint } from './process-tree.ts'

/** One timed run of one contender. */
export interface Sample {
  seconds: number
  /** What its output says, in a form that is the same for all contenders; none where there is nothing to compare. */
  check?: string
  footprint?: Footprint
  /** Seconds of each phase of a job, as its master tells them. */
  phases?: Record<string, number>
}

/** Something that does the work: this project, or what a user would pick instead. */
export interface Contender {
  name: string
  /** Runs at most so often; as often as the others by default. */
  turns?: number
  /** Does it once. @param turn - counts from 0; contenders of one turn have the same input */
  run: (turn: number) => Promise<Sample>
}

/** What this project is called among contenders. */
export const OURS = 'cluster'
/** The same, where the program is not in TypeScript. */
export const OURS_IN_WASM = 'cluster, program in WebAssembly'
