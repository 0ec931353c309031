import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { services } from './services.ts'
import type { Services } from './services.ts'
import { slowWordCount } from './slow-program.ts'
import { spread } from './spread.ts'
import { countWords, linesOf, sampleText } from './text.ts'
import { succeeded, workbench } from './workbench.ts'
import type { Running, Workbench } from './workbench.ts'

/** Points of a job at which the master is killed; `IPMR_KILLS=10` for the long round. */
const KILLS = Number(process.env['IPMR_KILLS'] ?? 2)
/** `IPMR_KILL_SEED` repeats the points of a run. */
const SEED = Number(process.env['IPMR_KILL_SEED'] ?? 1)
const text = sampleText(240)
/** About so long does the job run, undisturbed. */
const JOB_MS = 5_000

let bench: Workbench
let cluster: Services

beforeEach(() => {
  bench = workbench()
  bench.write('sample.txt', text)
  bench.write('slow.js', slowWordCount(JOB_MS / 240))
  cluster = services(bench, `killed-${process.pid}`)
})

afterEach(async () => { await bench.remove() })

/** By seed, spread over the job. */
const pointMs = (kill: number): number => Math.round(spread(SEED + kill + 1) * JOB_MS)

interface Killed { counters: Record<string, number>, tasks: { map: { total: number, attempts: number } } }

/** Runs a job, kills the master when it is time, starts it again, and returns what the client said in the end. */
async function killDuring (time: (running: Running) => Promise<unknown>): Promise<Killed> {
  let master = await cluster.startMaster('master')
  const port = Number(cluster.master().split('/').at(-1))
  await Promise.all([cluster.startWorker('mapper', 'm1'), cluster.startWorker('mapper', 'm2'), cluster.startWorker('reducer', 'r1'), cluster.startWorker('reducer', 'r2')])
  const running = bench.start(...cluster.connected('run', 'slow.js', 'sample.txt', '--chunk-size', '1k', '--split-size', '1k', '-o', 'out', '--json'))
  await running.says(/job (\S+) accepted/)
  await time(running)
  master.child.kill('SIGKILL')
  await master.ended
  master = await cluster.startMaster('master', port)
  const report = JSON.parse(succeeded(await running.ended)) as Killed
  expect(linesOf(...bench.parts('out'))).toEqual(countWords(text))
  expect(report.counters['map.input.records']).toBe(text.split('\n').length)
  return report
}

describe('a master that is killed with kill -9', () => {
  for (let kill = 0; kill < KILLS; kill++) {
    it(`${pointMs(kill)} ms into a job goes on with it when it is started again: the result is exact, and nothing that had committed ran again`, async () => {
      // A random point of a job is a time, not a state that could be waited for.
      const { tasks: { map } } = await killDuring(async () => { await pause(pointMs(kill)) })
      // What ran while it was away runs on; but for an offer that was on its way, nothing is tried twice.
      expect(map.attempts).toBeLessThanOrEqual(map.total + 2)
    })
  }

  it('as the job succeeds has the result when it is back, and the client waits for it', async () => {
    await killDuring(async running => { await running.says(/ipmr: (committing|succeeded)/) })
  })
})
