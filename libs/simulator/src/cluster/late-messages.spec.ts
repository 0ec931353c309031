import { describe, expect, it } from '@jest/globals'
import { loseRequests, mute } from './afflictions.spec.support.ts'
import { createWorld } from './world.spec.support.ts'

const TEXT = { 'a.txt': 'the whale the ship\nof the sea\n'.repeat(4) }

describe('lost, late and false messages', () => {
  it('a late completion of a reduce whose task waits again leaks no slot', async () => {
    const w = createWorld({ seed: 'A', executeMs: ({ kind }) => kind === 'reduce' ? 7500 : 50, diskMs: 300 })
    w.master('master')
    w.worker('m1', ['master'])
    w.worker('r1', ['master'])
    await w.clock.advance(3000)
    const job = await w.submit('master', 'word-count', TEXT, { chunkBytes: 1024, reducers: 1 })
    await w.attempting('r1', 'executing')
    // r1 is silent for longer than its lease; the abort does not arrive either.
    const stop = mute(w, 'r1')
    await w.clock.runUntil(() => w.lead('master').status().workers.every(({ role }) => role !== 'reducer'), 60_000, 'sweep')
    await w.attempting('r1', 'reporting')
    stop()
    expect(await w.ended('master', job)).toMatchObject({ state: 'succeeded' })
    await w.clock.advance(5000)
    expect(w.lead('master').status().workers.find(({ peer }) => peer === 'r1')).toMatchObject({ running: 0, attempts: [] })
    const next = await w.submit('master', 'word-count', TEXT, { chunkBytes: 1024, reducers: 1 })
    expect(await w.ended('master', next)).toMatchObject({ state: 'succeeded' })
  })

  it('a worker drains although jobEnded was lost', async () => {
    const w = createWorld({ seed: 'B' })
    w.master('master')
    const m1 = w.worker('m1', ['master'])
    w.worker('r1', ['master'])
    const stop = loseRequests(w, 'jobEnded', 'm1')
    const job = await w.submit('master', 'word-count', TEXT, { chunkBytes: 1024, reducers: 1 })
    expect(await w.ended('master', job)).toMatchObject({ state: 'succeeded' })
    await w.clock.advance(30_000)
    stop()
    let left = false
    void m1.drain().then(() => { left = true })
    await w.clock.runUntil(() => left, 3_600_000, 'm1 has left')
  })

  it('a reduce attempt of a master that was killed and started anew ends, and frees its slot', async () => {
    const w = createWorld({ seed: 'C', executeMs: ({ kind }) => kind === 'map' ? 5000 : 50 })
    w.master('master')
    w.worker('m1', ['master'])
    const r1 = w.worker('r1', ['master'])
    const job = await w.submit('master', 'word-count', TEXT, { chunkBytes: 1024, reducers: 1 })
    await w.clock.runUntil(() => r1.status().running === 1, 60_000, 'reduce accepted')
    w.network.crash('master')
    await w.clock.advance(500)
    w.master('master', { random: w.around.random.fork('second life') })
    await w.clock.advance(60_000)
    expect(w.lead('master').job(job)).toBeUndefined()
    expect(r1.status().attempts.filter(({ state }) => state === 'fetching')).toEqual([])
  })

  it('handing an attempt back is no failure of the task', async () => {
    const w = createWorld({ seed: 'D', executeMs: ({ kind }) => kind === 'map' ? 5000 : 50 })
    w.master('master')
    w.worker('m1', ['master'])
    const r1 = w.worker('r1', ['master'])
    const job = await w.submit('master', 'word-count', TEXT, { chunkBytes: 1024, reducers: 1, maxAttempts: 1 })
    await w.attempting('r1', 'fetching')
    void r1.drain()
    w.worker('r2', ['master'])
    expect(await w.ended('master', job)).toMatchObject({ state: 'succeeded' })
  })

  it('the last mapper that drains finishes the map that it has', async () => {
    const w = createWorld({ seed: 'E', executeMs: ({ kind }) => kind === 'map' ? 90_000 : 50 })
    w.master('master')
    const m1 = w.worker('m1', ['master'])
    w.worker('r1', ['master'])
    const job = await w.submit('master', 'word-count', TEXT, { chunkBytes: 1024, reducers: 1 })
    await w.attempting('m1', 'executing')
    void m1.drain()
    expect(await w.ended('master', job)).toMatchObject({ state: 'succeeded' })
  })

  it('a report of INPUT_LOST is taken only from who holds the attempt', async () => {
    const w = createWorld({ seed: 'F', executeMs: ({ kind }) => kind === 'reduce' ? 60_000 : 50 })
    w.master('master')
    w.worker('m1', ['master'])
    w.worker('r1', ['master'])
    const runs: string[] = []
    w.network.onDelivery(({ cargo }) => { if (cargo.kind === 'request' && cargo.message.type === 'attemptCompleted') runs.push(...cargo.message.runs.map(({ cid }) => cid)) })
    const job = await w.submit('master', 'word-count', TEXT, { chunkBytes: 1024, reducers: 1 })
    await w.clock.runUntil(() => w.lead('master').job(job)?.maps.committed === 1, 60_000, 'map committed')
    await w.clock.advance(1000)
    for (let i = 0; i < 20; i++) {
      const lie = w.client().request('master', { type: 'attemptFailed', ref: { job, kind: 'reduce', task: 0, attempt: 1 }, failure: { code: 'INPUT_LOST', message: 'a lie', cid: runs[0]! } })
      await expect(w.settled(lie)).rejects.toMatchObject({ code: 'REFUSED' })
      await w.clock.advance(1000)
    }
    const status = await w.ended('master', job)
    expect({ state: status.state, reason: status.reason, mapAttempts: status.maps.attempts }).toEqual({ state: 'succeeded', reason: undefined, mapAttempts: 1 })
  })

  it('a job cancelled while it commits keeps nothing pinned', async () => {
    const one = createWorld({ seed: 'G' })
    one.master('master')
    one.worker('m1', ['master'])
    one.worker('r1', ['master'])
    const { result } = await one.ended('master', await one.submit('master', 'word-count', TEXT, { chunkBytes: 1024, reducers: 1 }))
    const w = createWorld({ seed: 'G', diskMs: 100 })
    w.master('master')
    w.worker('m1', ['master'])
    w.worker('r1', ['master'])
    const job = await w.submit('master', 'word-count', TEXT, { chunkBytes: 1024, reducers: 1 })
    await w.clock.runUntil(() => w.lead('master').job(job)?.state === 'committing', 60_000, 'committing')
    await w.clock.advance(150)
    await w.settled(w.client().request('master', { type: 'cancelJob', job, reason: 'no more' }))
    const { state } = await w.ended('master', job)
    await w.clock.advance(60_000)
    expect({ state, holders: w.files.holders(result!) }).toEqual(state === 'succeeded' ? { state, holders: ['master'] } : { state: 'cancelled', holders: [] })
  })

  it('a worker has told its master that it goes when its drain ends', async () => {
    const w = createWorld({ seed: 'goodbye' })
    w.master('master')
    const m1 = w.worker('m1', ['master'])
    await w.clock.advance(1000)
    expect(w.lead('master').status().workers).toHaveLength(1)
    await w.settled(m1.drain())
    expect(w.lead('master').status().workers).toEqual([])
  })

  it('a worker whose clock is set back by an hour goes on beating', async () => {
    const w = createWorld({ seed: 'set back' })
    w.master('master')
    let backMs = 0
    w.worker('m1', ['master'], { afflict: () => ({ network: network => network, files: files => files, executor: executor => executor, clock: clock => ({ ...clock, now: () => clock.now() - backMs }) }) })
    await w.clock.advance(10_000)
    backMs = 3_600_000
    await w.clock.advance(20_000)
    expect(w.lead('master').status().workers).toMatchObject([{ peer: 'm1', state: 'ready' }])
  })

  it('what an attempt stores after its job has ended is not kept', async () => {
    const w = createWorld({ seed: 'H', diskMs: 1000 })
    w.master('master')
    const m1 = w.worker('m1', ['master'])
    w.worker('r1', ['master'])
    const job = await w.submit('master', 'word-count', TEXT, { chunkBytes: 1024, reducers: 1 })
    await w.attempting('m1', 'storing')
    await w.settled(w.client().request('master', { type: 'cancelJob', job, reason: 'no more' }))
    await w.clock.advance(10_000)
    let left = false
    void m1.drain().then(() => { left = true })
    await w.clock.runUntil(() => left, 3_600_000, 'm1 has left')
  })
})
