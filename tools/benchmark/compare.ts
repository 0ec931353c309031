import { ours } from './results.ts'
import type { Results, WorkloadResult } from './results.ts'
import { formatSeconds, titleOf } from './titles.ts'

/** This project's medians then and now, and how it stood to its first rival in either run: a busy machine slows both. */
export function compare (before: Results, now: readonly WorkloadResult[]): string {
  const lines = now.flatMap(result => {
    const old = before.workloads.find(({ workload, size }) => workload === result.workload && size === result.size)
    if (old === undefined) return []
    const [then, today] = [ours(old).seconds.median, ours(result).seconds.median]
    const standing = [ratioToRival(old), ratioToRival(result)]
    const beside = standing.includes(undefined) ? '' : `; of ${result.contenders[1]!.name}'s speed ${standing.map(ratio => ratio!.toFixed(2)).join(' → ')}`
    return [`  ${titleOf(result)}: ${formatSeconds(then)} → ${formatSeconds(today)}, ${(then / today).toFixed(2)} times as fast${beside}`]
  })
  return lines.length === 0 ? '' : [`beside ${before.commit}`, ...lines, ''].join('\n')
}

function ratioToRival (result: WorkloadResult): number | undefined {
  const rival = result.contenders[1]
  return rival === undefined ? undefined : rival.seconds.median / ours(result).seconds.median
}
