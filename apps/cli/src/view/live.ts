import { formatBytes } from '../options/parse.ts'
import { fitLine, packLines } from './fit.ts'
import type { Piece, Style } from './fit.ts'
import { formatCount, formatDuration, plural, printable } from './format.ts'
import { hasEnded } from './progress.ts'
import type { Phase, Progress } from './progress.ts'

const BAR_COLUMNS = 28
const MIN_BAR_COLUMNS = 8
/** Columns of a phase's line beside its bar: name, counts and what runs. */
const BESIDE_BAR = 52
/** A terminal with less has its words cut short. */
const ROOMY_COLUMNS = 60
/** Warnings and failures of attempts that are shown while a job runs, the last of them; all warnings are told at its end. */
const SHOWN_WARNINGS = 3

/** The lines that are rewritten in place on a terminal; none is longer than `columns`. */
export function renderLive (progress: Progress, columns: number, style: Style): string {
  const head = fitLine([['bold', progress.title], '  ', ['dim', formatDuration(progress.elapsedMs)]], columns, style)
  const waiting: Piece[][] = progress.waiting === undefined ? [] : [['  ', ['yellow', `waiting ${progress.waiting}`]]]
  const warnings = [...progress.warnings, ...progress.failures].slice(-SHOWN_WARNINGS).map((warning): Piece[] => ['  ', ['yellow', 'warning: '], printable(warning)])
  return [
    head,
    ...progress.phases.map(phase => phaseLine(phase, progress.state, columns, style)),
    ...packLines([...paceNotes(progress), ...staffNotes(progress)], columns, style),
    ...[...waiting, ...warnings].map(line => fitLine(line, columns, style))
  ].join('\n')
}

function phaseLine (phase: Phase, state: string, columns: number, style: Style): string {
  const width = Math.max(MIN_BAR_COLUMNS, Math.min(BAR_COLUMNS, columns - BESIDE_BAR))
  const name = `  ${phase.name.padEnd(7)} `
  if (phase.total === 0) return fitLine([name, ['dim', '░'.repeat(width)], '  ', ['dim', phase.name === 'map' ? state : 'waiting']], columns, style)
  const whole = phase.done === phase.total
  const counts = phase.name === 'commit' ? '' : `${phase.done}/${phase.total}`
  const notes = phaseNotes(phase, columns >= ROOMY_COLUMNS).flatMap(note => ['  ', note])
  return fitLine([name, ...bar(phase, width, whole ? 'green' : 'cyan'), '  ', counts.padStart(7), ...notes], columns, style)
}

function phaseNotes ({ name, running, failed }: Phase, roomy: boolean): Piece[] {
  const runs = name === 'commit' ? 'storing the result' : roomy ? `${running} running` : `${running} run`
  return [
    ...(running > 0 ? [runs] : []),
    ...(failed > 0 ? [['red', roomy ? `${plural(failed, 'attempt')} failed` : `${failed} fail`] satisfies Piece] : [])
  ]
}

function bar ({ done, running, total }: Phase, width: number, colour: 'green' | 'cyan'): Piece[] {
  const full = Math.floor(width * done / total)
  const half = Math.min(width - full, Math.ceil(width * running / total))
  return [[colour, '█'.repeat(full)], ['dim', '▒'.repeat(half) + '░'.repeat(width - full - half)]]
}

/** How much was read, how fast, and how long it will take. */
function paceNotes ({ records, rates: { recordsPerSecond, bytesPerSecond, left } }: Progress): Piece[] {
  if (records === 0) return []
  return [
    `${formatCount(records)} records read`,
    ...(recordsPerSecond === undefined ? [] : [`${formatCount(Math.round(recordsPerSecond))} records/s`]),
    ...(bytesPerSecond === undefined ? [] : [`${formatBytes(Math.round(bytesPerSecond))}/s`]),
    ...(left === undefined ? [] : [['bold', `${left.phase} about ${formatDuration(left.ms)} more`] satisfies Piece])
  ]
}

/** Who works; nobody for a job that has ended. */
function staffNotes ({ staff, state }: Progress): Piece[] {
  if (staff === undefined || hasEnded(state)) return []
  return [['dim', `${plural(staff.mappers, 'mapper')}, ${plural(staff.reducers, 'reducer')}, ${staff.busy} of ${plural(staff.slots, 'slot')} busy`]]
}
