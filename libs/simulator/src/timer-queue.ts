/** A callback that is due at a virtual time. Timers of one time fire in the order they were set. */
export interface Timer {
  id: number
  /** Virtual milliseconds since the epoch. */
  dueMs: number
  /** What it is for, in a failure's report. */
  label: string
  callback: () => void
}

/** Timers by due time, then by age: a sorted array, since a simulated cluster has hundreds of them, not millions. */
export interface TimerQueue {
  add: (timer: Timer) => void
  /** Removing what has fired or was removed is no error. */
  remove: (id: number) => void
  peek: () => Timer | undefined
  take: () => Timer | undefined
  /** Every timer, the next one first. */
  list: () => readonly Timer[]
}

export function createTimerQueue (): TimerQueue {
  const sorted: Timer[] = []
  const byId = new Map<number, Timer>()

  return {
    add (timer) {
      sorted.splice(position(sorted, timer), 0, timer)
      byId.set(timer.id, timer)
    },
    remove (id) {
      const timer = byId.get(id)
      if (timer === undefined) return
      byId.delete(id)
      sorted.splice(position(sorted, timer), 1)
    },
    peek: () => sorted[0],
    take () {
      const timer = sorted.shift()
      if (timer !== undefined) byId.delete(timer.id)
      return timer
    },
    list: () => sorted
  }
}

/** Where a timer stands, or would stand. Ids grow with age. */
function position (sorted: readonly Timer[], timer: Timer): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const other = sorted[middle]!
    if (other.dueMs < timer.dueMs || (other.dueMs === timer.dueMs && other.id < timer.id)) low = middle + 1
    else high = middle
  }
  return low
}
