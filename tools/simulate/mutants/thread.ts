import { registerHooks } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { MUTANTS } from './list.ts'
import { mutate, urlOf } from './mutant.ts'

/** Work of a thread: one mutant, the rare paths and then seeds from 0 on. */
export interface Hunt {
  mutant: string
  seeds: number
}

export type Told = { type: 'began', runs: number } | { type: 'caught', runs: number, by: string, checker: string, message: string } | { type: 'survived' } | { type: 'broke', reason: string }

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
let runs = 0
let by = ''
/** A mutant may throw where nobody listens: that is caught too. */
const escaped = (error: unknown): void => { tell({ type: 'caught', runs, by, checker: 'no code throws', message: String(error) }) }
process.on('uncaughtException', escaped)
process.on('unhandledRejection', escaped)

const { drawScenario, FAILING, RARE, runScenario } = await import('@ipfs-mapreduce/simulator')
if (!planted) tell({ type: 'broke', reason: `${mutant.file} was not loaded` })
else await hunt()

async function hunt (): Promise<void> {
  const drawn = function * () { for (let seed = 0; seed < seeds; seed++) yield drawScenario(seed) }
  for (const scenario of [...RARE, ...drawn()]) {
    runs++
    by = scenario.seed
    tell({ type: 'began', runs })
    const { violations, ends } = await runScenario(scenario)
    const violation = violations[0] ?? (RARE.includes(scenario) ? otherEnd(scenario.seed, ends[0]!) : undefined)
    if (violation === undefined) continue
    tell({ type: 'caught', runs, by, checker: violation.checker, message: violation.message })
    return
  }
  tell({ type: 'survived' })
}

/** Under a schedule that is drawn a job may fail for a reason that faults explain; of the rare paths it is known which one does. */
function otherEnd (path: string, { state, reason }: { state: string, reason?: string }): { checker: string, message: string } | undefined {
  const expected = path in FAILING ? 'failed' : 'succeeded'
  return state === expected ? undefined : { checker: 'a rare path ends as it should', message: `${state}: ${reason ?? 'no reason'}` }
}
