/** A callback that is due at a virtual time. Timers of one time fire in the order they were set. */
export interface Timer {
  id: number
  /** Virtual milliseconds since the epoch. */
  dueMs: number
  /** What it is for, in a failure's report. */
  label: string
  callback: () => void
}

/** Timers by due time, then by age. Adding, removing and taking cost the logarithm of their number. */
export interface TimerQueue {
  readonly size: number
  add: (timer: Timer) => void
  /** Removing what has fired or was removed is no error. */
  remove: (id: number) => void
  peek: () => Timer | undefined
  take: () => Timer | undefined
  /** Every timer, the next one first; sorts them anew. */
  list: () => readonly Timer[]
}

/** A binary heap that knows the place of each timer: most timers of a cluster are cleared, not fired. */
export function createTimerQueue (): TimerQueue {
  const heap: Timer[] = []
  const places = new Map<number, number>()

  const put = (timer: Timer, place: number): void => {
    heap[place] = timer
    places.set(timer.id, place)
  }
  const rise = (timer: Timer, from: number): void => {
    let place = from
    while (place > 0) {
      const parent = (place - 1) >>> 1
      if (!isBefore(timer, heap[parent]!)) break
      put(heap[parent]!, place)
      place = parent
    }
    put(timer, place)
  }
  const sink = (timer: Timer, from: number): void => {
    let place = from
    for (let child = 2 * place + 1; child < heap.length; child = 2 * place + 1) {
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (!isBefore(heap[child]!, timer)) break
      put(heap[child]!, place)
      place = child
    }
    put(timer, place)
  }
  const removeAt = (place: number): Timer => {
    const removed = heap[place]!
    const last = heap.pop()!
    places.delete(removed.id)
    if (last !== removed) {
      if (place > 0 && isBefore(last, heap[(place - 1) >>> 1]!)) rise(last, place)
      else sink(last, place)
    }
    return removed
  }

  return {
    get size () { return heap.length },
    add (timer) {
      heap.push(timer)
      rise(timer, heap.length - 1)
    },
    remove (id) {
      const place = places.get(id)
      if (place !== undefined) removeAt(place)
    },
    peek: () => heap[0],
    take: () => heap.length === 0 ? undefined : removeAt(0),
    list: () => [...heap].sort((a, b) => isBefore(a, b) ? -1 : 1)
  }
}

/** Ids grow with age. */
function isBefore (a: Timer, b: Timer): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.id < b.id)
}
