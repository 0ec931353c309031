import { formatBytes } from '../options/parse.ts'
import { formatCount, formatDuration, plural } from './format.ts'
import type { Phase, Progress } from './progress.ts'

/** One line for a log file, or for who listens rather than looks. */
export function renderPlain (progress: Progress): string {
  const phases = progress.phases.filter(({ name, total }) => name !== 'commit' && total > 0).map(phaseText)
  const waiting = progress.waiting === undefined ? [] : [`waiting ${progress.waiting}`]
  return [`${progress.state} ${formatDuration(progress.elapsedMs)}`, ...phases, ...paceText(progress), ...waiting].join(', ')
}

function paceText ({ rates: { recordsPerSecond, bytesPerSecond, left } }: Progress): string[] {
  return [
    ...(recordsPerSecond === undefined ? [] : [`${formatCount(Math.round(recordsPerSecond))} records/s`]),
    ...(bytesPerSecond === undefined ? [] : [`${formatBytes(Math.round(bytesPerSecond))}/s`]),
    ...(left === undefined ? [] : [`${left.phase} about ${formatDuration(left.ms)} more`])
  ]
}

function phaseText ({ name, total, done, running, failed }: Phase): string {
  const notes = [...(running > 0 ? [`${running} running`] : []), ...(failed > 0 ? [`${plural(failed, 'attempt')} failed`] : [])]
  return `${name} ${done}/${total}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`
}
