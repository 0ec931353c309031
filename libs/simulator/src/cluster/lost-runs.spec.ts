import { describe, expect, it } from '@jest/globals'
import type { JobStatus } from '@ipfs-mapreduce/protocol'
import { DEFAULT_TIMING } from '@ipfs-mapreduce/state-machines'
import type { Delivery } from '../network/delivery.ts'
import { destroy } from './afflictions.spec.support.ts'
import { whimsical } from './paper-programs.spec.support.ts'
import { createWorld, type World } from './world.spec.support.ts'

const TEXT = { 'a.txt': 'the whale the ship\nof the sea\n'.repeat(4) }
const LEASE = DEFAULT_TIMING.leaseMs

/** Runs a job whose only run is lost, with its mapper, while `r2` has yet to be told of it; then new mappers come. */
async function loseTheRun (w: World, program: string, text: string, mappers: string[]): Promise<JobStatus> {
  w.master('master')
  w.worker('m1', ['master'])
  w.worker('r1', ['master'])
  w.worker('r2', ['master'])
  await w.clock.advance(1000)
  w.network.intercept(({ to, cargo }) => to === 'r2' && cargo.kind === 'request' && cargo.message.type === 'runsCommitted' && w.clock.now() < 3000 ? { delayMs: 6000 } : undefined)
  // m1 dies for both reducers as it commits, but they hope for it: the links are cut, not refused.
  let cut = false
  w.network.onDelivery(({ from, cargo }: Delivery) => {
    if (!cut && from === 'm1' && cargo.kind === 'request' && cargo.message.type === 'attemptCompleted') {
      cut = true
      w.network.partition('m1', ['r1', 'r2', 'master'])
    }
  })
  const job = await w.submit('master', program, { 'a.txt': text }, { chunkBytes: 1024, reducers: 2 })
  await w.clock.runUntil(() => w.lead('master').job(job)?.maps.committed === 1, 60_000, 'committed')
  await w.clock.advance(8000)
  for (const name of mappers) w.worker(name, ['master'])
  return await w.ended('master', job, 3_600_000)
}

