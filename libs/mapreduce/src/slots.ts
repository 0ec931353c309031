/** A bound on what runs at once. Those who wait are served in order. */
export class Slots {
  #free: number
  readonly #waiting: Array<() => void> = []

  constructor (slots: number) {
    this.#free = slots
  }

  /** How many wait. */
  get waiting (): number {
    return this.#waiting.length
  }

  /** Waits for a slot and returns how to give it back. Rejects with the signal's reason once it fires. */
  async take (signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    if (this.#free > 0) this.#free--
    else await this.#wait(signal)
    return () => {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free++
      else next()
    }
  }

  #wait (signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const served = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(served), 1)
        reject(signal.reason as Error)
      }
      this.#waiting.push(served)
      signal.addEventListener('abort', leave, { once: true })
    })
  }
}
