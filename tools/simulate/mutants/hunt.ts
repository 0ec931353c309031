import { Worker } from 'node:worker_threads'
import type { Mutant } from './mutant.ts'
import type { Hunt, Told } from './thread.ts'

export interface Catch {
  mutant: Mutant
  /** Runs that it took, rare paths first; undefined where it survived them all. */
  runs: number | undefined
  /** The rare path or the seed that caught it. */
  by: string
  checker: string
  message: string
}

/** A seed takes some ten milliseconds; a mutant that goes round in circles is caught by that. */
const SEED_TIMEOUT_MS = 30_000

/** Runs the rare paths and then seeds against one mutant until a promise is broken. Rejects where the mutant cannot be planted. */
export async function hunt (mutant: Mutant, seeds: number): Promise<Catch> {
  const thread = new Worker(new URL('./thread.ts', import.meta.url), { workerData: { mutant: mutant.name, seeds } satisfies Hunt })
  const { promise, resolve, reject } = Promise.withResolvers<Catch>()
  let watchdog: NodeJS.Timeout | undefined
  thread.on('message', (told: Told) => {
    clearTimeout(watchdog)
    switch (told.type) {
      case 'began':
        watchdog = setTimeout(() => { resolve({ mutant, runs: told.runs, by: '', checker: 'every run ends', message: `the run did not end within ${SEED_TIMEOUT_MS} ms` }) }, SEED_TIMEOUT_MS)
        break
      case 'caught': resolve({ mutant, runs: told.runs, by: told.by, checker: told.checker, message: told.message }); break
      case 'survived': resolve({ mutant, runs: undefined, by: '', checker: '', message: '' }); break
      case 'broke': reject(new Error(`mutant '${mutant.name}': ${told.reason}`)); break
    }
  })
  thread.on('error', error => { reject(new Error(`mutant '${mutant.name}'`, { cause: error })) })
  try {
    return await promise
  } finally {
    clearTimeout(watchdog)
    await thread.terminate()
  }
}
