import { describe, expect, it } from '@jest/globals'
import { oracle, oracleOf } from './oracle.ts'
import { runScenario, type Report, type RunOptions } from '../scenario/run.ts'
import type { JobPlan, Scenario } from '../scenario/scenario.ts'
import type { World } from '../world/world.ts'
import type { Delivery } from '../network/delivery.ts'

const PLAN: JobPlan = {
  atMs: 100, master: 'master', program: 'counting', args: {}, files: { 'a.txt': 'the whale the ship\nof the sea\nand the deep\n' }, chunkBytes: 16, splitBytes: 16,
  reducers: 2, holders: [], priority: 'normal', maxAttempts: 0, deadlineMs: 0, skipBadRecords: 0
}
const SCENARIO: Scenario = {
  seed: 'checkers', faultsMs: 1_000, faults: [], jobs: [PLAN],
  cluster: { masters: 1, mappers: 2, reducers: 1, slots: 1, named: true, journaled: true, timing: { executeMs: 20_000 }, latencyMs: { min: 1, max: 3 }, diskMs: 1, executeMs: { min: 50, max: 400 }, endless: 0 }
}

async function broken (options: RunOptions, plan: Partial<JobPlan> = {}): Promise<string[]> {
  const { violations }: Report = await runScenario({ ...SCENARIO, jobs: [{ ...PLAN, ...plan }] }, options)
  return violations.map(({ checker, message }) => `${checker}: ${message}`)
}

/** Acts once, on the first delivery that matches. */
function onFirst (world: World, matches: (delivery: Delivery) => boolean, act: (delivery: Delivery) => void): void {
  const stop = world.network.onDelivery(delivery => {
    if (!matches(delivery)) return
    stop()
    act(delivery)
  })
}

const isRequest = (type: string) => ({ cargo }: Delivery): boolean => cargo.kind === 'request' && cargo.message.type === type