describe('masters that come and go, and runs that are lost', () => {
  it('after a restart of the master a job finds the reducer slot free', async () => {
    const w = createWorld({ seed: 'C', executeMs: ({ kind }) => kind === 'map' ? 5000 : 50 })
    w.master('master')
    w.worker('m1', ['master'])
    const r1 = w.worker('r1', ['master'])
    await w.ended('master', await w.submit('master', 'word-count', TEXT, { chunkBytes: 1024, reducers: 1 }))
    await w.submit('master', 'word-count', TEXT, { chunkBytes: 1024, reducers: 1 })
    await w.clock.runUntil(() => r1.status().running === 1, 60_000, 'reduce accepted')
    w.network.crash('master')
    await w.clock.advance(500)
    w.master('master')
    await w.clock.advance(10_000)
    const job = await w.submit('master', 'word-count', TEXT, { chunkBytes: 1024, reducers: 1 })
    expect(await w.ended('master', job, 3_600_000)).toMatchObject({ state: 'succeeded' })
  })

  it('a run that another answer replaced while it was being fetched is told of again', async () => {
    const w = createWorld({ seed: 'I', programs: { whimsical: whimsical() } })
    expect(await loseTheRun(w, 'whimsical', 'x', ['m2', 'm3'])).toMatchObject({ state: 'succeeded' })
  })

  it('a run is not made again for a reducer that was told where it is', async () => {
    const w = createWorld({ seed: 'I' })
    const status = await loseTheRun(w, 'word-count', 'the whale of the sea and a ship so b c d e f g h', ['m2'])
    expect(status).toMatchObject({ state: 'succeeded', maps: { attempts: 2 } })
  })

  it('a lost map that answers otherwise when it runs again is reported', async () => {
    const w = createWorld({ seed: 'J', programs: { whimsical: whimsical() } })
    w.master('master')
    w.worker('m1', ['master'])
    w.worker('m2', ['master'])
    w.worker('r1', ['master'])
    await w.clock.advance(1000)
    const job = await w.submit('master', 'whimsical', { 'a.txt': 'x' }, { chunkBytes: 1024, reducers: 2 })
    await w.clock.runUntil(() => w.lead('master').job(job)?.reduces.committed === 1, 60_000, 'one reduce has committed')
    // The run of the other partition dies with its mapper.
    const first = w.lines.find(({ message, fields }) => message === 'task committed' && (fields as { kind: string }).kind === 'map')!.fields as { worker: string }
    destroy(w, first.worker)
    w.worker('m3', ['master'])
    const status = await w.ended('master', job, 3_600_000)
    const values = new Set(w.files.list(status.result!)!.flatMap(({ cid }) => new TextDecoder().decode(w.files.content(cid)!).trim().split('\n').map(line => line.split(' ')[1])))
    expect([...values].sort()).toEqual(['1', '3'])
    expect(status.warnings).toContainEqual(expect.stringMatching(/gave different outputs of map task 0; another worker decides/))
    expect(status.warnings).toContainEqual(expect.stringMatching(/the program is not deterministic/))
  })

  it('two mappers that answer otherwise, and no third to decide, fail the job with that reason', async () => {
    const w = createWorld({ seed: 'I', programs: { whimsical: whimsical() } })
    const status = await loseTheRun(w, 'whimsical', 'x', ['m2'])
    expect(status).toMatchObject({ state: 'failed', reason: expect.stringMatching(/no other mapper to decide between two outputs joined within 60 s/) })
  })

  it('two mappers that answer otherwise are none the worse for it where the program says that it is not deterministic', async () => {
    const w = createWorld({ seed: 'I', programs: { whimsical: { ...whimsical(), deterministic: false } } })
    const status = await loseTheRun(w, 'whimsical', 'x', ['m2'])
    expect(status).toMatchObject({ state: 'succeeded', maps: { attempts: 2 }, blacklist: [], spec: { deterministic: false } })
    expect(status.warnings.filter(warning => /different|deterministic/.test(warning))).toEqual([])
  })

  it('a worker beats as often as its master asks', async () => {
    const w = createWorld({ seed: 'K', executeMs: () => 2000 })
    w.master('master', { timing: { heartbeatMs: 100, leaseMs: 300, suspicionMs: 300 } })
    w.worker('m1', ['master'])
    w.worker('r1', ['master'])
    const job = await w.submit('master', 'word-count', TEXT, { chunkBytes: 1024, reducers: 1 })
    const status = await w.ended('master', job, 3_600_000)
    expect({ state: status.state, failed: status.maps.failedAttempts, reason: status.reason }).toEqual({ state: 'succeeded', failed: 0, reason: undefined })
  })

  for (const strangers of [0, 62, 64]) it(`a worker joins a new master although ${strangers} others have come and gone`, async () => {
    const w = createWorld({ seed: 'L' })
    w.master('master')
    w.worker('m1', ['master'])
    w.worker('r1', ['master'])
    await w.clock.advance(1000)
    for (let i = 0; i < strangers; i++) {
      const gone = w.network.join(`gone${i}`)
      await w.settled(gone.dial(w.network.address('m1')))
      await gone.publish('masters', { type: 'masterAdvert', cluster: 'simulated', addresses: gone.addresses() })
      await w.clock.advance(50)
      w.network.crash(`gone${i}`)
    }
    await w.clock.advance(60_000)
    w.master('other')
    const o = w.network.join('bridge')
    o.subscribe('masters', () => {})
    await w.settled(o.dial(w.network.address('m1')))
    await w.settled(o.dial(w.network.address('other')))
    await w.clock.advance(60_000)
    expect(w.lead('other').status().workers.map(({ peer }) => peer)).toContain('m1')
  }, 60_000)

  it('two links to one master: the one that is dismissed does not take the worker with it', async () => {
    const left: number[] = []
    for (let seed = 0; seed < 20; seed++) {
      const w = createWorld({ seed: `M${seed}`, executeMs: () => 20_000 })
      w.master('master')
      // A busy master answers late to the first join: its advert comes meanwhile, and starts a second link.
      const stop = w.network.intercept(({ cargo }) => cargo.kind === 'answer' && cargo.message.type === 'welcome' ? { delayMs: 3000 } : undefined)
      w.worker('m1', [], { addresses: [w.network.address('master').replace('/p2p/master', '')] })
      await w.clock.advance(8000)
      stop()
      w.network.partition('m1', 'master')
      await w.clock.advance(LEASE + 3000)
      w.network.heal()
      await w.clock.advance(10_000)
      left.push(w.lines.filter(({ message, fields }) => message === 'worker gone' && (fields as { reason: string }).reason === 'the worker left').length)
    }
    expect(left).toEqual(left.map(() => 0))
  })

  it('a reduce whose feed never arrives is given up', async () => {
    const w = createWorld({ seed: 'P', executeMs: () => 3000 })
    w.master('master')
    w.worker('m1', ['master'])
    const r1 = w.worker('r1', ['master'])
    w.worker('r2', ['master'])
    await w.clock.advance(1000)
    const job = await w.submit('master', 'word-count', TEXT, { chunkBytes: 1024, reducers: 1 })
    await w.clock.runUntil(() => w.lead('master').job(job)?.reduces.running === 1, 60_000, 'reduce')
    await w.clock.advance(100)
    const holder = r1.status().running === 1 ? 'r1' : 'r2'
    w.network.cut('master', holder)
    const status = await w.ended('master', job, 3_600_000)
    expect(status).toMatchObject({ state: 'succeeded' })
  })
})
