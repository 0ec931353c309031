import { stripVTControlCharacters, styleText } from 'node:util'
import type { WriteStream } from 'node:tty'
import type { JobStatus } from '@ipfs-mapreduce/protocol'
import { createLogUpdate } from 'log-update'
import { formatBytes } from '../options/parse.ts'
import type { Style } from './fit.ts'
import { fitLine } from './fit.ts'
import { printable } from './format.ts'
import { renderLive } from './live.ts'
import { Pace } from './pace.ts'
import { renderPlain } from './plain.ts'
import { progressOf } from './progress.ts'
import type { Circumstances } from './progress.ts'

/** Between two plain lines of a running job: enough to see life, too few to fill a log. */
export const PLAIN_INTERVAL_MS = 3_000
/** Between two drawings of bytes being added. */
const BYTES_INTERVAL_MS = 100

/** Tells a person on stderr what goes on; stdout is for results. */
export interface Reporter {
  /** What happens before a job runs. Gone from a terminal when the next thing happens. */
  step: (text: string) => void
  /** Bytes done of a long piece of work. */
  bytes: (what: string, done: number) => void
  /** How a job stands, who works for its master, and why attempts failed. */
  job: (status: JobStatus, seen?: Pick<Circumstances, 'workers' | 'failures'>) => void
  /** A line that stays. */
  note: (text: string) => void
  /** Ends drawing: a job's bars stay, passing steps go. */
  done: () => void
}

export interface ReporterOptions {
  stream: WriteStream
  quiet: boolean
  /** Milliseconds since the command was started. */
  elapsed: () => number
}

export function createReporter ({ stream, quiet, elapsed }: ReporterOptions): Reporter {
  if (quiet) return { step: () => {}, bytes: () => {}, job: () => {}, note: () => {}, done: () => {} }
  return canRewrite(stream) ? liveReporter(stream, elapsed) : plainReporter(stream, elapsed)
}

/** A terminal of no size, as some recorders give, shows nothing that is drawn for its size. */
export function canRewrite (stream: WriteStream): boolean {
  return stream.isTTY && stream.columns > 0 && process.env.TERM !== 'dumb'
}

/** Colours where the stream shows them and NO_COLOR is not set. */
export function styleFor (stream: WriteStream): Style {
  return (name, text) => styleText(name, text, { stream })
}

function liveReporter (stream: WriteStream, elapsed: () => number): Reporter {
  const update = createLogUpdate(stream)
  const style = styleFor(stream)
  const pace = new Pace()
  let frame = ''
  let columns = stream.columns
  /** Clears what a terminal that has become narrower has broken into more rows than were drawn. */
  const settle = (): void => {
    if (stream.columns < columns && frame !== '') {
      stream.write(clearRows(frame, stream.columns))
      update.done()
    }
    columns = stream.columns
  }
  const draw = (text: string): void => {
    settle()
    frame = text
    update(text)
  }
  const keep = (): void => {
    update.done()
    frame = ''
  }
  let drawnAt = Number.NEGATIVE_INFINITY
  let showsJob = false
  const passing = (text: string): void => {
    // A job's bars stay where they are; what comes after is drawn below them.
    if (showsJob) keep()
    showsJob = false
    draw(fitLine([['dim', text]], stream.columns, style))
  }
  let redraw = (): void => {}
  stream.on('resize', () => { if (showsJob) redraw() })
  return {
    step: text => { passing(`${text} …`) },
    bytes: (what, done) => {
      if (elapsed() - drawnAt < BYTES_INTERVAL_MS) return
      drawnAt = elapsed()
      passing(`${what}  ${formatBytes(done)}`)
    },
    job: (status, seen = {}) => {
      showsJob = true
      const atMs = elapsed()
      const progress = progressOf(status, atMs, { rates: pace.note(status, atMs), ...seen })
      redraw = () => { draw(renderLive(progress, stream.columns, style)) }
      redraw()
    },
    note: text => {
      settle()
      update.persist(text)
      frame = ''
      if (showsJob) redraw()
    },
    done: () => {
      settle()
      if (!showsJob) update.clear()
      keep()
    }
  }
}

/** Goes up over what was drawn, in as many rows as it takes in this many columns, and clears all from there. */
function clearRows (frame: string, columns: number): string {
  const rows = stripVTControlCharacters(frame).split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil([...line].length / columns)), 0)
  return `\r\x1b[${rows}A\x1b[J`
}

function plainReporter (stream: WriteStream, elapsed: () => number): Reporter {
  const pace = new Pace()
  let saidAt = elapsed()
  let state = ''
  /** The last failure that was told of. */
  let told = ''
  const say = (line: string): void => {
    saidAt = elapsed()
    stream.write(`ipmr: ${line}\n`)
  }
  return {
    step: () => {},
    bytes: (what, done) => { if (elapsed() - saidAt >= PLAIN_INTERVAL_MS) say(`${what} ${formatBytes(done)}`) },
    job: (status, seen = {}) => {
      const rates = pace.note(status, elapsed())
      if (status.state === state && elapsed() - saidAt < PLAIN_INTERVAL_MS) return
      if (state === '') say(`job ${status.job} accepted: ${status.spec.programName}`)
      state = status.state
      const failure = seen.failures?.at(-1)
      if (failure !== undefined && failure !== told) say(`warning: ${printable(failure)}`)
      told = failure ?? told
      say(renderPlain(progressOf(status, elapsed(), { rates, ...seen })))
    },
    note: say,
    done: () => {}
  }
}
