/** Virtual time for one machine: fires due timers in order, one by one, those that a timer sets included. */
export class SteppingClock {
  #nowMs = 0
  #ids = 0
  readonly #timers = new Map<number, { dueMs: number, callback: () => void }>()

  now = (): number => this.#nowMs

  setTimeout = (callback: () => void, ms: number): number => {
    this.#timers.set(++this.#ids, { dueMs: this.#nowMs + ms, callback })
    return this.#ids
  }

  clearTimeout = (id: number): void => {
    this.#timers.delete(id)
  }

  advance (ms: number): void {
    const untilMs = this.#nowMs + ms
    for (let next = this.#next(untilMs); next !== undefined; next = this.#next(untilMs)) {
      const [id, { dueMs, callback }] = next
      this.#timers.delete(id)
      this.#nowMs = dueMs
      callback()
    }
    this.#nowMs = untilMs
  }

  #next (untilMs: number): [number, { dueMs: number, callback: () => void }] | undefined {
    return [...this.#timers].filter(([, { dueMs }]) => dueMs <= untilMs).sort(([a, x], [b, y]) => x.dueMs - y.dueMs || a - b)[0]
  }
}
