import { registerHooks } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { MUTANTS } from './list.ts'
import { mutate, urlOf } from './mutant.ts'

/** Work of a thread: one mutant, seeds from 0 on. */
export interface Hunt {
  mutant: string
  seeds: number
}

export type Told = { type: 'seed', seed: number } | { type: 'caught', seed: number, checker: string, message: string } | { type: 'survived' } | { type: 'broke', reason: string }

const { mutant: name, seeds } = workerData as Hunt
const tell = (told: Told): void => { parentPort!.postMessage(told) }
const mutant = MUTANTS.find(one => one.name === name)!
let planted = false

registerHooks({
  load (url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (url !== urlOf(mutant)) return loaded
    planted = true
    return { ...loaded, source: mutate(mutant, String(loaded.source)) }
  }
})
/** A mutant may throw where nobody listens: that is caught too. */
let seed = 0
const escaped = (error: unknown): void => { tell({ type: 'caught', seed, checker: 'no code throws', message: String(error) }) }
process.on('uncaughtException', escaped)
process.on('unhandledRejection', escaped)

const { simulate } = await import('@ipfs-mapreduce/simulator')
if (!planted) tell({ type: 'broke', reason: `${mutant.file} was not loaded` })
else await hunt()

async function hunt (): Promise<void> {
  for (; seed < seeds; seed++) {
    tell({ type: 'seed', seed })
    const [violation] = (await simulate(seed)).violations
    if (violation === undefined) continue
    tell({ type: 'caught', seed, checker: violation.checker, message: violation.message })
    return
  }
  tell({ type: 'survived' })
}
