import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sequential } from '@ipfs-mapreduce/mapreduce'
import { wordCount } from '@ipfs-mapreduce/programs'
import { CID } from 'multiformats/cid'
import { createMaster, filesOnHelia, registerProtocol } from './index.ts'
import type { JobStatus, MasterOptions, RegisterOptions } from './index.ts'
import { heliaNode } from './nodes.spec.support.ts'
import type { Node } from './nodes.spec.support.ts'

const WORD_COUNT = fileURLToPath(new URL('../../programs/src/word-count.ts', import.meta.url))
/** Emits each line whole, in no time or never. */
const LINES = 'export default { input: "lines", map: ({ value }, emit) => emit(value, 1), reduce: (line, ones, emit) => emit(line, [...ones].length) }'
const ENDLESS = 'export default { input: "lines", map: () => { for (;;); }, reduce: () => {} }'
const TEXT = Array.from({ length: 20_000 }, (_, n) => `line ${n % 97} of ${'abcdefg'[n % 7]} wörd\n`).join('')
const BUNDLE = fileURLToPath(new URL('../../../tools/build/bundle.mjs', import.meta.url))
const open: Array<() => Promise<unknown>> = []
/** Where the executor lies as packages ship it, which most jobs here run in: it starts several times faster than its sources. */
let shipped: string

async function node (options?: { pubsub?: boolean }): Promise<Node> {
  const helia = await heliaNode(options)
  open.push(async () => await helia.stop())
  return helia
}

/** A node that works for others, and one that holds an input, connected to each other. */
async function pair (options: RegisterOptions = {}): Promise<{ home: Node, input: string, worker: Awaited<ReturnType<typeof registerProtocol>>, host: Node }> {
  const [home, host] = [await node(), await node()]
  const { cid: input } = await (await filesOnHelia({ helia: home })).add([Buffer.from(TEXT)], { chunkBytes: 16 * 1024 })
  await home.libp2p.dial(host.libp2p.getMultiaddrs())
  const worker = await registerProtocol(host, { slots: 2, entry: executor(), ...options })
  open.push(worker.stop)
  return { home, input, worker, host }
}

async function connectedTo (home: Node): Promise<Node> {
  const one = await node()
  await one.libp2p.dial(home.libp2p.getMultiaddrs())
  return one
}

async function master (home: Node, options: MasterOptions): ReturnType<typeof createMaster> {
  const one = await createMaster(home, { entry: executor(), ...options })
  open.push(async () => { await one.stop() })
  return one
}

async function bytesOf (pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const list: Uint8Array[] = []
  for await (const piece of pieces) list.push(piece)
  return Buffer.concat(list)
}

async function oracle (text: string, reducers: number): Promise<Buffer> {
  return Buffer.concat((await sequential(wordCount, [{ path: 'input', content: Buffer.from(text) }], { reducers })).parts)
}

const executor = (): { path: string } => ({ path: join(shipped, 'executor.mjs') })

beforeAll(async () => {
  shipped = await mkdtemp(join(tmpdir(), 'ipmr-executor-'))
  await promisify(execFile)(process.execPath, [BUNDLE, '--executor', shipped])
})
afterAll(async () => { await rm(shipped, { recursive: true }) })
afterEach(async () => { for (const close of open.splice(0).reverse()) await close() })

