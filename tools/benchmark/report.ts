import { processorSeconds } from './footprint.ts'
import type { Footprint } from './process-tree.ts'
import { ours } from './results.ts'
import type { ContenderResult, WorkloadResult } from './results.ts'
import { MIB } from './size.ts'
import { judge } from './targets.ts'
import { formatSeconds, titleOf } from './titles.ts'

/** Processor time is counted in hundredths, and looked at every tenth of a second. */
const LEAST_TOLD_SECONDS = 1

/** One workload's figures as lines of text. */
export function reportWorkload (result: WorkloadResult): string {
  const rows = result.contenders.map(contender => rowOf(contender, result))
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  const table = rows.map(row => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd()}`)
  return [titleOf(result), ...table, ...detailsOf(ours(result)), ...result.notes.map(note => `  note: ${note}`), ''].join('\n')
}

function rowOf (contender: ContenderResult, result: WorkloadResult): string[] {
  const { median, least, most } = contender.seconds
  const own = ours(result)
  const memory = contender.footprint
  return [
    contender.name,
    formatSeconds(median),
    `(${formatSeconds(least)}–${formatSeconds(most)})`,
    result.unit === 'bytes' && result.size >= MIB ? `${(result.size / MIB / median).toFixed(1)} MiB/s` : '',
    contender === own ? '' : `${own.name} is ${(median / own.seconds.median).toFixed(2)} times as fast`,
    memory === undefined ? '' : `${processorSeconds(memory).toFixed(1)} processor s${contender === own ? '' : besideOf(own, memory)}`,
    memory === undefined ? '' : `largest process ${memory.largestMiB} MiB (${memory.largest}), all ${memory.sumMiB} MiB`
  ]
}

/** How many times a rival's processor time this project took; nothing where the rival's is too short to tell. */
function besideOf ({ name, footprint }: ContenderResult, rival: Footprint): string {
  const seconds = processorSeconds(rival)
  return footprint === undefined || seconds < LEAST_TOLD_SECONDS ? '' : `, ${name} ${(processorSeconds(footprint) / seconds).toFixed(2)} times that`
}

function detailsOf ({ phases, footprint }: ContenderResult): string[] {
  return [
    ...(phases === undefined ? [] : [`  phases: ${Object.entries(phases).map(([name, seconds]) => `${name} ${formatSeconds(seconds)}`).join(', ')}`]),
    ...(footprint === undefined ? [] : [
      `  processor seconds: ${Object.entries(footprint.cpuSeconds).map(([name, seconds]) => `${name} ${seconds.toFixed(2)}`).join(', ')}`,
      `  peak MiB: ${Object.entries(footprint.peakMiB).map(([name, mib]) => `${name} ${mib}`).join(', ')}`
    ])
  ]
}

/** The targets that these results tell of, met or missed. */
export function reportTargets (results: readonly WorkloadResult[]): string {
  const verdicts = judge(results)
  if (verdicts.length === 0) return ''
  return ['targets', ...verdicts.map(({ target, measured, met }) => `  ${met ? 'met   ' : 'MISSED'}  ${target}: ${measured}`), ''].join('\n')
}
