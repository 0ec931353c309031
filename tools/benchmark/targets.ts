import { GIB, MIB } from './size.ts'
import { findContender, ours } from './results.ts'
import type { ContenderResult, WorkloadResult } from './results.ts'
import { TWO_PROCESSES } from './rivals/names.ts'
import { titleOf } from './titles.ts'

/** What was measured against what is wanted. */
export interface Verdict {
  target: string
  measured: string
  met: boolean
}

type Judge = (results: readonly WorkloadResult[]) => Verdict[]

const MEMORY_MIB = 400
const GROWTH = 0.15

/** Whatever of the targets these results can tell of. */
export function judge (results: readonly WorkloadResult[]): Verdict[] {
  return JUDGES.flatMap(judge => judge(results))
}

const JUDGES: Judge[] = [
  speedOf('word-count', TWO_PROCESSES, 0.85),
  growthOf('word-count'),
  memoryOf('word-count')
]

/** Throughput of at least so many times a rival's. */
function speedOf (workload: string, rival: string, least: number): Judge {
  return results => against(results, workload, rival).map(({ of, ours, theirs }) => {
    const ratio = theirs.seconds.median / ours.seconds.median
    return { target: `${of}: at least ${least} of the throughput of ${rival}`, measured: ratio.toFixed(2), met: ratio >= least }
  })
}

/** The larger size takes as much longer as it is larger, give or take. */
function growthOf (workload: string): Judge {
  return results => {
    const [small, large] = [256 * MIB, GIB].map(size => results.find(each => each.workload === workload && each.size === size))
    if (small === undefined || large === undefined) return []
    const growth = ours(large).seconds.median / ours(small).seconds.median / (large.size / small.size)
    return [{
      target: `${workload}: time in proportion from 256 MiB to 1 GiB, within ${GROWTH * 100} %`,
      measured: `${growth >= 1 ? '+' : ''}${((growth - 1) * 100).toFixed(0)} %`,
      met: growth <= 1 + GROWTH
    }]
  }
}

/** No process of the cluster has more at 1 GiB. */
function memoryOf (workload: string): Judge {
  return results => results.filter(result => result.workload === workload && result.size >= GIB).flatMap(result => {
    const footprint = ours(result).footprint
    if (footprint === undefined) return []
    const { largest, largestMiB } = footprint
    return [{ target: `${titleOf(result)}: no process over ${MEMORY_MIB} MiB resident`, measured: `${largestMiB} MiB (${largest})`, met: largestMiB <= MEMORY_MIB }]
  })
}

function against (results: readonly WorkloadResult[], workload: string, rival: string): Array<{ of: string, ours: ContenderResult, theirs: ContenderResult }> {
  return results.filter(result => result.workload === workload).flatMap(result => {
    const theirs = findContender(result, rival)
    return theirs === undefined ? [] : [{ of: titleOf(result), ours: ours(result), theirs }]
  })
}
