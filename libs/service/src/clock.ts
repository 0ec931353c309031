/** The system's time as the actors are handed it: the `Clock` of `@ipfs-mapreduce/actors`. */
export const systemClock = {
  now: (): number => Date.now(),
  setTimeout: (callback: (...args: unknown[]) => void, ms: number): unknown => setTimeout(callback, ms),
  clearTimeout: (id: unknown): void => { clearTimeout(id as NodeJS.Timeout) }
}
