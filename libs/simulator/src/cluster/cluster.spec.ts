import { describe, expect, it } from '@jest/globals'
import { sequential, type Counters } from '@ipfs-mapreduce/mapreduce'
import { DEFAULT_TIMING } from '@ipfs-mapreduce/state-machines'
import { createCluster, type Cluster, type ClusterInit } from './cluster.ts'
import type { SubmitOptions } from './client.ts'
import { findProgram, SHIPPED } from './program-bundle.ts'
import type { Delivery } from '../network/delivery.ts'

const TEXTS: Record<string, string> = {
  'a/whale.txt': 'Call me Ishmael. Some years ago, never mind how long precisely,\r\nhaving little or no money in my purse,\nand nothing particular to interest me on shore',
  'b.txt': 'the whale the wháłe the 鯨 the whale\n\nno final newline here: Ishmael',
  'c.txt': ''
}

/** What the sequential oracle makes of the same texts. */
async function expected (reducers: number): Promise<{ parts: string[], counters: Counters }> {
  const files = Object.entries(TEXTS).map(([path, text]) => ({ path, content: new TextEncoder().encode(text) }))
  const { parts, counters } = await sequential(findProgram(SHIPPED, 'word-count'), files, { reducers, separator: ' ' })
  return { parts: texts(parts), counters }
}

function texts (parts: Uint8Array[]): string[] {
  return parts.map(part => new TextDecoder().decode(part))
}

/** Runs word count over the texts, with `fault` set up before; expects the exact output, and each record counted once. */
async function survives (init: ClusterInit, fault: (cluster: Cluster) => void, options: SubmitOptions = {}) {
  const cluster = createCluster(init)
  fault(cluster)
  const job = await cluster.submit('word-count', TEXTS, { chunkBytes: 16, reducers: 3, ...options })
  const status = await cluster.waitForJob(job)
  expect(status).toMatchObject({ state: 'succeeded', maps: { failed: 0, pending: 0 } })
  const { parts, counters } = await expected(options.reducers ?? 3)
  expect(texts(cluster.output(job))).toEqual(parts)
  expect(status.counters).toMatchObject(counters)
  return { cluster, status }
}

/** Acts on the n-th delivery of a request of a type that a peer sends or receives. */
function onNth (cluster: Cluster, n: number, matches: (delivery: Delivery) => boolean, act: () => void): void {
  let seen = 0
  cluster.network.onDelivery(delivery => { if (delivery.cargo.kind === 'request' && matches(delivery) && ++seen === n) act() })
}

