import { formatCount, formatDuration, plural } from './format.ts'
import type { Phase, Progress } from './progress.ts'

/** How parts of the text are coloured; the identity where colours are not wanted. */
export type Style = (name: 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan', text: string) => string

const BAR_COLUMNS = 28
const MIN_BAR_COLUMNS = 8
/** Columns of a phase's line beside its bar: name, counts and what runs. */
const BESIDE_BAR = 52

/** The lines that are rewritten in place on a terminal. */
export function renderLive (progress: Progress, columns: number, style: Style): string {
  const width = Math.max(MIN_BAR_COLUMNS, Math.min(BAR_COLUMNS, columns - BESIDE_BAR))
  const head = `${style('bold', progress.title)}  ${style('dim', formatDuration(progress.elapsedMs))}`
  const records = progress.records > 0 ? style('dim', `  ${formatCount(progress.records)} records read`) : ''
  const waiting = progress.waiting === undefined ? [] : [style('yellow', `  waiting ${progress.waiting}`)]
  return [head + records, ...progress.phases.map(phase => phaseLine(phase, progress.state, width, style)), ...waiting].join('\n')
}

function phaseLine (phase: Phase, state: string, width: number, style: Style): string {
  const name = phase.name.padEnd(7)
  if (phase.total === 0) return `  ${name} ${style('dim', '░'.repeat(width))}  ${style('dim', phase.name === 'map' ? state : 'waiting')}`
  const whole = phase.done === phase.total
  const counts = phase.name === 'commit' ? '' : `${phase.done}/${phase.total}`
  const notes = [
    ...(phase.running > 0 ? [phase.name === 'commit' ? 'storing the result' : `${phase.running} running`] : []),
    ...(phase.failed > 0 ? [style('red', `${plural(phase.failed, 'attempt')} failed`)] : [])
  ]
  return `  ${name} ${bar(phase, width, whole ? 'green' : 'cyan', style)}  ${[counts.padStart(7), ...notes].join('  ')}`.trimEnd()
}

function bar ({ done, running, total }: Phase, width: number, colour: 'green' | 'cyan', style: Style): string {
  const full = Math.floor(width * done / total)
  const half = Math.min(width - full, Math.ceil(width * running / total))
  return style(colour, '█'.repeat(full)) + style('dim', '▒'.repeat(half) + '░'.repeat(width - full - half))
}
