import type { Oracle, Outcome } from './jobs.ts'
import type { Fault } from './schedule.ts'

/**
 * - `exact`: it succeeded, with the oracle's bytes and counts
 * - `failed`: it failed, for a reason that what was done to it explains
 * - `lost`: wrong bytes, no end, or an end that nothing explains: a bug
 */
export type Verdict = { kind: 'exact' } | { kind: 'failed' | 'lost', why: string }

/** Codes of failures that come from processes and lines, not from program, input or request. */
const CAUSED_OUTSIDE = new Set(['TRANSIENT', 'UNREACHABLE', 'TIMEOUT', 'INPUT_LOST', 'BLOCK_UNAVAILABLE'])

/** What a client says of a master that came back without its jobs: its journal should have had them. */
const FORGOTTEN = /no longer knows job/

/** @param struck - the faults that began while the job ran */
export function judge ({ exit, signal, report, parts, success }: Outcome, oracle: Oracle, struck: readonly Fault[]): Verdict {
  const lost = (why: string): Verdict => ({ kind: 'lost', why })
  if (signal !== null) return lost(`its client was ended by ${signal}`)
  if (report === undefined) return lost(`its client ended with exit status ${exit} and printed no report`)
  if (exit === 0) {
    const wrong = wrongOutput(parts, oracle) ?? wrongCounters(report.counters ?? {}, oracle)
    if (wrong !== undefined) return lost(wrong)
    return success ? { kind: 'exact' } : lost('there is no _SUCCESS beside its output')
  }
  const { code = 'none', message = 'no reason' } = report.error ?? {}
  const why = `${code}: ${message}`
  if (success) return lost(`it failed and left a mark of success (${why})`)
  if (FORGOTTEN.test(message)) return lost(`its master has forgotten it (${why})`)
  if (struck.length === 0) return lost(`it failed though nothing was done to it (${why})`)
  return CAUSED_OUTSIDE.has(code) ? { kind: 'failed', why } : lost(`it failed for a reason that no fault explains (${why})`)
}

function wrongOutput (parts: Uint8Array[], oracle: Oracle): string | undefined {
  if (parts.length !== oracle.parts.length) return `it has ${parts.length} parts instead of ${oracle.parts.length}`
  const wrong = parts.findIndex((part, n) => Buffer.compare(part, oracle.parts[n]!) !== 0)
  return wrong < 0 ? undefined : `part ${wrong} has other bytes than the oracle's`
}

/** Each record counts once, however often it was mapped. */
function wrongCounters (counters: Record<string, number>, oracle: Oracle): string | undefined {
  const wrong = Object.entries(oracle.counters).find(([name, value]) => counters[name] !== value)
  return wrong === undefined ? undefined : `counter ${wrong[0]} is ${counters[wrong[0]]} instead of ${wrong[1]}`
}
