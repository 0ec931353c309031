import type { Log } from '@ipfs-mapreduce/actors'

/** How long one part may take to close before the next one is closed all the same. */
export const CLOSE_TIMEOUT_MS = 5_000

/** What was opened, to be closed in reverse order. */
export interface Closers {
  add: (name: string, close: () => Promise<void> | void) => void
  /** Closes everything once, each part in a bounded time; a part that fails is logged and the rest still closed. */
  close: () => Promise<void>
}

async function within (ms: number, work: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => { reject(new Error(`not closed after ${ms} ms`)) }, ms)
  try {
    await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}

export function createClosers (log: Log, timeoutMs = CLOSE_TIMEOUT_MS): Closers {
  const parts: Array<{ name: string, close: () => Promise<void> | void }> = []
  let closing: Promise<void> | undefined
  const closeAll = async (): Promise<void> => {
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      try {
        await within(timeoutMs, Promise.resolve(part.close()))
      } catch (error) {
        log.warn({ part: part.name, err: error }, `could not close the ${part.name}`)
      }
    }
  }
  return {
    add: (name, close) => { parts.push({ name, close }) },
    close: () => closing ??= closeAll()
  }
}
