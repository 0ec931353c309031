import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it } from '@jest/globals'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { createNetwork } from '@ipfs-mapreduce/network'
import type { JobStatus, Message, MessageHandler, Network } from '@ipfs-mapreduce/protocol'
import { freePort } from '../cluster/free-port.ts'
import { askStatus, submitJob } from './ask.ts'
import type { MasterLink } from './ask.ts'
import { reachMaster } from './client.ts'
import { SteadyMaster } from './steady-master.ts'
import { watchJob } from './watch.ts'

const CLUSTER = `steady-${process.pid}`
const open: Network[] = []

afterEach(async () => { await Promise.all(open.splice(0).map(async network => { await network.close() })) })

/** A peer that answers as it is told to, at a port of this machine. */
async function serve (port: number, handler: MessageHandler): Promise<Network> {
  const network = await createNetwork({ cluster: CLUSTER, listen: [`/ip4/127.0.0.1/tcp/${port}`] })
  network.handle(handler)
  open.push(network)
  return network
}

async function client (): Promise<Network> {
  const network = await createNetwork({ cluster: CLUSTER, listen: [] })
  open.push(network)
  return network
}

interface Steady { master: SteadyMaster, told: string[], link: MasterLink, abort: AbortController }

async function steady (port: number, reconnectMs: number): Promise<Steady> {
  const told: string[] = []
  const abort = new AbortController()
  const link = await reachMaster(await client(), `/ip4/127.0.0.1/tcp/${port}`, abort.signal)
  const master = new SteadyMaster({ link, reconnectMs, signal: abort.signal, onLost: reason => told.push(`lost: ${reason}`), onBack: () => told.push('back') })
  return { master, told, link, abort }
}

const status = async (): Promise<Message> => ({ type: 'status', jobs: [], workers: [] })
const ask = async (master: SteadyMaster): Promise<unknown> => await master.ask(async link => await askStatus(link), { patient: true })

function job (id: string, state: string): JobStatus {
  const counts = { total: 0, pending: 0, running: 0, committed: 0, failed: 0, attempts: 0, failedAttempts: 0, backups: 0 }
  return {
    job: id, state, spec: { program: 'bafkqaaa', programName: 'p', inputFormat: 'lines', input: 'bafkqaaa', reducers: 1, args: {}, separator: ' ', splitBytes: 0, skipBadRecords: 0 },
    maps: counts, reduces: counts, counters: {}, phases: [], localSplits: 0, remoteSplits: 0, fetchedBytes: 0, inputBytes: 0, records: 0, warnings: [],
    priority: 'normal', checkpoint: 'bafkqaaa', blacklist: [], skipped: []
  }
}