describe('a job of two Helia nodes', () => {
  it('counts words as the oracle does, and says how it goes on', async () => {
    const { home, input, worker, host } = await pair()
    const job = await master(home, { program: WORD_COUNT, input, reducers: 3, splitBytes: 64 * 1024 })
    expect(job.status()).toBeUndefined()
    const seen: JobStatus[] = []
    const watching = (async () => { for await (const status of job.progress()) seen.push(status) })()
    const { result, record, counters, read, status } = await job.run()
    await watching
    expect(await bytesOf(read())).toEqual(await oracle(TEXT, 3))
    expect(counters['map.input.records']).toBe(20_000)
    expect(status.maps).toMatchObject({ committed: status.maps.total })
    expect(status.maps.total).toBeGreaterThan(2)
    expect(seen.at(-1)?.state).toBe('succeeded')
    expect(seen.some(({ state }) => state === 'running')).toBe(true)
    expect(job.status()?.state).toBe('succeeded')
    expect([await home.pins.isPinned(result), await home.blockstore.has(record)]).toEqual([true, true])
    expect(await worker.ready()).toBe(job.peer)
    expect(worker.status()).toMatchObject({ role: 'worker', slots: 2 })
    // Both nodes live on, and are good for whatever their owners want.
    await job.stop()
    await worker.stop()
    expect([home.status, host.status, home.libp2p.getPeers().length]).toEqual(['started', 'started', 1])
    await home.gc()
    expect(await bytesOf(read())).toEqual(await oracle(TEXT, 3))
  })

  it('reads an input that only a plain Helia node has, which has never heard of clusters, by bitswap', async () => {
    const { home, host } = await pair()
    const holder = await node()
    const text = TEXT.toUpperCase()
    const { cid: input } = await (await filesOnHelia({ helia: holder })).add([Buffer.from(text)], { chunkBytes: 64 * 1024 })
    for (const one of [home, host]) await one.libp2p.dial(holder.libp2p.getMultiaddrs())
    const job = await master(home, { program: WORD_COUNT, input, reducers: 2 })
    const { read, status } = await job.run({ signal: AbortSignal.timeout(60_000) })
    expect(await bytesOf(read())).toEqual(await oracle(text, 2))
    expect(status.localSplits).toBe(0)
    expect(holder.libp2p.getProtocols().some(protocol => protocol.includes('mapreduce'))).toBe(false)
  })

  it('takes its program as text or as the CID of a bundle, and its input as a path, and gives equal results', async () => {
    const { home, input } = await pair()
    const files = await filesOnHelia({ helia: home })
    const directory = await files.directory([{ name: 'input.txt', cid: input, bytes: TEXT.length }])
    const text = await master(home, { program: { source: LINES, name: 'lines.js' }, input: `ipfs://${directory}/input.txt`, reducers: 1 })
    const first = await text.run()
    expect(`${await bytesOf(first.read())}`.split('\n').slice(0, 2)).toEqual(['line 0 of a wörd 30', 'line 0 of b wörd 29'])
    // The master of the node is shared by its jobs.
    const again = await master(home, { program: CID.parse(first.status.spec.program), input: CID.parse(input), reducers: 1 })
    expect((await again.run()).result).toEqual(first.result)
    await expect(again.run()).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('once') })
  })

  it('fails with the program\'s own code and stack, in lines of its source, where the program throws', async () => {
    const { home, input } = await pair()
    const source = 'const fail = (): never => {\n  throw new Error("no such luck")\n}\nexport default {\n  input: "lines", map: () => fail(), reduce: () => {}\n}'
    const job = await master(home, { program: { source, name: 'luckless.ts', directory: tmpdir() }, input, maxAttempts: 1 })
    await expect(job.run()).rejects.toMatchObject({
      name: 'JobError', code: 'PROGRAM', message: expect.stringContaining('no such luck'), status: { state: 'failed' },
      programStack: expect.stringMatching(/luckless\.ts:2:9\)?\n.*map.*luckless\.ts:5:30/)
    })
  })

  it('is cancelled by its signal, and by stop', async () => {
    const { home, input, worker } = await pair()
    for (const how of ['signal', 'stop'] as const) {
      const job = await master(home, { program: { source: ENDLESS }, input })
      const controller = new AbortController()
      const running = job.run({ signal: controller.signal }).then(() => undefined, (error: unknown) => error)
      for await (const { maps } of job.progress()) if (maps.running > 0) break
      if (how === 'signal') controller.abort()
      else await job.stop()
      expect(await running).toMatchObject({ code: 'ABORTED' })
      if (how === 'signal') expect(job.status()?.state).toBe('cancelled')
    }
    await worker.drain()
    expect(worker.status().running).toBe(0)
  })

  it('has its attempts back at once from a worker that stops, and may be stopped after its node', async () => {
    const { home, input, worker, host } = await pair()
    const reasons: unknown[] = []
    const log = { debug: () => {}, info: () => {}, error: () => {}, warn: (fields: { reason?: unknown }) => { reasons.push(fields.reason) } }
    const job = await master(home, { program: { source: ENDLESS }, input, log })
    const running = job.run().then(() => undefined, (error: unknown) => error)
    for await (const { maps } of job.progress()) if (maps.running > 0) break
    await worker.stop()
    for await (const { maps } of job.progress()) if (maps.running === 0) break
    // By its own word, and not by a lease that ran out.
    expect(reasons).toContain('the worker left')
    expect(host.status).toBe('started')
    await home.stop()
    await job.stop()
    expect(await running).toMatchObject({ code: 'ABORTED' })
  })

  it('is refused before anything runs where program or input cannot be used', async () => {
    const home = await node()
    const given = { input: 'bafkreiemqpndzewx4bioklzfvhtiegsfny5fxuc3nkjk2vmcpjxiammsti' }
    const run = async (options: Partial<MasterOptions>, ms = 60_000) => await (await master(home, { program: WORD_COUNT, ...given, ...options })).run({ signal: AbortSignal.timeout(ms) })
    await expect(run({ program: './nowhere.ts' })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('nowhere.ts') })
    await expect(run({ program: { source: 'export default {' } })).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(run({ program: { source: 'export default 1' } })).rejects.toMatchObject({ code: 'FATAL' })
    await expect(run({ program: new URL('https://example.org/word-count.ts') })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('file:') })
    const { cid: input } = await (await filesOnHelia({ helia: home })).add([Buffer.from(TEXT)])
    await expect(run({ input, reducers: 0 })).rejects.toMatchObject({ code: 'BAD_INPUT', message: 'the job cannot be submitted: reducers is 0, must be an integer of 1 to 4096' })
    await expect(run({ input: 'not-a-cid' })).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(run({}, 2_000)).rejects.toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('preparing the job') })
  })
})

