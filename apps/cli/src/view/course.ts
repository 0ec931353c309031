import type { CourseAttempt } from '@ipfs-mapreduce/protocol'
import type { CourseEvent } from '../client/course.ts'
import { formatDuration, printable, printableLines } from './format.ts'

/** Columns of the time before each line. */
const TIME_COLUMNS = 10
/** Characters of a peer id that tell workers apart; `ipmr peers` shows the whole. */
const PEER_TAIL = 8

/** What happened to a job's attempts: a line each, and below it the program's stack where it threw. */
export function renderCourse (events: CourseEvent[]): string[] {
  return events.flatMap(({ ms, what, attempt }) => {
    // Who refuses an attempt has not begun it.
    if (what === 'begun') return attempt.outcome === 'refused' ? [] : [line(ms, attempt, begun(attempt))]
    return [line(ms, attempt, ended(attempt)), ...stackLines(attempt.failure?.stack)]
  })
}

/** The end of a peer id. */
export function peerTail (peer: string): string {
  return peer.length > PEER_TAIL ? `…${peer.slice(-PEER_TAIL)}` : peer
}

/** A program's stack, below what it belongs to. */
export function stackLines (stack: string | undefined): string[] {
  return stack === undefined || stack === '' ? [] : printableLines(stack).map(line => `    ${line}`)
}

function line (ms: number, { kind, task, attempt, worker }: CourseAttempt, text: string): string {
  return `${formatDuration(ms).padStart(TIME_COLUMNS)}  ${kind} ${task}#${attempt} at ${peerTail(worker)} ${text}`
}

function begun ({ kind, attempt, backup, local }: CourseAttempt): string {
  const how = backup ? 'begins, as a backup' : attempt > 1 ? 'begins, another try' : 'begins'
  return kind === 'map' ? `${how}, ${local ? 'its blocks are there' : 'fetches its blocks'}` : how
}

function ended ({ outcome, beginMs, endMs = beginMs, failure }: CourseAttempt): string {
  const why = failure === undefined ? '' : `: ${failure.code} ${printable(failure.message)}`
  return outcome === 'refused' ? `refused${why}` : `${outcome} after ${formatDuration(endMs - beginMs)}${why}`
}
