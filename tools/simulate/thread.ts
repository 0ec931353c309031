import { parentPort, workerData } from 'node:worker_threads'
import { mergeReached, simulate, type Reached } from '@ipfs-mapreduce/simulator'
import { firstDifference } from './difference.ts'
import type { Job, Outcome, Told } from './sweep.ts'

const tell = (told: Told): void => { parentPort!.postMessage(told) }
/** What nobody caught belongs to the seed that runs: nothing but simulations runs here. */
let stray: string[] = []
process.on('uncaughtException', error => { stray.push(textOf(error)) })
process.on('unhandledRejection', error => { stray.push(textOf(error)) })

run(workerData as Job).catch((error: unknown) => { tell({ type: 'broke', reason: textOf(error) }) })

/** One thread of a sweep: every n-th seed. Tells of each that begins and that ends. */
async function run ({ first, step, count, twiceEvery }: Job): Promise<void> {
  let reached: Reached = { states: [], transitions: [] }
  for (let i = 0; i < count; i++) {
    const seed = first + i * step
    tell({ type: 'began', seed })
    stray = []
    const report = await simulate(seed)
    const { ends, struck, virtualMs, steps } = report
    const violations = [...report.violations]
    const violated = (checker: string, message: string): void => { violations.push({ checker, message, atMs: virtualMs, step: steps }) }
    if (i % twiceEvery === 0) {
      const again = await simulate(seed)
      if (again.hash !== report.hash) violated('one seed, one transcript', `the second run differs: ${firstDifference(report.transcript, again.transcript)}`)
    }
    // What escapes is thrown after the turn in which it happened.
    await new Promise<void>(resolve => { setImmediate(resolve) })
    for (const message of stray) violated('no code throws', message)
    reached = mergeReached([reached, report.reached])
    tell({ type: 'ended', outcome: { seed, violations, ends, struck, virtualMs, steps } satisfies Outcome })
  }
  tell({ type: 'finished', reached })
}

function textOf (error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error)
}
