import { Worker } from 'node:worker_threads'
import type { Mutant } from './mutant.ts'
import type { Hunt, Told } from './thread.ts'

export interface Catch {
  mutant: Mutant
  /** Seeds that it took; undefined where it survived them all. */
  seeds: number | undefined
  checker: string
  message: string
}

/** A seed takes some ten milliseconds; a mutant that goes round in circles is caught by that. */
const SEED_TIMEOUT_MS = 30_000

/** Runs seeds against one mutant until a promise is broken. Rejects where the mutant cannot be planted. */
export async function hunt (mutant: Mutant, seeds: number): Promise<Catch> {
  const thread = new Worker(new URL('./thread.ts', import.meta.url), { workerData: { mutant: mutant.name, seeds } satisfies Hunt })
  const { promise, resolve, reject } = Promise.withResolvers<Catch>()
  let watchdog: NodeJS.Timeout | undefined
  thread.on('message', (told: Told) => {
    clearTimeout(watchdog)
    switch (told.type) {
      case 'seed':
        watchdog = setTimeout(() => { resolve({ mutant, seeds: told.seed + 1, checker: 'every seed ends', message: `the seed did not end within ${SEED_TIMEOUT_MS} ms` }) }, SEED_TIMEOUT_MS)
        break
      case 'caught': resolve({ mutant, seeds: told.seed + 1, checker: told.checker, message: told.message }); break
      case 'survived': resolve({ mutant, seeds: undefined, checker: '', message: '' }); break
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
