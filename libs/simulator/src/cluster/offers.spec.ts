import { describe, expect, it } from '@jest/globals'
import { loseRequests } from './afflictions.spec.support.ts'
import { createWorld } from './world.spec.support.ts'

const TEXT = { 'a.txt': 'the whale the ship\nof the sea\n'.repeat(4) }

describe('offers, reports and outputs', () => {
  it('a worker takes the offer that overtakes its welcome', async () => {
    const refused: number[] = []
    for (let seed = 0; seed < 20; seed++) {
      const w = createWorld({ seed: `N${seed}` })
      w.master('master')
      await w.clock.advance(10)
      const job = await w.submit('master', 'word-count', TEXT, { chunkBytes: 16, reducers: 1 })
      await w.clock.advance(1000)
      w.worker('m1', ['master'], { slots: 8 })
      w.worker('r1', ['master'])
      const status = await w.ended('master', job)
      if (status.state !== 'succeeded') throw new Error(status.reason)
      refused.push(status.maps.failedAttempts + status.reduces.failedAttempts)
    }
    expect(Math.max(...refused)).toBe(0)
  })

  it('a task that was refused once does not wait for a busy worker beside an idle one', async () => {
    const w = createWorld({ seed: 'R', executeMs: ({ kind, task }) => kind === 'reduce' && task === 0 ? 3_000_000 : 50 })
    w.master('master')
    w.worker('m1', ['master'])
    w.worker('r1', ['master'])
    await w.clock.advance(1000)
    const job = await w.submit('master', 'word-count', TEXT, { chunkBytes: 1024, reducers: 2 })
    await w.clock.advance(5000)
    // The first offer to r2 is refused, for instance because it overtook its welcome.
    w.worker('r2', ['master'])
    const stop = loseRequests(w, 'attemptAssigned', 'r2')
    await w.clock.runUntil(() => w.lead('master').job(job)!.reduces.failedAttempts > 0, 60_000, 'refused')
    stop()
    await w.clock.advance(600_000)
    expect(w.lead('master').job(job)!.reduces).toMatchObject({ committed: 1, running: 1, pending: 0 })
  })

  it('a worker of 256 slots whose reports are answered late keeps its lease', async () => {
    const w = createWorld({ seed: 'Q2', executeMs: (_, random) => 1000 + random.int(2000), slots: 256 })
    w.master('master')
    w.worker('m1', ['master'])
    w.worker('r1', ['master'])
    await w.clock.advance(1000)
    // A busy master: it answers a report after eight seconds.
    w.network.intercept(({ cargo }) => cargo.kind === 'answer' && cargo.request.type === 'attemptCompleted' ? { delayMs: 8000 } : undefined)
    const job = await w.submit('master', 'word-count', { 'a.txt': 'the whale the ship\nof the sea\n'.repeat(1600) }, { chunkBytes: 32, reducers: 1 })
    await w.clock.runUntil(() => ['succeeded', 'failed'].includes(w.lead('master').job(job)!.state), 600_000)
    const status = w.lead('master').job(job)!
    expect(status).toMatchObject({ state: 'succeeded', maps: { failedAttempts: 0 } })
  }, 60_000)

  it('a stale pin does not speak for the output that is secured now', async () => {
    let lives = 0
    const slow = { input: 'lines', map (_: unknown, emit: (k: string, v: number) => void) { emit('k', 1) }, reduce (k: string, _: unknown, emit: (k: string, v: number) => void) { emit(k, ++lives) } }
    const w = createWorld({ seed: 'S', programs: { slow }, timing: { secureMs: 3000 } })
    w.master('master')
    w.worker('m1', ['master'])
    w.worker('r1', ['master'])
    w.worker('r2', ['master'])
    await w.clock.advance(1000)
    const outputs: string[] = []
    w.network.onDelivery(({ cargo }) => { if (cargo.kind === 'request' && cargo.message.type === 'attemptCompleted' && cargo.message.output !== undefined) outputs.push(cargo.message.output) })
    // The first output's block is long on its way, the second's longer.
    w.network.intercept(({ from, to, cargo }) => to === 'master' && from[0] === 'r' && cargo.kind === 'block' ? (cargo.cid === outputs[0] && w.clock.now() < 6000 ? { drop: true } : cargo.cid !== outputs[0] ? { drop: true } : undefined) : undefined)
    const job = await w.submit('master', 'slow', { 'a.txt': 'x' }, { chunkBytes: 1024, reducers: 1 })
    await w.clock.advance(60_000)
    // Only the first output's block ever arrives, after it was given up: nothing that the master does not hold may be committed.
    expect(w.files.holders(outputs[0]!)).toContain('master')
    expect(w.files.holders(outputs[1]!)).not.toContain('master')
    expect(w.lead('master').job(job)!.reduces.committed).toBe(0)
  })

  it('a worker that drains finishes what it has', async () => {
    const w = createWorld({ seed: 'T', executeMs: () => 3000 })
    w.master('master')
    const m1 = w.worker('m1', ['master'])
    w.worker('r1', ['master'])
    const job = await w.submit('master', 'word-count', TEXT, { chunkBytes: 1024, reducers: 1 })
    await w.attempting('m1', 'executing')
    let left = false
    void m1.drain().then(() => { left = true })
    await w.clock.advance(5)
    expect(left).toBe(false)
    expect(await w.ended('master', job)).toMatchObject({ state: 'succeeded' })
  })
})