describe('simulated cluster', () => {
  for (const { seed, chunkBytes, reducers } of [
    { seed: 1, chunkBytes: 7, reducers: 1 }, { seed: 2, chunkBytes: 16, reducers: 3 }, { seed: 3, chunkBytes: 64, reducers: 5 }, { seed: 4, chunkBytes: 1024, reducers: 2 }
  ]) {
    it(`counts words as the oracle does: seed ${seed}, leaves of ${chunkBytes} bytes, ${reducers} reduces`, async () => {
      const { cluster, status } = await survives({ seed, slots: 1 + seed % 2 }, () => {}, { chunkBytes, reducers })
      expect(status.reduces).toMatchObject({ total: reducers, committed: reducers, attempts: reducers })
      expect(status.maps).toMatchObject({ committed: status.maps.total, running: 0, attempts: status.maps.total, failedAttempts: 0 })
      expect(cluster.files.holders(status.result!)).toContain('master')
      expect(cluster.files.holders(status.record!)).toContain('master')
    })
  }

  it('ends with one worker of one slot that is mapper and reducer, whose reduces wait for maps in slots of their own', async () => {
    const { status } = await survives({ seed: 'both', mappers: 0, reducers: 0, workers: 1 }, () => {})
    expect(status.maps.total).toBeGreaterThan(1)
    expect(status.reduces).toMatchObject({ total: 3, attempts: 3 })
    expect(status.fetchedBytes).toBeGreaterThan(0)
  })

  it('ends where such workers crash with what they have made, and reduces hold every slot for it', async () => {
    for (let seed = 0; seed < 12; seed++) {
      const { status } = await survives({ seed: `both ${seed}`, mappers: seed % 2, reducers: 0, workers: 2, slots: 1 + seed % 3 }, cluster => {
        onNth(cluster, 2 + seed % 4, ({ from, cargo }) => from === 'w1' && cargo.kind === 'request' && cargo.message.type === 'attemptCompleted', () => {
          cluster.crash('w1')
          cluster.clock.setTimeout(() => { cluster.restart('w1') }, 500 * seed)
        })
      })
      expect(status.maps.attempts).toBeGreaterThanOrEqual(status.maps.total)
    }
  })

  it('takes back a worker that was cut off for longer than its lease', async () => {
    const cluster = createCluster({ seed: 5, mappers: 1, reducers: 1 })
    await cluster.clock.advance(500)
    cluster.network.partition('m1', 'master')
    await cluster.clock.advance(3 * DEFAULT_TIMING.leaseMs)
    cluster.network.heal()
    await cluster.clock.advance(3 * DEFAULT_TIMING.leaseMs)
    const job = await cluster.submit('word-count', TEXTS, { chunkBytes: 64, reducers: 1 })
    expect(await cluster.waitForJob(job)).toMatchObject({ state: 'succeeded', maps: { failedAttempts: 0 } })
  })

  it('frees a slot whose offer is accepted only after its job was cancelled', async () => {
    const cluster = createCluster({ seed: 6, mappers: 1, reducers: 1 })
    const stop = cluster.network.intercept(({ from, cargo }) =>
      from === 'm1' && cargo.kind === 'answer' && cargo.request.type === 'attemptAssigned' ? { delayMs: 300 } : undefined)
    const cancelled = await cluster.submit('word-count', TEXTS, { chunkBytes: 64, reducers: 1 })
    await cluster.clock.runUntil(() => cluster.job(cancelled)?.maps.running === 1, 5000)
    await cluster.cancel(cancelled)
    expect(await cluster.waitForJob(cancelled)).toMatchObject({ state: 'cancelled', reason: 'cancelled by the client' })
    stop()
    await cluster.clock.advance(1000)
    const next = await cluster.submit('word-count', TEXTS, { chunkBytes: 64, reducers: 1 })
    expect(await cluster.waitForJob(next)).toMatchObject({ state: 'succeeded' })
  })

  it('counts every byte of input that crosses the network, also what is read past the end of a split', async () => {
    const cluster = createCluster({ seed: 8, mappers: 1 })
    const text = Array.from({ length: 1000 }, (_, i) => `line ${i} of the whale`).join('\n')
    const status = await cluster.waitForJob(await cluster.submit('word-count', { 'a.txt': text }, { chunkBytes: 2048 }))
    expect(status.maps.total).toBeGreaterThan(5)
    expect(status).toMatchObject({ localSplits: 0, remoteSplits: status.maps.total })
    expect(status.fetchedBytes).toBeGreaterThanOrEqual(status.inputBytes)
  })

  it('gives one transcript for one seed, and another for another', async () => {
    const run = async (seed: number): Promise<readonly string[]> => {
      const { cluster } = await survives({ seed }, () => {})
      return cluster.trace.lines()
    }
    const first = await run(11)
    expect(await run(11)).toEqual(first)
    expect(await run(12)).not.toEqual(first)
  })

  it('gives the same result CID for any cluster, schedule and leaf size', async () => {
    const results = new Set<string>()
    for (const [i, chunkBytes] of [7, 16, 64].entries()) results.add((await survives({ seed: `result ${i}`, mappers: 1 + i, slots: 2 }, () => {}, { chunkBytes })).status.result!)
    expect(results.size).toBe(1)
  })

  it('survives a mapper that crashes while it executes', async () => {
    const { status } = await survives({ seed: 21 }, cluster => {
      onNth(cluster, 2, ({ to, cargo }) => to === 'm1' && cargo.kind === 'request' && cargo.message.type === 'attemptAssigned', () => {
        cluster.clock.setTimeout(() => { cluster.crash('m1') }, 30)
      })
    })
    expect(status.maps.failedAttempts).toBeGreaterThan(0)
  })

  it('survives a reducer that crashes in mid-job', async () => {
    const { status } = await survives({ seed: 22 }, cluster => {
      onNth(cluster, 3, ({ to, cargo }) => to === 'r1' && cargo.kind === 'request' && cargo.message.type === 'runsCommitted', () => { cluster.crash('r1') })
    })
    expect(status.reduces.failedAttempts).toBeGreaterThan(0)
  })

  it('runs a map again whose mapper crashed after its commit and before its runs were fetched', async () => {
    const committed: Array<{ worker: string, task: number }> = []
    await survives({ seed: 23 }, cluster => {
      cluster.network.onDelivery(({ from, cargo }) => {
        if (cargo.kind !== 'request' || cargo.message.type !== 'attemptCompleted' || cargo.message.runs.length === 0) return
        committed.push({ worker: from, task: cargo.message.ref.task })
        if (from === 'm1') cluster.crash('m1')
      })
    })
    const [lost] = committed.filter(({ worker }) => worker === 'm1')
    expect(committed).toContainEqual({ worker: 'm2', task: lost!.task })
  })

  it('takes back a mapper that restarts, and one more that joins', async () => {
    const { cluster } = await survives({ seed: 24, mappers: 1 }, cluster => {
      onNth(cluster, 2, ({ from, cargo }) => from === 'm1' && cargo.kind === 'request' && cargo.message.type === 'attemptCompleted', () => {
        cluster.crash('m1')
        cluster.clock.setTimeout(() => {
          cluster.restart('m1')
          expect(cluster.addMapper()).toBe('m2')
        }, 3000)
      })
    })
    expect(cluster.trace.lines().some(line => line.includes('m2 -> master attemptCompleted'))).toBe(true)
  })

  it('does without gossip', async () => {
    await survives({ seed: 25 }, cluster => {
      cluster.network.intercept(({ cargo }) => cargo.kind === 'gossip' ? { drop: true } : undefined)
    })
  })

  it('waits where there is no worker, says so, and fails with that reason', async () => {
    const cluster = createCluster({ seed: 26, mappers: 0, reducers: 0 })
    const job = await cluster.submit('word-count', TEXTS, { workerWaitMs: 20_000 })
    await cluster.clock.advance(10_000)
    expect(cluster.job(job)).toMatchObject({ state: 'running', waiting: expect.stringContaining('mapper') })
    const status = await cluster.waitForJob(job, 20_000)
    expect(status).toMatchObject({ state: 'failed', reason: expect.stringMatching(/mapper/) })
  })

  it('fails a job whose program throws, naming function, file, offset and error', async () => {
    const broken = { input: 'lines', map () { throw new TypeError('no such luck') }, reduce () {} }
    const cluster = createCluster({ seed: 27, programs: { broken } })
    const job = await cluster.submit('broken', TEXTS, { maxAttempts: 2 })
    const status = await cluster.waitForJob(job)
    expect(status).toMatchObject({ state: 'failed', failure: { code: 'PROGRAM', stack: expect.stringContaining('no such luck') } })
    expect(status.reason).toMatch(/map.*(whale|b)\.txt.*no such luck/)
    expect(status.maps.failedAttempts).toBeGreaterThanOrEqual(2)
  })

  it('fails a job whose input nobody holds, naming the CID', async () => {
    const cluster = createCluster({ seed: 28 })
    cluster.network.onDelivery(({ cargo }) => { if (cargo.kind === 'request' && cargo.message.type === 'submitJob') for (const peer of ['client']) cluster.files.lose(peer, cargo.message.spec.input) })
    const job = await cluster.submit('word-count', TEXTS)
    const status = await cluster.waitForJob(job, 120_000)
    expect(status).toMatchObject({ state: 'failed', failure: { code: 'BLOCK_UNAVAILABLE' } })
    expect(status.reason).toContain(status.spec.input)
  })
})
