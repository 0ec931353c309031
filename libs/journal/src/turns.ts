/** Work that is done one thing after another, in the order it was added. */
export interface Turns {
  /** Settles as the work does; the next one begins then, however it ended. */
  add: <T>(work: () => Promise<T>) => Promise<T>
  /** Whether nothing is under way or waiting. */
  idle: () => boolean
  /** Resolves when what was added before has ended. */
  ended: () => Promise<void>
}

export function createTurns (): Turns {
  let last = Promise.resolve()
  let waiting = 0
  return {
    add (work) {
      waiting++
      const result = last.then(work).finally(() => { waiting-- })
      // Who added the work is told of its failure.
      last = result.then(() => {}, () => {})
      return result
    },
    idle: () => waiting === 0,
    ended: () => last
  }
}
