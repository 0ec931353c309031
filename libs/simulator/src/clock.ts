import type { Clock } from '@ipfs-mapreduce/actors'
import { createTimerQueue, type Timer } from './timer-queue.ts'

/** A timer that waits, for reports. */
export type PendingTimer = Pick<Timer, 'dueMs' | 'label'>

/**
 * Virtual time. It stands still while code runs and moves only by `advance` and `runUntil`, from one due time to
 * the next, so that a timer set by a timer fires in the same call if it is due.
 *
 * Between two timers it lets everything settle: one turn of the event loop, which by definition comes after the
 * last microtask, however long the chain of awaits. Code therefore takes no virtual time, and what does take time,
 * all virtual I/O, is scheduled here: nothing in a simulation may wait for anything else.
 */
export interface SimulatedClock extends Clock {
  setTimeout: (callback: (...args: unknown[]) => void, ms: number, label?: string) => number
  /** Moves `ms` on, through every timer due on the way. Rejects with what a timer throws. */
  advance: (ms: number) => Promise<void>
  /** Moves on until the condition holds. Throws after `maxMs`, or when no timer is left that could change anything. */
  runUntil: (condition: () => boolean, maxMs: number, what?: string) => Promise<void>
  pending: () => PendingTimer[]
  /** How many timers wait. */
  timers: () => number
  /** How many timers have fired. */
  steps: () => number
}

/** Pending timers that a failure's message lists; the rest is counted. */
const LISTED_TIMERS = 12

/** A virtual clock that shows `startMs`, milliseconds since the epoch. */
export function createClock (startMs = 0): SimulatedClock {
  const queue = createTimerQueue()
  let nowMs = startMs
  let lastId = 0
  let moving = false
  let steps = 0

  /** Fires the next timer if it is due by `limitMs`. */
  const step = async (limitMs: number): Promise<boolean> => {
    const next = queue.peek()
    if (next === undefined || next.dueMs > limitMs) return false
    queue.take()
    nowMs = next.dueMs
    steps++
    next.callback()
    await turn()
    return true
  }

  const exclusively = async (move: () => Promise<void>): Promise<void> => {
    if (moving) throw new Error('the virtual clock is being moved already: await the advance or runUntil before')
    moving = true
    try {
      await turn()
      await move()
    } finally {
      moving = false
    }
  }

  return {
    now: () => nowMs,
    setTimeout (callback, ms, label = 'timer') {
      const id = ++lastId
      queue.add({ id, dueMs: nowMs + delayOf(ms), label, callback: () => { callback() } })
      return id
    },
    clearTimeout (id) {
      if (typeof id === 'number') queue.remove(id)
    },
    advance: ms => exclusively(async () => {
      const limitMs = nowMs + ms
      while (await step(limitMs));
      nowMs = limitMs
    }),
    runUntil: (condition, maxMs, what = 'the condition') => exclusively(async () => {
      const limitMs = nowMs + maxMs
      while (!condition()) {
        if (await step(limitMs)) continue
        if (queue.peek() !== undefined) nowMs = limitMs
        throw new Error(`${what} did not come about by virtual time ${nowMs} ms (${maxMs} ms allowed); pending: ${listed(queue.list(), nowMs)}`)
      }
    }),
    pending: () => queue.list().map(({ dueMs, label }) => ({ dueMs, label })),
    timers: () => queue.size,
    steps: () => steps
  }
}

/** One turn of the event loop: every microtask has run when it resolves. It takes no time and reads no clock. */
async function turn (): Promise<void> {
  await new Promise<void>(resolve => { setImmediate(resolve) })
}

/** As the timers of hosts do: whole milliseconds, and what is no positive number is at once. */
function delayOf (ms: number): number {
  return ms > 0 ? Math.trunc(ms) : 0
}

function listed (timers: readonly Timer[], nowMs: number): string {
  if (timers.length === 0) return 'no timer'
  const first = timers.slice(0, LISTED_TIMERS).map(({ dueMs, label }) => `${label} in ${dueMs - nowMs} ms`).join(', ')
  const rest = timers.length - LISTED_TIMERS
  return rest > 0 ? `${first} and ${rest} more` : first
}
