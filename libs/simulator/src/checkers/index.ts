import type { SequentialResult } from '@ipfs-mapreduce/mapreduce'
import { attempts } from './attempts.ts'
import { bounds } from './bounds.ts'
import type { CheckerOf } from './checker.ts'
import { checkpoints } from './checkpoints.ts'
import { commits } from './commits.ts'
import { ends } from './ends.ts'
import { justice } from './justice.ts'
import { membership } from './membership.ts'
import { oracle } from './oracle.ts'
import { residue } from './residue.ts'
import { runs } from './runs.ts'
import { slots } from './slots.ts'
import type { JobPlan } from '../scenario/scenario.ts'

/** All checkers; the oracle's answers are computed before. */
export function allCheckers (oracles: ReadonlyMap<JobPlan, SequentialResult>): CheckerOf[] {
  return [commits, attempts, runs, slots, membership, bounds, ends, residue, justice, checkpoints, oracle(oracles)]
}
