import { describe, expect, it } from '@jest/globals'
import type { AttemptCompleted, AttemptRef, Network, RunAt } from '@ipfs-mapreduce/protocol'
import { allMapped } from './journaled.spec.support.ts'
import { A_LINE_A_TASK, expectSequential, lines, LINE_BYTES } from './paper.spec.support.ts'
import { createWorld, type World } from './world.spec.support.ts'

const NO_BACKUPS = { backupMs: 100_000_000 }

/** A reducer that takes an attempt, hears of runs, and does nothing with them. */
async function idleReducer (w: World): Promise<{ port: Network, assigned: AttemptRef[], heard: RunAt[] }> {
  const port = w.network.join('r9')
  const [assigned, heard]: [AttemptRef[], RunAt[]] = [[], []]
  port.handle(async (_, message) => {
    if (message.type === 'attemptAssigned') assigned.push(message.ref)
    if (message.type === 'runsCommitted') heard.push(...message.runs)
    return { type: 'ack' }
  })
  await w.settled(port.request(w.network.address('master'), { type: 'join', cluster: 'simulated', role: 'reducer', slots: 1, addresses: port.addresses(), running: [], draining: false }))
  return { port, assigned, heard }
}

/** Reports the first run that it was told of as lost, by the first attempt that it was given. */
async function reportLost (w: World, { port, assigned, heard }: Awaited<ReturnType<typeof idleReducer>>): Promise<void> {
  const { mapTask, cid } = heard[0]!.run
  await w.settled(port.request('master', { type: 'runLost', ref: assigned[0]!, mapTask, cid, message: 'it was here a moment ago' }))
}

describe('runs that are lost', () => {
  it('change nothing where they are reported while the job commits', async () => {
    const input = { 'a.txt': lines(6) }
    const honest = createWorld({ seed: 'honest' })
    honest.master('master')
    for (const name of ['m1', 'r1']) honest.worker(name, ['master'])
    let answer: AttemptCompleted | undefined
    honest.network.onDelivery(({ cargo }) => {
      if (cargo.kind === 'request' && cargo.message.type === 'attemptCompleted' && cargo.message.ref.kind === 'reduce') answer = cargo.message
    })
    await honest.ended('master', await honest.submit('master', 'word-count', input, { ...A_LINE_A_TASK, reducers: 1 }))

    const w = createWorld({ seed: 'while it commits', timing: NO_BACKUPS, diskMs: 100 })
    w.master('master')
    w.worker('m1', ['master'])
    const reducer = await idleReducer(w)
    const job = await w.submit('master', 'word-count', input, { ...A_LINE_A_TASK, reducers: 1 })
    await allMapped(w, job)
    await w.clock.runUntil(() => reducer.heard.length > 0, 60_000, 'the reducer hears of runs')
    // It answers as an honest one did.
    await w.files.addFile('r9', honest.files.content(answer!.output!)!, 1024)
    await w.settled(reducer.port.request('master', { ...answer!, ref: reducer.assigned[0]! }))
    await w.clock.runUntil(() => w.lead('master').job(job)!.state === 'committing', 60_000, 'the job commits')
    await reportLost(w, reducer)
    const status = await w.ended('master', job)
    expect(status.maps).toMatchObject({ committed: 6, pending: 0, attempts: 6 })
    await expectSequential(w, status, input)
  })

  it('change nothing where an attempt reports them that has ended', async () => {
    const input = { 'a.txt': lines(6) }
    const w = createWorld({ seed: 'by one that has ended', timing: NO_BACKUPS, executeMs: ({ kind }) => kind === 'map' ? 50 : 30_000 })
    w.master('master')
    w.worker('m1', ['master'])
    const reducer = await idleReducer(w)
    const job = await w.submit('master', 'word-count', input, { ...A_LINE_A_TASK, reducers: 1 })
    await allMapped(w, job)
    await w.clock.runUntil(() => reducer.heard.length > 0, 60_000, 'the reducer hears of runs')
    // Nothing more is heard of it: the attempt goes to another.
    w.worker('r1', ['master'])
    await w.clock.runUntil(() => w.get('r1').status().attempts[0]?.state === 'executing', 60_000, 'another attempt executes')
    await reportLost(w, reducer)
    const status = await w.ended('master', job)
    expect(status.maps.attempts).toBe(6)
    await expectSequential(w, status, input)
  })

  it('cost a few fetch timeouts, however many their mapper made that is cut off', async () => {
    const input = { 'a.txt': lines(40) }
    const w = createWorld({ seed: 'cut off', timing: NO_BACKUPS })
    w.master('master')
    w.worker('m1', ['master'])
    const job = await w.submit('master', 'word-count', input, { chunkBytes: LINE_BYTES, reducers: 1 })
    await allMapped(w, job)
    w.worker('r1', ['master'])
    await w.clock.runUntil(() => w.lead('master').status().workers.length === 2, 1000, 'the reducer has joined')
    // Nothing is refused and nothing answers, as behind a firewall.
    w.network.partition('m1', ['master', 'r1'])
    const cutMs = w.clock.now()
    for (const name of ['m2', 'm3', 'm4', 'm5']) w.worker(name, ['master'])
    const status = await w.ended('master', job, 3_600_000)
    expect(w.clock.now() - cutMs).toBeLessThan(60_000)
    expect(status.maps.attempts).toBe(80)
    await expectSequential(w, status, input)
  })
})
