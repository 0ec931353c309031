import { describe, expect, it } from '@jest/globals'
import type { AttemptCompleted, AttemptRef, Network, RunAt } from '@ipfs-mapreduce/protocol'
import { expectSequential } from './exact.spec.support.ts'
import { A_LINE_A_TASK, lines } from './lines.spec.support.ts'
import { allMapped, createWorld, NO_BACKUPS, type World, type WorldInit } from './world.spec.support.ts'

const INPUT = { 'a.txt': lines(6) }
const OPTIONS = { ...A_LINE_A_TASK, reducers: 1 }

interface IdleReducer { port: Network, assigned: AttemptRef[], heard: RunAt[] }

/** A reducer that takes an attempt, hears of runs, and does nothing with them. */
async function idleReducer (w: World): Promise<IdleReducer> {
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

/** A job whose maps have all committed, and whose only reducer is idle and has heard of runs. */
async function withIdleReducer (init: WorldInit): Promise<{ w: World, job: string, reducer: IdleReducer }> {
  const w = createWorld({ ...init, timing: NO_BACKUPS })
  w.master('master')
  w.worker('m1', ['master'])
  const reducer = await idleReducer(w)
  const job = await w.submit('master', 'word-count', INPUT, OPTIONS)
  await allMapped(w, job)
  await w.clock.runUntil(() => reducer.heard.length > 0, 60_000, 'the reducer hears of runs')
  return { w, job, reducer }
}

/** Reports the first run that it was told of as lost, by the first attempt that it was given. */
async function reportLost (w: World, { port, assigned, heard }: IdleReducer): Promise<void> {
  const { mapTask, cid } = heard[0]!.run
  await w.settled(port.request('master', { type: 'runLost', ref: assigned[0]!, mapTask, cid, message: 'it was here a moment ago' }))
}

/** What an honest reducer answers, and the output that it made. */
async function honestAnswer (): Promise<{ answer: AttemptCompleted, output: Uint8Array }> {
  const w = createWorld({ seed: 'honest' })
  w.master('master')
  for (const name of ['m1', 'r1']) w.worker(name, ['master'])
  let answer: AttemptCompleted | undefined
  w.network.onDelivery(({ cargo }) => {
    if (cargo.kind === 'request' && cargo.message.type === 'attemptCompleted' && cargo.message.ref.kind === 'reduce') answer = cargo.message
  })
  await w.ended('master', await w.submit('master', 'word-count', INPUT, OPTIONS))
  return { answer: answer!, output: w.files.content(answer!.output!)! }
}

describe('runs that are lost', () => {
  it('change nothing where they are reported while the job commits', async () => {
    const { answer, output } = await honestAnswer()
    const { w, job, reducer } = await withIdleReducer({ seed: 'while it commits', diskMs: 100 })
    await w.files.addFile('r9', output, 1024)
    await w.settled(reducer.port.request('master', { ...answer, ref: reducer.assigned[0]! }))
    await w.clock.runUntil(() => w.lead('master').job(job)!.state === 'committing', 60_000, 'the job commits')
    await reportLost(w, reducer)
    const status = await w.ended('master', job)
    expect(status.maps).toMatchObject({ committed: 6, pending: 0, attempts: 6 })
    await expectSequential(w, status, INPUT)
  })

  it('change nothing where an attempt reports them that has ended', async () => {
    const { w, job, reducer } = await withIdleReducer({ seed: 'by one that has ended', executeMs: ({ kind }) => kind === 'map' ? 50 : 30_000 })
    // Nothing more is heard of it: the attempt goes to another.
    w.worker('r1', ['master'])
    await w.attempting('r1', 'executing')
    await reportLost(w, reducer)
    const status = await w.ended('master', job)
    expect(status.maps.attempts).toBe(6)
    await expectSequential(w, status, INPUT)
  })

  it('cost a few fetch timeouts, however many their mapper made that is cut off', async () => {
    const input = { 'a.txt': lines(40) }
    const w = createWorld({ seed: 'cut off', timing: NO_BACKUPS })
    w.master('master')
    w.worker('m1', ['master'])
    const job = await w.submit('master', 'word-count', input, OPTIONS)
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
