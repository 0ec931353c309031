import { describe, expect, it } from '@jest/globals'
import { sequential } from '@ipfs-mapreduce/mapreduce'
import { createCluster, type Cluster } from './cluster.ts'
import { findProgram, SHIPPED } from './program-bundle.ts'

/** Schedules of faults that one run of the tests tries. */
const SEEDS = 60
const FAULTS_PER_SEED = 4
const WORKERS = ['m1', 'm2', 'm3', 'r1', 'r2']
const TEXT = 'the whale the ship\nof the sea é 鯨 a b c\r\n'.repeat(6)

/** Crashes with a restart, partitions that heal, and spells of lost and late messages; all of them end. */
function injectFaults (cluster: Cluster): void {
  const { random, clock, network } = cluster
  const crash = (victim: string): void => {
    if (!network.present(victim)) return
    cluster.crash(victim)
    clock.setTimeout(() => { cluster.restart(victim) }, random.int(8000))
  }
  const partition = (victim: string): void => {
    network.partition(victim, ['master', ...random.chance(0.5) ? ['m1', 'r1'].filter(name => name !== victim) : []])
    clock.setTimeout(() => { network.heal() }, random.int(20_000))
  }
  const storm = (): void => {
    const loss = random.random() * 0.3
    clock.setTimeout(network.intercept(() => random.chance(loss) ? { drop: true } : { delayMs: random.int(50) }), random.int(10_000))
  }
  for (let i = 0; i < FAULTS_PER_SEED; i++) {
    const victim = random.pick(WORKERS)
    const fault = random.pick([crash, partition, storm])
    clock.setTimeout(() => { fault(victim) }, random.int(3000))
  }
}

describe('a job under random faults', () => {
  it(`ends with the oracle's bytes and counters for each of ${SEEDS} seeds`, async () => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const reducers = 1 + seed % 3
      const cluster = createCluster({ seed: `faults ${seed}`, mappers: 3, reducers: 2, slots: 1 + seed % 2 })
      // The client waits for its answer before the faults begin: that a submission is lost is for the client to say.
      const job = await cluster.submit('word-count', { 'a.txt': TEXT }, { chunkBytes: 32, reducers })
      injectFaults(cluster)
      const { state, reason, counters } = await cluster.waitForJob(job)
      expect({ seed, state, reason }).toEqual({ seed, state: 'succeeded', reason: undefined })
      const oracle = await sequential(findProgram(SHIPPED, 'word-count'), [{ path: 'a.txt', content: new TextEncoder().encode(TEXT) }], { reducers, separator: ' ' })
      expect({ seed, parts: cluster.output(job) }).toEqual({ seed, parts: oracle.parts })
      expect({ seed, counters }).toMatchObject({ seed, counters: oracle.counters })
    }
  }, 60_000)
})
