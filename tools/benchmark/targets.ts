import { GIB, MIB } from './size.ts'
import { OURS_IN_WASM } from './contender.ts'
import { findContender, ours } from './results.ts'
import type { ContenderResult, WorkloadResult } from './results.ts'
import { COREUTILS, GNU_GREP, GNU_SORT, ONE_MAPPER, ONE_PROCESS, RAW_STREAM, TWO_PROCESSES } from './rivals/names.ts'
import { formatSeconds, titleOf } from './titles.ts'

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
  withinOf('no-op', 0.15),
  withinOf('from-nothing', 2.5),
  speedOf('word-count', TWO_PROCESSES, 0.85),
  eitherSpeedOf('word-count', COREUTILS, 2.5),
  growthOf('word-count'),
  timeOf('grep', GNU_GREP, 3),
  timeOf('sort', GNU_SORT, 2),
  growthOf('sort'),
  speedOf('shuffle', RAW_STREAM, 0.7),
  secondMapperOf('two-mappers', 1.8),
  memoryOf('word-count'),
  memoryOf('grep'),
  memoryOf('sort')
]

/** At most so many seconds. */
function withinOf (workload: string, mostSeconds: number): Judge {
  return results => results.filter(result => result.workload === workload).map(result => {
    const { median } = ours(result).seconds
    return { target: `${titleOf(result)}: under ${formatSeconds(mostSeconds)}`, measured: formatSeconds(median), met: median < mostSeconds }
  })
}

/** At most so many times a rival's time. */
function timeOf (workload: string, rival: string, most: number): Judge {
  return results => against(results, workload, rival).map(({ of, ours, theirs }) => {
    const ratio = ours.seconds.median / theirs.seconds.median
    return { target: `${of}: within ${most} times the time of ${rival}`, measured: `${ratio.toFixed(2)} times`, met: ratio <= most }
  })
}

/** Throughput of at least so many times a rival's. */
function speedOf (workload: string, rival: string, least: number): Judge {
  return results => against(results, workload, rival).map(({ of, ours, theirs }) => {
    const ratio = theirs.seconds.median / ours.seconds.median
    return { target: `${of}: at least ${least} times the throughput of ${rival}`, measured: `${ratio.toFixed(2)} times`, met: ratio >= least }
  })
}

/** At least so many times the throughput of one mapper, beside what a second process gives to a program of plain files. */
function secondMapperOf (workload: string, least: number): Judge {
  return results => results.filter(result => result.workload === workload).flatMap(result => {
    const [judged] = speedOf(workload, ONE_MAPPER, least)([result])
    const [two, one] = [TWO_PROCESSES, ONE_PROCESS].map(name => findContender(result, name))
    if (judged === undefined || two === undefined || one === undefined) return judged ?? []
    return [{ ...judged, measured: `${judged.measured}; without a cluster two processes have ${(one.seconds.median / two.seconds.median).toFixed(2)} times of one` }]
  })
}

/** As `speedOf`, by either of two programs that do the same. */
function eitherSpeedOf (workload: string, rival: string, least: number): Judge {
  return results => results.filter(result => result.workload === workload).flatMap(result => {
    const theirs = findContender(result, rival)
    const inWasm = findContender(result, OURS_IN_WASM)
    if (theirs === undefined) return []
    const ratioOf = ({ seconds }: ContenderResult): number => theirs.seconds.median / seconds.median
    const inTypeScript = ratioOf(ours(result))
    const measured = inWasm === undefined ? `${inTypeScript.toFixed(2)} times` : `${ratioOf(inWasm).toFixed(2)} times with the program in WebAssembly, ${inTypeScript.toFixed(2)} in TypeScript`
    const best = Math.max(inTypeScript, inWasm === undefined ? 0 : ratioOf(inWasm))
    return [{ target: `${titleOf(result)}: at least ${least} times the throughput of ${rival}`, measured, met: best >= least }]
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