describe('a Helia node', () => {
  it('without gossipsub is told what is missing', async () => {
    const helia = await node({ pubsub: false })
    const message = expect.stringContaining('pubsub: gossipsub()')
    await expect(registerProtocol(helia)).rejects.toMatchObject({ code: 'BAD_INPUT', message })
    await expect(createMaster(helia, { program: WORD_COUNT, input: 'x' })).rejects.toMatchObject({ code: 'BAD_INPUT', message })
  })

  it('is master and worker at once, alone or with others', async () => {
    const { home, input, worker } = await pair()
    await worker.stop()
    const own = await registerProtocol(home, { slots: 2 })
    open.push(own.stop)
    const alone = await master(home, { program: WORD_COUNT, input, reducers: 3, splitBytes: 128 * 1024 })
    const { result, read, status } = await alone.run({ signal: AbortSignal.timeout(60_000) })
    expect(await bytesOf(read())).toEqual(await oracle(TEXT, 3))
    expect(await own.ready()).toBe(home.libp2p.peerId.toString())
    // It holds the input, and gave it to nobody.
    expect(status).toMatchObject({ remoteSplits: 0, fetchedBytes: 0 })
    const helper = await registerProtocol(await connectedTo(home), { slots: 2 })
    open.push(helper.stop)
    const together = await master(home, { program: WORD_COUNT, input, reducers: 3, splitBytes: 128 * 1024 })
    expect(await helper.ready()).toBe(home.libp2p.peerId.toString())
    expect((await together.run({ signal: AbortSignal.timeout(60_000) })).result).toEqual(result)
    await alone.stop()
    await together.stop()
    await home.gc()
    expect(await bytesOf(read())).toEqual(await oracle(TEXT, 3))
    // What the job made besides is gone, and the node is as it was.
    await own.stop()
    expect(home.libp2p.getProtocols().filter(protocol => protocol.includes('mapreduce'))).toEqual([])
  })

  it('goes on as the one when it stops being the other', async () => {
    const { home, input, worker } = await pair()
    const one = await master(home, { program: { source: ENDLESS }, input })
    const own = await registerProtocol(home, { slots: 1 })
    open.push(own.stop)
    await own.ready()
    await worker.stop()
    const running = one.run().catch((error: unknown) => error)
    for await (const { maps } of one.progress()) if (maps.running === 1) break
    await own.stop()
    for await (const { maps } of one.progress()) if (maps.running === 0) break
    const again = await registerProtocol(home, { slots: 1 })
    open.push(again.stop)
    for await (const { maps } of one.progress()) if (maps.running === 1) break
    await one.stop()
    expect(await running).toMatchObject({ code: 'ABORTED' })
    expect(again.status()).toMatchObject({ state: 'joining' })
    const next = await master(home, { program: WORD_COUNT, input, reducers: 1 })
    expect(await bytesOf((await next.run({ signal: AbortSignal.timeout(60_000) })).read())).toEqual(await oracle(TEXT, 1))
    await again.drain()
  })

  it('takes part once, in one cluster, with slots that a heartbeat can name', async () => {
    const helia = await node()
    const given = { program: WORD_COUNT, input: 'x' }
    await expect(registerProtocol(helia, { slots: 0 })).rejects.toMatchObject({ code: 'BAD_INPUT' })
    const one = await master(helia, given)
    await expect(createMaster(helia, { ...given, cluster: 'other' })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('\'local\'') })
    await expect(registerProtocol(helia, { cluster: 'other' })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('\'local\'') })
    await expect(registerProtocol(helia, { allow: [one.peer] })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('allow') })
    const worker = await registerProtocol(helia)
    open.push(worker.stop)
    await expect(registerProtocol(helia)).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('is a worker already') })
    await one.stop()
    await worker.stop()
    const other = await registerProtocol(helia, { cluster: 'other' })
    await expect(other.ready({ signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ code: 'TIMEOUT' })
    await other.stop()
  })

  it('works only for masters that it accepts', async () => {
    const { home, input, worker } = await pair({ acceptMasters: ['12D3KooWSomebodyElse'] })
    const job = await master(home, { program: WORD_COUNT, input, workerWaitMs: 1_000 })
    await expect(job.run()).rejects.toMatchObject({ name: 'JobError', message: expect.stringContaining('mapper') })
    expect(worker.status().state).not.toBe('ready')
  })
})
