import type { Clock } from '@ipfs-mapreduce/actors'
import type { Kind, Meter } from './meter.ts'

interface Timer {
  kind: Kind
  /** Nothing where it was cleared. */
  run: (() => void) | undefined
  slot: Slot
}

/** All that is due at one millisecond, in the order in which it was set. */
interface Slot {
  dueMs: number
  timers: Timer[]
  /** Timers that were not cleared. */
  live: number
}

/** Virtual time for tens of millions of events. */
export interface ScaleClock extends Clock {
  /** An event of a kind, `ms` from now. */
  after: (ms: number, kind: Kind, run: () => void) => void
  /** Moves on until the condition holds, asked at each millisecond in which something is due. Throws after `maxMs`. */
  runUntil: (condition: () => boolean, maxMs: number) => Promise<void>
}

/**
 * A virtual clock that fires all that is due at one millisecond in one turn of the event loop: each event as an immediate,
 * because the host runs all promises to their end between two immediates, as it does between two messages of a network.
 */
export function createClock (meter: Meter): ScaleClock {
  const slots = new Map<number, Slot>()
  const times = new Times()
  const timerKind = meter.kind('master', 'timer')
  const clockKind = meter.kind('cluster', 'clock')
  let nowMs = 0

  const add = (ms: number, kind: Kind, run: () => void): Timer => {
    const dueMs = nowMs + (ms > 0 ? Math.trunc(ms) : 0)
    let slot = slots.get(dueMs)
    if (slot === undefined) {
      slot = { dueMs, timers: [], live: 0 }
      slots.set(dueMs, slot)
      times.add(dueMs)
    }
    const timer = { kind, run, slot }
    slot.timers.push(timer)
    slot.live++
    return timer
  }

  const next = (): Slot | undefined => {
    for (let dueMs = times.take(); dueMs !== undefined; dueMs = times.take()) {
      const slot = slots.get(dueMs)
      if (slot === undefined) continue
      slots.delete(dueMs)
      return slot
    }
    return undefined
  }

  const fire = (timer: Timer): void => {
    const { run } = timer
    if (run === undefined) return
    timer.run = undefined
    meter.begin(timer.kind)
    run()
  }

  return {
    now: () => nowMs,
    setTimeout: (callback, ms) => add(ms, timerKind, () => { callback() }),
    clearTimeout (id) {
      const timer = id as Timer | undefined
      if (timer?.run === undefined) return
      timer.run = undefined
      const { slot } = timer
      // A day's timeout of a task that took a second must not stay for a day.
      if (--slot.live === 0 && slot.dueMs > nowMs) slots.delete(slot.dueMs)
    },
    after (ms, kind, run) { add(ms, kind, run) },
    async runUntil (condition, maxMs) {
      const limitMs = nowMs + maxMs
      while (!condition()) {
        const slot = next()
        if (slot === undefined || slot.dueMs > limitMs) throw new Error(`what was waited for did not come about by virtual time ${nowMs} ms, ${maxMs} ms allowed`)
        nowMs = slot.dueMs
        for (const timer of slot.timers) setImmediate(fire, timer)
        await new Promise<void>(resolve => { setImmediate(resolve) })
        meter.begin(clockKind)
      }
    }
  }
}

/** Milliseconds at which something is due: a binary heap. */
class Times {
  readonly #heap: number[] = []

  add (ms: number): void {
    const heap = this.#heap
    let place = heap.length
    while (place > 0) {
      const parent = (place - 1) >>> 1
      if (heap[parent]! <= ms) break
      heap[place] = heap[parent]!
      place = parent
    }
    heap[place] = ms
  }

  take (): number | undefined {
    const heap = this.#heap
    const least = heap[0]
    const last = heap.pop()
    if (least === undefined || heap.length === 0) return least
    let place = 0
    for (let child = 1; child < heap.length; child = 2 * place + 1) {
      if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++
      if (last! <= heap[child]!) break
      heap[place] = heap[child]!
      place = child
    }
    heap[place] = last!
    return least
  }
}
