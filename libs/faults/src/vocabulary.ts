import { MAX_DURATION_MS } from '@ipfs-mapreduce/protocol'
import { formatDuration, parseDuration } from './duration.ts'
import type { Fault, FaultKind } from './fault.ts'
import { MESSAGE_TARGETS, SENT_TARGETS } from './messages.ts'

/** The steps of an attempt at a worker that take time. */
export const STEPS = ['fetch', 'execute', 'store'] as const
export type Step = typeof STEPS[number]

/** How fast or slow a clock may go: what is faster fires timers at once, what is slower never. */
const MAX_RATE = 100
const MIN_RATE = 1 / MAX_RATE

export interface OptionSpec {
  /** Where a fault holds it. */
  field: Exclude<keyof Fault, 'kind' | 'target'>
  /** NaN where the text is no such value. */
  read: (text: string) => number
  write: (value: number) => string
  /** What it should have been. */
  should: string
  meaning: string
}

const NUMBER = /^\d+(\.\d+)?(e-?\d+)?$/
const within = (value: number, min: number, max: number): number => value >= min && value <= max ? value : Number.NaN
const number = (text: string): number => NUMBER.test(text) ? Number(text) : Number.NaN
const count = (text: string): number => /^\d+$/.test(text) ? within(Number(text), 1, Number.MAX_SAFE_INTEGER) : Number.NaN
const duration = (text: string): number => within(parseDuration(text), 0, MAX_DURATION_MS)

const COUNT = { read: count, write: String, should: 'a whole number from 1' }
const DURATION = { read: duration, write: formatDuration, should: 'a duration such as 500ms, 5s or 2m' }
const MILLISECONDS = { read: duration, write: String, should: 'milliseconds, or a duration such as 5s' }

const COMMON = {
  p: { field: 'p', read: text => within(number(text), 0, 1), write: String, should: 'a probability from 0 to 1', meaning: 'chance that it strikes an occurrence (default 1)' },
  nth: { field: 'nth', ...COUNT, meaning: 'only the nth occurrence, counted from 1 while the fault is active' },
  times: { field: 'times', ...COUNT, meaning: 'at most so often' },
  after: { field: 'afterMs', ...DURATION, meaning: 'active only this long after the start' },
  for: { field: 'forMs', ...DURATION, meaning: 'active for so long' }
} satisfies Record<string, OptionSpec>

const SPAN = {
  ms: { field: 'ms', ...MILLISECONDS, meaning: 'how long' },
  minMs: { field: 'minMs', ...MILLISECONDS, meaning: 'the least that is drawn (default 0)' },
  maxMs: { field: 'maxMs', ...MILLISECONDS, meaning: 'the most that is drawn, in place of ms' }
} satisfies Record<string, OptionSpec>

const SKEW = {
  ms: { field: 'ms', read: text => within(parseDuration(text), -MAX_DURATION_MS, MAX_DURATION_MS), write: String, should: 'milliseconds ahead, or behind with a minus', meaning: 'how far the clock is ahead; behind with a minus' },
  rate: { field: 'rate', read: text => within(number(text), MIN_RATE, MAX_RATE), write: String, should: `a number from ${MIN_RATE} to ${MAX_RATE}`, meaning: 'seconds that the clock and its timers count in a second' }
} satisfies Record<string, OptionSpec>

export interface KindSpec {
  targets: readonly string[]
  /** In the order in which they are written. */
  options: Readonly<Record<string, OptionSpec>>
  /** Of these at least one must be given. */
  needs?: readonly string[]
  meaning: string
}

/** The language of faults: every kind, what it may be done to, and with which options. */
export const VOCABULARY: Readonly<Record<FaultKind, KindSpec>> = {
  drop: { targets: MESSAGE_TARGETS, options: COMMON, meaning: 'a message is lost; a request then ends without an answer, when its time is up' },
  delay: { targets: MESSAGE_TARGETS, options: { ...SPAN, ...COMMON }, needs: ['ms', 'maxMs'], meaning: 'a message is late' },
  duplicate: { targets: SENT_TARGETS, options: COMMON, meaning: 'a message comes twice; the first answer counts' },
  reorder: { targets: MESSAGE_TARGETS, options: { maxMs: SPAN.maxMs, ...COMMON }, needs: ['maxMs'], meaning: 'a message is late by a time drawn up to maxMs, so that others overtake it' },
  corrupt: { targets: [...MESSAGE_TARGETS, 'block'], options: COMMON, meaning: 'a byte of an encoded message is changed, and the decoder judges it; `block`: a byte of a block that this peer gives to another' },
  crash: { targets: ['attempt', ...STEPS, ...MESSAGE_TARGETS], options: { ...SPAN, ...COMMON }, meaning: 'the process ends as by kill -9, when an attempt has been accepted, fetches, executes or stores, or a message passes; ms later, if given' },
  slow: { targets: STEPS, options: { ...SPAN, ...COMMON }, needs: ['ms', 'maxMs'], meaning: 'a step of an attempt begins later' },
  stall: { targets: STEPS, options: COMMON, meaning: 'a step of an attempt never ends, unless it is aborted; heartbeats go on' },
  skew: { targets: ['clock'], options: { ...SKEW, after: COMMON.after, for: COMMON.for }, needs: ['ms', 'rate'], meaning: 'the clock is wrong, or runs too fast or too slow' },
  full: { targets: ['disk'], options: COMMON, meaning: 'what is stored does not fit: STORAGE' },
  missing: { targets: ['block'], options: COMMON, meaning: 'content cannot be had: BLOCK_UNAVAILABLE' },
  rot: { targets: ['block'], options: COMMON, meaning: 'a byte of a block on this disk has changed when it is read; its hash tells' },
  lie: { targets: ['output'], options: COMMON, meaning: 'a worker stores and reports another output than the right one' }
}