describe('checkers', () => {
  it('find nothing where nothing is wrong', async () => {
    expect(await broken({})).toEqual([])
  })

  it('find a run that was told of with two CIDs', async () => {
    const found = await broken({
      tamper (world) {
        onFirst(world, ({ cargo }) => cargo.kind === 'request' && cargo.message.type === 'runsCommitted' && cargo.message.runs.length > 0, ({ from, to, cargo }) => {
          if (cargo.kind !== 'request' || cargo.message.type !== 'runsCommitted') return
          const [first] = cargo.message.runs
          const message = { ...cargo.message, runs: [{ ...first!, run: { ...first!.run, cid: 'another' } }] }
          world.tell({ type: 'sent', consignment: { from, to, cargo: { kind: 'request', message } } })
        })
      }
    })
    expect(found).toContainEqual(expect.stringMatching(/^a task commits once: reducers of .* were told of two runs of map \d/))
  })

  it('find a committed run that its holder drops', async () => {
    const found = await broken({
      tamper (world) {
        onFirst(world, ({ cargo }) => cargo.kind === 'request' && cargo.message.type === 'runsCommitted' && cargo.message.runs.length > 0, ({ cargo }) => {
          if (cargo.kind === 'request' && cargo.message.type === 'runsCommitted') for (const peer of ['m1', 'm2']) world.files.lose(peer, cargo.message.runs[0]!.run.cid)
        })
      }
    })
    expect(found[0]).toMatch(/^committed runs stay: m\d dropped the run .* which is running/)
  })

  it('find more attempts than slots', async () => {
    const found = await broken({ tamper (world) { world.clock.setTimeout(() => { world.tell({ type: 'executing', peer: 'm1', attempts: 2 }) }, 50) } })
    expect(found).toEqual(['slots are not exceeded: m1 executes 2 attempts on 1 slots'])
  })

  it('find work for a master that was never joined, and work of the wrong kind', async () => {
    const found = await broken({
      tamper (world) {
        onFirst(world, isRequest('attemptAssigned'), ({ to, cargo }) => {
          if (cargo.kind === 'request') world.tell({ type: 'sent', consignment: { from: to, to: 'client', cargo: { kind: 'answer', message: { type: 'ack' }, request: cargo.message } } })
        })
      }
    })
    expect(found).toContainEqual(expect.stringMatching(/^work only of masters joined: \w+ took an attempt of client, which it never asked to join/))
  })

  it('find an attempt too many', async () => {
    const found = await broken({
      tamper (world) {
        onFirst(world, isRequest('attemptAssigned'), ({ from, to, cargo }) => {
          if (cargo.kind !== 'request' || cargo.message.type !== 'attemptAssigned') return
          const message = { ...cargo.message, ref: { ...cargo.message.ref, attempt: 100_000 } }
          world.tell({ type: 'sent', consignment: { from, to, cargo: { kind: 'request', message } } })
        })
      }
    })
    expect(found).toContainEqual(expect.stringMatching(/^everything is bounded: \w+ \d of .* is at attempt 100000/))
  })

  it('find a failure that nothing explains', async () => {
    const found = await broken({ tamper (world) { onFirst(world, isRequest('attemptAssigned'), () => { world.files.wipe('client') }) } })
    expect(found).toContainEqual(expect.stringMatching(/^every job ends for a true reason: .* failed with BLOCK_UNAVAILABLE, which nothing explains/))
  })

  it('find a cancellation that nobody asked for', async () => {
    const found = await broken({
      tamper (world) {
        onFirst(world, isRequest('attemptAssigned'), ({ from, cargo }) => {
          if (cargo.kind === 'request' && cargo.message.type === 'attemptAssigned') {
            void world.client()!.port.request(world.network.address(from), { type: 'cancelJob', job: cargo.message.ref.job, reason: 'a stranger' })
          }
        })
      }
    })
    expect(found).toEqual([expect.stringMatching(/^every job ends for a true reason: .* was cancelled, for "a stranger", and its user had not asked for it/)])
  })

  it('find what a worker keeps after its job', async () => {
    let cid = ''
    const found = await broken({ tamper (world) { void world.files.addFile('m2', Uint8Array.of(1, 2, 3), 16).then(added => { cid = added }) } })
    expect(found).toEqual([`pins are released and results stay: m2 keeps 1 blocks of jobs that have ended: ${cid}`])
  })

  it('find a result that its master has lost', async () => {
    const found = await broken({
      tamper (world) {
        world.watch(occurrence => {
          if (occurrence.type !== 'log' || occurrence.line.message !== 'job ended') return
          world.clock.setTimeout(() => { for (const pin of world.files.disk('master').pins) world.files.lose('master', pin) }, 5)
        })
      }
    })
    expect(found).toContainEqual(expect.stringMatching(/^pins are released and results stay: master does not hold .* of the result of/))
  })

  it('find bytes and counters that are not the oracle\'s', async () => {
    const plan = { ...PLAN }
    const right = await oracleOf(plan)
    const wrong = { ...right, parts: [right.parts[0]!, Uint8Array.of(1)], counters: { ...right.counters, 'map.input.records': 7 } }
    const { violations } = await runScenario({ ...SCENARIO, jobs: [plan] }, { also: [oracle(new Map([[plan, wrong]]))] })
    expect(violations.map(({ message }) => message)).toEqual([expect.stringMatching(/differs from the oracle in part-r-00001, map.input.records is 3, not 7/)])
  })

  it('find a job that does not end', async () => {
    const found = await broken({ tamper (world) { world.network.partition('client', 'master') } })
    expect(found).toEqual([expect.stringMatching(/^every job ends in time: /)])
  })

  it('find what code throws', async () => {
    const found = await broken({ tamper (world) { world.clock.setTimeout(() => { throw new RangeError('no such luck') }, 70) } })
    expect(found).toEqual([expect.stringMatching(/^no code throws: RangeError: no such luck/)])
  })
})
