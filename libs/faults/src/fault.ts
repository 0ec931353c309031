/** What may be done to a process; `vocabulary.ts` says to which targets, and with which options. */
export type FaultKind =
  | 'drop' | 'delay' | 'duplicate' | 'reorder' | 'corrupt'
  | 'crash' | 'slow' | 'stall' | 'skew'
  | 'full' | 'missing' | 'rot' | 'lie'

/** One fault, as data. Times are milliseconds; what is not set does not restrict. */
export interface Fault {
  kind: FaultKind
  target: string
  /** Chance that it strikes an occurrence, 0 to 1. */
  p: number
  /** Strikes this occurrence alone, counted from 1 while the fault is active. */
  nth?: number
  /** Strikes at most this often. */
  times?: number
  /** Active only this long after the start. */
  afterMs?: number
  /** Active for this long. */
  forMs?: number
  /** How late, how long; for a clock, how far ahead, or behind if negative. */
  ms?: number
  /** Drawn evenly from `minMs` (default 0) to `maxMs`, in place of `ms`. */
  minMs?: number
  maxMs?: number
  /** Seconds that a clock counts in a second. */
  rate?: number
}
