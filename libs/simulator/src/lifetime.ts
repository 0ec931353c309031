import type { Clock } from '@ipfs-mapreduce/actors'

/**
 * One run of a virtual process, from its start to its crash. A crash is not a shutdown: no code of the process
 * runs any more. Its timers never fire, what it awaits never comes, what it sends is lost.
 */
export interface Lifetime {
  /** The time as the process sees it; its timers end with it. */
  readonly clock: Clock
  alive: () => boolean
  end: () => void
  /** Calls once the process has ended, in the order given. */
  onEnd: (listener: () => void) => void
  /** The same promise, that never settles once the process has ended. */
  bound: <T>(work: Promise<T>) => Promise<T>
}

/** A process that starts now. `label` names its timers in reports. */
export function createLifetime (clock: Clock & { setTimeout: (callback: () => void, ms: number, label?: string) => unknown }, label: string): Lifetime {
  const timers = new Set<unknown>()
  const listeners: Array<() => void> = []
  let alive = true

  return {
    clock: {
      now: () => clock.now(),
      setTimeout (callback, ms) {
        if (!alive) return undefined
        const id = clock.setTimeout(() => {
          timers.delete(id)
          callback()
        }, ms, label)
        timers.add(id)
        return id
      },
      clearTimeout (id) {
        timers.delete(id)
        clock.clearTimeout(id)
      }
    },
    alive: () => alive,
    end () {
      if (!alive) return
      alive = false
      for (const id of timers) clock.clearTimeout(id)
      timers.clear()
      for (const listener of listeners) listener()
    },
    onEnd (listener) { listeners.push(listener) },
    bound: async work => await new Promise((resolve, reject) => {
      work.then(value => { if (alive) resolve(value) }, (error: unknown) => { if (alive) reject(error) })
    })
  }
}
