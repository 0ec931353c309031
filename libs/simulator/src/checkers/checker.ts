import type { Jobs } from '../scenario/jobs.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { User } from '../scenario/user.ts'
import type { Occurrence } from '../world/occurrence.ts'
import type { World } from '../world/world.ts'

/** What a checker may look at: the world from outside, what was planned, and what the user saw. */
export interface View {
  readonly scenario: Scenario
  readonly world: World
  readonly user: User
  readonly jobs: Jobs
  /** Whether a fault has taken a block of a peer at any time. */
  taken: (peer: string, cid: string) => boolean
  /** Whether a fault has ended the process of a peer at any time. */
  crashed: (peer: string) => boolean
  /** Whether a fault has wiped the disk of a peer, and its journal, at any time. */
  wiped: (peer: string) => boolean
  /** Kinds of faults that have struck. */
  struck: (...kinds: string[]) => boolean
}

/** One promise of the system, held against what happens. It stands outside of the code that it checks. */
export interface Checker {
  readonly name: string
  /** Called for everything that happens. */
  observe: (occurrence: Occurrence) => void
  /** Whether nothing is left that is to come about by itself after all jobs have ended. */
  settled?: () => boolean
  /** Called once, in the end. */
  finish: () => void
}

/** Makes a checker; it calls `violated` with what is wrong, and never throws into what it watches. */
export type CheckerOf = (view: View, violated: (message: string) => void) => Checker
