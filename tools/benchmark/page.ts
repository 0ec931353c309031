import { labelOf } from './chart.ts'
import { processorSeconds } from './footprint.ts'
import { ours } from './results.ts'
import type { ContenderResult, Results, WorkloadResult } from './results.ts'
import { formatSize, MIB } from './size.ts'
import { judge } from './targets.ts'
import { formatSeconds, titleOf } from './titles.ts'

/** The file name of a workload's chart. */
export function chartName ({ workload, size, unit }: Pick<WorkloadResult, 'workload' | 'size' | 'unit'>): string {
  return `${unit === 'bytes' ? `${workload}-${formatSize(size).replace(' ', '')}` : workload}.svg`
}

/** The results page, in Markdown: the newest figures, and this project's own of each commit that was measured. Newest first. */
export function page (kept: readonly Results[]): string {
  const newest = kept[0]
  if (newest === undefined) throw new RangeError('there are no results')
  const { machine, workloads, commit } = newest
  return `${[
    '# Results',
    'Made by `npm run bench -- --keep`; the figures are in the JSON files beside this page, one for each commit. [NOTES.md](NOTES.md) says where the time goes.',
    `Commit \`${commit}\` on ${machine.cores} × ${machine.cpu}, ${formatSize(Math.round(machine.memoryMiB / 1024) * 1024 * MIB)} of memory, ${machine.system}, Node ${machine.node}. ` +
    'A cluster is one master, two mappers and two reducers, one slot each, with the data in a block store that the mappers read; its services read each other\'s stores, as those of `ipmr run` do, unless they are said to be apart. Contenders of a workload run in turn; ' +
    'times are medians with the least and the most, memory is what is resident at the peak, of the largest process and of all processes together.',
    ...targetsSection(workloads),
    ...workloads.flatMap(workloadSection),
    ...historySection(kept)
  ].join('\n\n')}\n`
}

function targetsSection (workloads: readonly WorkloadResult[]): string[] {
  const verdicts = judge(workloads)
  if (verdicts.length === 0) return []
  return ['## Targets', table(['target', 'measured', ''], verdicts.map(({ target, measured, met }) => [target, measured, met ? 'met' : '**missed**']))]
}

function workloadSection (result: WorkloadResult): string[] {
  const own = ours(result)
  return [
    `## ${capital(titleOf(result))}`,
    `![${labelOf(result)}](${chartName(result)})`,
    table(['', 'time', 'least–most', 'runs', 'MiB/s', `${own.name} is`, 'processor time', 'largest process', 'all processes'], result.contenders.map(contender => rowOf(contender, result))),
    ...(own.phases === undefined ? [] : [`Phases of the job: ${Object.entries(own.phases).map(([name, seconds]) => `${name} ${formatSeconds(seconds)}`).join(', ')}.`]),
    ...result.notes.map(note => `${capital(note)}.`)
  ]
}

function rowOf ({ name, seconds, footprint }: ContenderResult, result: WorkloadResult): string[] {
  const own = ours(result)
  return [
    name,
    formatSeconds(seconds.median),
    `${formatSeconds(seconds.least)}–${formatSeconds(seconds.most)}`,
    String(seconds.runs),
    result.unit === 'bytes' && result.size >= MIB ? (result.size / MIB / seconds.median).toFixed(1) : '',
    name === own.name ? '' : `${(seconds.median / own.seconds.median).toFixed(2)} times as fast`,
    footprint === undefined ? '' : formatSeconds(processorSeconds(footprint)),
    footprint === undefined ? '' : `${footprint.largestMiB} MiB (${footprint.largest})`,
    footprint === undefined ? '' : `${footprint.sumMiB} MiB`
  ]
}

/** How this project's own medians went from commit to commit. */
function historySection (kept: readonly Results[]): string[] {
  if (kept.length < 2) return []
  const titles = [...new Set(kept.flatMap(({ workloads }) => workloads.map(titleOf)))]
  const cell = ({ workloads }: Results, title: string): string => {
    const found = workloads.find(result => titleOf(result) === title)
    return found === undefined ? '' : formatSeconds(ours(found).seconds.median)
  }
  return ['## By commit', table(['', ...kept.map(({ commit }) => `\`${commit}\``)], titles.map(title => [title, ...kept.map(results => cell(results, title))]))]
}

function table (head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function capital (text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