describe('a master that may go away', () => {
  it('is asked again until it is back, though it comes back as another peer, and is told of once', async () => {
    const port = await freePort()
    const first = await serve(port, status)
    const { master, told, link } = await steady(port, 60_000)
    await ask(master)
    await first.close()
    const asked = ask(master)
    await when(() => told.length === 1, async () => await serve(port, status))
    await asked
    await ask(master)
    expect(told).toEqual([expect.stringContaining('lost: '), 'back'])
    expect(master.link.peer).not.toBe(link.peer)
  }, 30_000)

  it('is given up after a time, with the reason', async () => {
    const port = await freePort()
    const first = await serve(port, status)
    const { master, told } = await steady(port, 1_000)
    await first.close()
    await expect(ask(master)).rejects.toMatchObject({ code: 'UNREACHABLE', message: expect.stringMatching(/^lost the master at \/ip4\/127\.0\.0\.1\/tcp\/\d+, which has not answered for \d\.\d s \(.*ECONNREFUSED.*\)$/) })
    expect(told).toHaveLength(1)
  })

  it('is no longer waited for once the signal is raised', async () => {
    const port = await freePort()
    const first = await serve(port, status)
    const { master, told, abort } = await steady(port, 60_000)
    await first.close()
    const asked = ask(master)
    const ended = expect(asked).rejects.toThrow('enough')
    await when(() => told.length === 1, async () => { abort.abort(new Error('enough')) })
    await ended
  })

  it('is believed when it refuses', async () => {
    const port = await freePort()
    let asked = 0
    await serve(port, async () => { asked++; throw new MapReduceError('TRANSIENT', 'the master is leaving') })
    const { master, told, link } = await steady(port, 60_000)
    await expect(master.ask(async () => await askStatus(link), { patient: false })).rejects.toMatchObject({ code: 'TRANSIENT', message: 'the master is leaving' })
    expect([asked, told]).toEqual([1, []])
  })

  it('that asks to be asked later is, where that is wanted', async () => {
    const port = await freePort()
    let asked = 0
    await serve(port, async () => { if (++asked < 3) throw new MapReduceError('TRANSIENT', 'later'); return await status() })
    const { master } = await steady(port, 60_000)
    await ask(master)
    expect(asked).toBe(3)
  })

  it('is given the same submission again where its answer was lost', async () => {
    const port = await freePort()
    const submissions: string[] = []
    const first: Network = await serve(port, async (_, message) => {
      if (message.type === 'submitJob') submissions.push(message.submission)
      // Ends as a killed process does: the job may be noted, and its answer is lost.
      void first.close()
      return await new Promise<Message>(() => {})
    })
    const { master, told } = await steady(port, 60_000)
    const { spec } = job('j1', 'running')
    const submitted = master.ask(async link => await submitJob(link, {
      cluster: CLUSTER, spec, providers: [], deadlineMs: 0, workerWaitMs: 0, maxAttempts: 0, priority: 'normal', submission: 'mine'
    }), { patient: false })
    await when(() => told.length === 1, async () => await serve(port, async (_, message) => {
      if (message.type === 'submitJob') submissions.push(message.submission)
      return { type: 'jobAccepted', job: 'j1' }
    }))
    expect(await submitted).toBe('j1')
    expect(submissions).toEqual(['mine', 'mine'])
  }, 30_000)
})

describe('a watched job', () => {
  const states = (...all: string[]): MessageHandler => {
    let at = 0
    return async () => ({ type: 'status', jobs: [job('j1', all[Math.min(at++, all.length - 1)]!)], workers: [] })
  }

  it('is followed through its master\'s restart', async () => {
    const port = await freePort()
    const first = await serve(port, states('running'))
    const { master, told, abort } = await steady(port, 60_000)
    const seen: string[] = []
    const watched = watchJob(master, { job: 'j1', signal: abort.signal, onStatus: ({ state }) => { seen.push(state) } })
    await when(() => seen.length > 0, async () => { await first.close() })
    await when(() => told.length === 1, async () => await serve(port, states('committing', 'succeeded')))
    expect((await watched).state).toBe('succeeded')
    expect([...new Set(seen)]).toEqual(['running', 'committing', 'succeeded'])
  }, 30_000)

  it('that its master does not know any more fails with that reason, and where it can be taken up', async () => {
    const port = await freePort()
    let known = true
    await serve(port, async () => {
      if (!known) throw new MapReduceError('BAD_INPUT', 'no job j1 is known here')
      known = false
      return { type: 'status', jobs: [job('j1', 'running')], workers: [] }
    })
    const { master, abort } = await steady(port, 60_000)
    await expect(watchJob(master, { job: 'j1', signal: abort.signal, onStatus: () => {} })).rejects.toMatchObject({
      code: 'TRANSIENT', message: expect.stringMatching(/no longer knows job j1, .* run the job again, or take it up at another master with ipmr resume bafkqaaa --connect MULTIADDR$/)
    })
  })

  it('whose master does not come back may still run, and that is said', async () => {
    const port = await freePort()
    const first = await serve(port, states('running'))
    const { master, abort } = await steady(port, 500)
    const seen: string[] = []
    const watched = watchJob(master, { job: 'j1', signal: abort.signal, onStatus: ({ state }) => { seen.push(state) } })
    const failed = expect(watched).rejects.toMatchObject({ code: 'UNREACHABLE', message: expect.stringMatching(/^lost the master at .*: job j1 may still run; look with ipmr status --connect \S+ j1, or take it up .*bafkqaaa/) })
    await when(() => seen.length > 0, async () => { await first.close() })
    await failed
  })
})

/** Acts when a condition holds; the test's own deadline ends the wait. */
async function when (holds: () => boolean, act: () => Promise<unknown>): Promise<void> {
  while (!holds()) await pause(10)
  await act()
}
