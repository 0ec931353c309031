import { describe, expect, it } from '@jest/globals'
import { loseRequests } from './afflictions.spec.support.ts'
import { createWorld } from './world.spec.support.ts'

const TEXT = { 'a.txt': 'the whale the ship\nof the sea\n'.repeat(4) }
const EXECUTE_MS = 1000
const TASKS = 8

/** Eight maps of a second each on one slot, and when each began and ended to execute. */
async function run ({ seed, lost, slots = 1 }: { seed: string, lost?: boolean, slots?: number }) {
  const w = createWorld({ seed, slots, executeMs: ({ kind }) => kind === 'map' ? EXECUTE_MS : 1 })
  w.master('master')
  w.worker('m1', ['master'])
  w.worker('r1', ['master'])
  await w.clock.advance(1000)
  if (lost === true) loseRequests(w, 'slotYielded', 'master')
  const states: Array<{ atMs: number, states: string[] }> = []
  w.network.onDelivery(({ atMs, cargo }) => {
    if (cargo.kind === 'gossip' && cargo.message.type === 'heartbeat' && cargo.message.role === 'mapper') states.push({ atMs, states: cargo.message.running.map(({ state }) => state) })
  })
  const job = await w.submit('master', 'word-count', TEXT, { chunkBytes: 16, splitBytes: 16, reducers: 1 })
  const startMs = w.clock.now()
  const status = await w.ended('master', job)
  return { status, tookMs: w.clock.now() - startMs, states }
}

describe('slots that are yielded before their attempts have ended', () => {
  it('are never empty while tasks wait, and never hold two', async () => {
    const { status, tookMs, states } = await run({ seed: 'Y' })
    expect(status).toMatchObject({ state: 'succeeded', maps: { total: TASKS, attempts: TASKS, failedAttempts: 0 } })
    // The rest is planning, the first offer, the last report and the reduce.
    expect(tookMs).toBeLessThan(TASKS * EXECUTE_MS + 300)
    expect(states.flatMap(({ states }) => states)).toContain('queued')
    for (const { states: now } of states) expect(now.filter(state => state === 'executing').length).toBeLessThanOrEqual(1)
  })

  it('are free a little later where the master is not told', async () => {
    const { status } = await run({ seed: 'Y', lost: true })
    expect(status).toMatchObject({ state: 'succeeded', maps: { attempts: TASKS, failedAttempts: 0 } })
  })

  it('are as many as there are slots', async () => {
    const { status, tookMs, states } = await run({ seed: 'Y', slots: 3 })
    expect(status).toMatchObject({ state: 'succeeded', maps: { attempts: TASKS, failedAttempts: 0 } })
    expect(tookMs).toBeLessThan(Math.ceil(TASKS / 3) * EXECUTE_MS + 300)
    for (const { states: now } of states) {
      expect(now.filter(state => state === 'executing').length).toBeLessThanOrEqual(3)
      expect(now.filter(state => state !== 'reporting').length).toBeLessThanOrEqual(6)
    }
  })

  it('are given back with what waits for them, when the worker leaves', async () => {
    const w = createWorld({ seed: 'D', executeMs: ({ kind }) => kind === 'map' ? EXECUTE_MS : 1 })
    w.master('master')
    const worker = w.worker('m1', ['master'])
    w.worker('r1', ['master'])
    await w.clock.advance(1000)
    const job = await w.submit('master', 'word-count', TEXT, { chunkBytes: 16, splitBytes: 16, reducers: 1 })
    await w.clock.runUntil(() => worker.status().attempts.some(({ state }) => state === 'queued'), 10_000, 'queued')
    w.worker('m2', ['master'])
    void worker.drain()
    const status = await w.ended('master', job)
    expect(status).toMatchObject({ state: 'succeeded' })
    expect(worker.status().attempts).toEqual([])
  })
})
