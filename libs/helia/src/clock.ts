import type { Clock } from '@ipfs-mapreduce/actors'

/** The system's time, in milliseconds since the epoch; it does not jump when somebody sets the machine's clock. */
export const clock: Clock = {
  now: () => Math.round(performance.timeOrigin + performance.now()),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: id => { clearTimeout(id as NodeJS.Timeout) }
}
