interface Line {
  taken: number
  waiting: Array<() => void>
}

/** Lets so many at a time work on one key; the others wait in line, first come, first served. */
export class Turns {
  readonly #max: number
  readonly #lines = new Map<string, Line>()

  constructor (max: number) {
    this.#max = max
  }

  /** Resolves with how to give the turn back. Rejects with the signal's reason where it aborts first. */
  async take (key: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    const line = this.#lines.get(key) ?? { taken: 0, waiting: [] }
    this.#lines.set(key, line)
    if (line.taken < this.#max) {
      line.taken++
    } else {
      await wait(line, signal)
    }
    let given = false
    return () => {
      if (given) { return }
      given = true
      this.#give(key, line)
    }
  }

  /** The turn goes to the next in line, or back. */
  #give (key: string, line: Line): void {
    const next = line.waiting.shift()
    if (next !== undefined) {
      next()
    } else if (--line.taken === 0) {
      this.#lines.delete(key)
    }
  }
}

async function wait (line: Line, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const next = (): void => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }
    const onAbort = (): void => {
      line.waiting.splice(line.waiting.indexOf(next), 1)
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    line.waiting.push(next)
  })
}
