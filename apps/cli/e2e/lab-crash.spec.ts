import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { wordCount } from '@ipfs-mapreduce/programs'
import { labCluster } from './lab-cluster.ts'
import type { LabCluster, LabWorker } from './lab-cluster.ts'
import { FIRST_SEED, ROUNDS } from './lab-rounds.ts'
import { labTexts, oracle } from './lab-texts.ts'
import { succeeded, workbench } from './workbench.ts'
import type { Workbench } from './workbench.ts'

/** The seventh case of the lab: crash. The others are in lab.spec.ts. */

const REDUCERS = 4
/** The lab sleeps up to ten seconds; `IPMR_LAB_FULL=1` does, and the suite that everyone runs waits less. */
const LONGEST_SLEEP_MS = process.env['IPMR_LAB_FULL'] === '1' ? 10_000 : 2_000
/** A third of the attempts end their process, a third (half of the others) sleep, a third run as they should. */
const FAULTS = `crash:execute,p=0.33; slow:execute,minMs=0,maxMs=${LONGEST_SLEEP_MS},p=0.5`

describe.each(ROUNDS)('the lab, round %i', round => {
  const seed = FIRST_SEED + round
  const texts = labTexts(8, 16 * 1024, seed)
  let bench: Workbench
  let cluster: LabCluster

  beforeAll(async () => {
    bench = workbench()
    // A seed for each start: with the same one, a worker whose first attempt crashes would do so for ever.
    const faulty = (role: LabWorker['role'], n: number): LabWorker => ({
      role, slots: 1, args: start => ['--enable-fault-injection', '--faults', FAULTS, '--fault-seed', String(seed * 10_000 + n * 1_000 + start)]
    })
    cluster = await labCluster({ bench, name: `lab-crash-${process.pid}-${round}`, texts, workers: [
      faulty('mapper', 1), faulty('mapper', 2), faulty('mapper', 3), faulty('reducer', 4), faulty('reducer', 5)
    ] })
  })
  afterAll(async () => { await bench.remove() })

  it('7. crash: workers that end in a third of their attempts, and are started again, make the same output', async () => {
    const workers = cluster.keepUp()
    succeeded(await cluster.run('word-count', 'texts', '--chunk-size', '4k', '--split-size', '16k', '--reducers', String(REDUCERS), '--attempts', '20', '-o', 'counts'))
    expect(await workers.stop()).toBeGreaterThan(0)
    expect(bench.parts('counts')).toEqual(await oracle(wordCount, texts, REDUCERS))
  })
})
