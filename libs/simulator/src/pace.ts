import type { SimulatedClock } from './clock.ts'

/**
 * Moves a virtual clock for code that awaits virtual I/O without moving it itself, such as a port's compliance
 * suite: `ms` for each turn of the event loop, until what is returned is called and resolves.
 */
export function pace (clock: SimulatedClock, ms = 1): () => Promise<void> {
  let stopped = false
  const moving = (async () => {
    while (!stopped) await clock.advance(ms)
  })()
  return async () => {
    stopped = true
    await moving
  }
}
