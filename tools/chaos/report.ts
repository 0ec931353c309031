import type { RoundResult } from './round.ts'
import { formatFault } from './schedule.ts'
import type { Round } from './schedule.ts'
import type { Statistics } from './statistics.ts'

const REDRAW_MS = 250
const CLEAR_LINE = '\r\u001b[K'

/** What a person sees: one line a round, and on a terminal what goes on at this moment. */
export interface Report {
  say: (line: string) => void
  begin: (round: Round) => void
  end: (result: RoundResult) => void
  close: () => void
}

export function createReport (stream: NodeJS.WriteStream, statistics: Statistics): Report {
  let timer: NodeJS.Timeout | undefined
  const hide = (): void => {
    clearInterval(timer)
    if (timer !== undefined) stream.write(CLEAR_LINE)
    timer = undefined
  }
  return {
    say: line => {
      hide()
      stream.write(`${line}\n`)
    },
    begin: round => {
      if (!stream.isTTY) return
      const startedMs = performance.now()
      timer = setInterval(() => {
        const text = `${progress(statistics)}; round ${round.number}, ${seconds(performance.now() - startedMs)}: ${describe(round)}`
        stream.write(CLEAR_LINE + text.slice(0, (stream.columns || 80) - 1))
      }, REDRAW_MS)
    },
    end: result => {
      hide()
      for (const line of roundLines(result)) stream.write(`${line}\n`)
    },
    close: hide
  }
}

function describe ({ jobs, faults }: Round): string {
  return `${jobs.join(' and ')}, ${faults.length === 0 ? 'undisturbed' : faults.map(formatFault).join('; ')}`
}

function progress ({ exact, failed, lost, faults }: Statistics): string {
  const struck = [...faults.values()].reduce((sum, n) => sum + n, 0)
  return `${exact} exact, ${failed.length} failed, ${lost.length} lost, ${struck} faults`
}

/** A round's jobs, faults and verdicts; what went wrong on lines of its own. */
export function roundLines ({ round, jobs, struck, problems }: RoundResult): string[] {
  const early = round.faults.length - struck.length
  const verdicts = jobs.map(({ job, verdict, ms }) => `${jobs.length > 1 ? `${job} ` : ''}${verdict.kind} in ${seconds(ms)}`).join(', ')
  const reasons = jobs.flatMap(({ job, verdict }) => verdict.kind === 'exact' ? [] : [`  ${verdict.kind}: ${job}: ${verdict.why}`])
  return [
    `round ${round.number}: ${describe(round)}: ${verdicts}${early > 0 ? ` (over before ${early} of the faults)` : ''}`,
    ...reasons,
    ...problems.map(problem => `  lost: ${problem}`)
  ]
}

/** The end of it: what ran, what struck, what it cost, what was lost and how to see it again. */
export function summary (statistics: Statistics, replay: string): string[] {
  const { rounds, exact, failed, lost, faults, calm } = statistics
  const struck = [...faults].map(([kind, n]) => `${kind} ${n}`)
  const costs = statistics.costs().map(({ kind, jobs, ms }) => `  ${kind.padEnd(12)} ${signed(ms).padStart(8)}  (${jobs} ${jobs === 1 ? 'job' : 'jobs'})`)
  const undisturbed = calm.jobs === 0 ? 'no job was undisturbed' : `an undisturbed job took ${seconds(calm.ms)} (median of ${calm.jobs})`
  return [
    '',
    `${rounds} ${rounds === 1 ? 'round' : 'rounds'}; jobs: ${exact} exact, ${failed.length} failed for a true reason, ${lost.length} lost`,
    `faults: ${struck.length === 0 ? 'none' : struck.join(', ')}`,
    `${undisturbed}${costs.length === 0 ? '' : '; a fault cost, as the median of jobs that it alone struck:'}`,
    ...costs,
    ...failed.map(why => `failed for a true reason: ${why}`),
    ...lost.map(why => `LOST: ${why}`),
    lost.length === 0 ? 'nothing was lost' : 'the faults of this run come again with:',
    ...rounds === 0 ? [] : [`  ${replay}`]
  ]
}

function seconds (ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

function signed (ms: number): string {
  return `${ms < 0 ? '-' : '+'}${seconds(Math.abs(ms))}`
}
