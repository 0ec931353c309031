import type { Clock } from '@ipfs-mapreduce/actors'

export interface ManualClock extends Clock {
  /** Moves on through every timer that is due, and lets what it started settle. */
  advance: (ms: number) => Promise<void>
  /** Delays of the timers that wait, in milliseconds. */
  pending: () => number[]
}

/** Time that stands still unless it is moved. */
export function manualClock (startMs = 1_000_000): ManualClock {
  const timers = new Map<number, { dueMs: number, callback: () => void }>()
  let nowMs = startMs
  let lastId = 0
  const settle = async (): Promise<void> => { await new Promise<void>(resolve => { setImmediate(resolve) }) }
  return {
    now: () => nowMs,
    setTimeout (callback, ms) {
      timers.set(++lastId, { dueMs: nowMs + ms, callback: () => { callback() } })
      return lastId
    },
    clearTimeout (id) { timers.delete(id as number) },
    pending: () => [...timers.values()].map(({ dueMs }) => dueMs - nowMs),
    async advance (ms) {
      const limitMs = nowMs + ms
      await settle()
      for (;;) {
        const [next] = [...timers].filter(([, { dueMs }]) => dueMs <= limitMs).sort(([, a], [, b]) => a.dueMs - b.dueMs)
        if (next === undefined) break
        timers.delete(next[0])
        nowMs = next[1].dueMs
        next[1].callback()
        await settle()
      }
      nowMs = limitMs
    }
  }
}
