import { describe, expect, it } from '@jest/globals'
import { UnauthorizedError, type AttemptCompleted, type Message } from '@ipfs-mapreduce/protocol'
import { expectSequential } from './exact.spec.support.ts'
import { lines } from './lines.spec.support.ts'
import { createWorld, NO_BACKUPS, type World } from './world.spec.support.ts'

const INPUT = { 'a.txt': lines(4) }
const REF = { job: 'theirs', kind: 'map' as const, task: 0, attempt: 1 }
const RAW = 'bafkreiemqpndzewx4bioklzfvhtiegsfny5fxuc3nkjk2vmcpjxiammsti'

/** What a peer is told that sends this; the network that carries it is told more than `REFUSED`. */
async function refusal (w: World, from: string, to: string, message: Message): Promise<unknown> {
  const port = w.network.join(from)
  const answer = await w.settled(port.request(w.network.address(to), message)).then(({ type }) => type, (error: unknown) => error)
  await port.close()
  return answer
}

const REFUSED = (why: RegExp): unknown => expect.objectContaining({ code: 'REFUSED', message: expect.stringMatching(why) })

describe('a master', () => {
  it('takes jobs of the clients that it accepts, and of nobody else', async () => {
    const w = createWorld({ seed: 'clients', timing: NO_BACKUPS })
    w.master('master', { acceptClients: ['client'] })
    w.worker('m1', ['master'])
    w.worker('r1', ['master'])
    await w.clock.advance(1000)
    const job = await w.submit('master', 'word-count', INPUT)
    const spec = { program: RAW, programName: 'theirs', inputFormat: 'lines' as const, input: RAW, reducers: 1, args: {}, separator: ' ', splitBytes: 0, skipBadRecords: 0 }
    const submitted: Message = { type: 'submitJob', cluster: 'simulated', spec, providers: [], deadlineMs: 0, workerWaitMs: 0, maxAttempts: 0, priority: 'normal', submission: 'theirs' }
    for (const message of [submitted, { type: 'resumeJob', cluster: 'simulated', checkpoint: RAW, providers: [] }, { type: 'cancelJob', job, reason: 'not mine' }] satisfies Message[]) {
      expect(await refusal(w, 'stranger', 'master', message)).toEqual(REFUSED(/takes no jobs from peer stranger/))
    }
    await expectSequential(w, await w.ended('master', job), INPUT)
    expect(w.lead('master').status().jobs).toHaveLength(1)
  })

  it('takes a report from the worker that holds the attempt alone, and the same one again as nothing new', async () => {
    const w = createWorld({ seed: 'forged', timing: NO_BACKUPS })
    w.master('master')
    w.worker('m1', ['master'])
    w.worker('r1', ['master'])
    await w.clock.advance(1000)
    const reports: AttemptCompleted[] = []
    w.network.onDelivery(({ cargo }) => { if (cargo.kind === 'request' && cargo.message.type === 'attemptCompleted') reports.push(cargo.message) })
    const job = await w.submit('master', 'word-count', INPUT)
    await w.clock.runUntil(() => reports.length > 0, 60_000, 'a report')
    const [report] = reports
    const forged: Message[] = [
      { ...report!, runs: [] }, report!, { type: 'attemptFailed', ref: report!.ref, failure: { code: 'FATAL', message: 'forged' } },
      { ...report!, ref: { ...report!.ref, attempt: 2 } }, { ...report!, ref: { ...report!.ref, task: 9999 } },
      { type: 'slotYielded', ref: report!.ref }
    ]
    for (const message of forged) expect(await refusal(w, 'stranger', 'master', message)).toEqual(REFUSED(/was not given to peer stranger/))
    const status = await w.ended('master', job)
    await expectSequential(w, status, INPUT)
    // Replayed by a process that has the worker's own key, when all is over: it changes nothing.
    const before = w.lead('master').job(job)
    w.network.crash('m1')
    expect(await w.settled(w.network.join('m1').request(w.network.address('master'), report!))).toEqual({ type: 'ack' })
    expect(w.lead('master').job(job)).toEqual(before)
  })
})

describe('a worker', () => {
  it('joins the masters that it accepts, and seeks no other that advertises', async () => {
    const w = createWorld({ seed: 'masters' })
    w.master('good')
    w.master('bad')
    w.worker('m1', ['good', 'bad'], { acceptMasters: ['good'] })
    w.worker('m2', ['bad'])
    await w.clock.advance(10_000)
    const workersOf = (master: string): string[] => w.lead(master).status().workers.map(({ peer }) => peer).sort()
    expect(workersOf('good')).toEqual(['m1'])
    expect(workersOf('bad')).toEqual(['m2'])
    expect(w.lines.some(line => JSON.stringify(line).includes('not one of the masters that this worker accepts'))).toBe(true)
  })

  it('runs nothing for a stranger, and is not sent away by one', async () => {
    const w = createWorld({ seed: 'orders', timing: NO_BACKUPS })
    w.master('master')
    w.worker('m1', ['master'])
    await w.clock.advance(1000)
    const orders: Message[] = [
      { type: 'attemptAssigned', ref: REF, cluster: 'simulated', program: RAW, reducers: 1, args: {}, separator: ' ', splits: [], mapTasks: 1, providers: [], fetchTimeoutMs: 1000, executeTimeoutMs: 1000, skipBadRecords: 0 },
      { type: 'leave', reason: 'go' }, { type: 'jobEnded', job: 'theirs', state: 'failed' }
    ]
    for (const order of orders) expect(await refusal(w, 'stranger', 'm1', order)).toEqual(REFUSED(/stranger is not a master that this worker has joined/))
    expect(w.get('m1').status()).toMatchObject({ running: 0, state: 'ready' })
  })
})

it('a refusal of a stranger is one that its sender answers for', () => {
  expect(new UnauthorizedError('no')).toMatchObject({ name: 'MapReduceError', code: 'REFUSED' })
})
