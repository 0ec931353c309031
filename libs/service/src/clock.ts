/** The system's time as the actors are handed it: the `Clock` of `@ipfs-mapreduce/actors`. */
export const systemClock = {
  // Does not jump when somebody sets the machine's clock; the time of day is that of the start, plus what has passed.
  now: (): number => Math.round(performance.timeOrigin + performance.now()),
  setTimeout: (callback: (...args: unknown[]) => void, ms: number): unknown => setTimeout(callback, ms),
  clearTimeout: (id: unknown): void => { clearTimeout(id as NodeJS.Timeout) }
}
