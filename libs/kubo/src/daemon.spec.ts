import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, xit } from '@jest/globals'
import { createFiles, MEMORY, openStore } from '@ipfs-mapreduce/blocks'
import { create } from 'kubo-rpc-client'
import { CID } from 'multiformats/cid'
import { RETRY_MS } from './constants.ts'
import { connectDaemon } from './daemon.ts'
import { DaemonLayer } from './daemon-layer.ts'
import { findIpfs, NO_IPFS, startKubo } from './testing/index.ts'
import type { Daemon } from './daemon.ts'
import type { Kubo } from './testing/index.ts'
import type { HeliaFiles, Store } from '@ipfs-mapreduce/blocks'

const ipfs = findIpfs()
const test = (name: string, run: () => Promise<void>): void => {
  if (ipfs === undefined) xit(`${name} (skipped: ${NO_IPFS})`, run)
  else it(name, run)
}

/** Ways in which people add files to Kubo. */
const LAYOUTS: Record<string, string[]> = {
  'CIDv0, wrapped leaves': ['--cid-version=0', '--raw-leaves=false'],
  'CIDv0, raw leaves': ['--cid-version=0', '--raw-leaves'],
  'CIDv1, wrapped leaves': ['--cid-version=1', '--raw-leaves=false'],
  'CIDv1, raw leaves': ['--cid-version=1', '--raw-leaves'],
  'deep': ['--cid-version=1', '--max-file-links=3'],
  'trickle, raw leaves': ['--trickle', '--cid-version=1'],
  'trickle, wrapped leaves': ['--trickle', '--cid-version=0', '--raw-leaves=false'],
  'cut by content': ['--chunker=buzhash', '--cid-version=1'],
  'sha2-512': ['--hash=sha2-512', '--cid-version=1'],
  'inlined': ['--inline', '--inline-limit=64', '--cid-version=1']
}

const warnings: string[] = []
afterEach(() => { warnings.length = 0 })
const log = { debug: () => {}, warn: (fields: object, message: string) => { warnings.push(message) } }

async function collect (pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const list: Uint8Array[] = []
  for await (const piece of pieces) list.push(piece)
  return Buffer.concat(list)
}

async function all <T> (items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

async function failure (promise: Promise<unknown>): Promise<{ code?: string, message: string }> {
  return await promise.then(() => { throw new Error('it did not fail') }, (error: { code?: string, message: string }) => error)
}

describe('a store beside a Kubo daemon', () => {
  let kubo: Kubo
  let daemon: Daemon
  let store: Store
  let files: HeliaFiles
  let dir: string
  beforeAll(async () => {
    if (ipfs === undefined) return
    dir = mkdtempSync(join(tmpdir(), 'ipmr-daemon-'))
    kubo = await startKubo(ipfs, { config: { 'Import.UnixFSHAMTDirectorySizeThreshold': '4KiB' } })
    daemon = await connectDaemon({ url: kubo.url, log })
    store = await openStore(MEMORY, { layers: [daemon.layer], log })
    files = await createFiles({ store, log })
  })
  afterAll(async () => {
    if (ipfs === undefined) return
    await files.stop()
    await kubo.stop()
    rmSync(dir, { recursive: true })
  })
  const write = (name: string, content: string | Uint8Array): string => {
    mkdirSync(join(dir, name, '..'), { recursive: true })
    writeFileSync(join(dir, name), content)
    return join(dir, name)
  }
  const objects = async (): Promise<number> => (JSON.parse(await kubo.ipfs(['repo', 'stat', '--enc=json'])) as { NumObjects: number }).NumObjects
  const pins = async (): Promise<string> => await kubo.ipfs(['pin', 'ls', '--type=recursive', '-q'])

  test('knows whom it has met', async () => {
    expect(daemon).toMatchObject({ url: kubo.url, peer: kubo.peer })
    expect(daemon.agent).toMatch(/^kubo\/\d/)
  })

  for (const [name, args] of Object.entries(LAYOUTS)) {
    test(`reads what it holds: ${name}`, async () => {
      const bytes = randomBytes(700_000)
      const cid = await kubo.ipfs(['add', '-Q', ...args.includes('--chunker=buzhash') ? [] : ['--chunker=size-50000'], ...args], bytes)
      const leaves = await all(files.leaves(cid))
      expect(leaves.length).toBeGreaterThan(1)
      expect(leaves.reduce((end, { offset, bytes }) => offset === end ? end + bytes : NaN, 0)).toBe(bytes.length)
      expect(await files.has([cid, ...leaves.map(leaf => leaf.cid)])).toEqual([true, ...leaves.map(() => true)])
      expect(bytes.equals(await collect(files.read(cid)))).toBe(true)
      expect(bytes.subarray(123_456, 456_789).equals(await collect(files.read(cid, { offset: 123_456, length: 333_333 })))).toBe(true)
      const small = await kubo.ipfs(['add', '-Q', ...args], 'a few bytes')
      expect(`${await collect(files.read(small))}`).toBe('a few bytes')
      expect(await all(files.leaves(await kubo.ipfs(['add', '-Q', ...args], '')))).toEqual([])
    })
  }

  test('finds the files of directories, those sharded by HAMT too, by every way to write a path', async () => {
    const names = Array.from({ length: 300 }, (_, i) => `a file with a name of some length ${i}`)
    for (const name of names) write(`tree/wide/${name}`, name)
    write('tree/wide/deep/er/one more', 'below')
    write('tree/b ü.txt', 'beside')
    const cid = await kubo.ipfs(['add', '-Q', '-r', '--cid-version=0', join(dir, 'tree')])
    const wide = await kubo.ipfs(['resolve', `/ipfs/${cid}/wide`])
    expect(await kubo.ipfs(['dag', 'get', wide])).toMatch(/"bytes":"CAUS/)
    const walked = await all(files.walk(cid))
    expect(walked.map(({ path }) => path)).toEqual(['b ü.txt', ...['deep/er/one more', ...names].map(name => `wide/${name}`)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
    for (const path of [`${cid}/wide/${names[7]}`, `/ipfs/${cid}/wide/${names[7]}`, `ipfs://${cid}/wide/${encodeURIComponent(names[7]!)}`]) {
      const found = await files.resolve(path)
      expect(`${await collect(files.read(found.cid))}`).toBe(names[7])
    }
    expect(await files.resolve(`ipfs://${cid}/b%20%C3%BC.txt`)).toMatchObject({ name: 'b ü.txt', type: 'file', bytes: 6 })
    expect((await failure(files.resolve(`/ipfs/${cid}/wide/none`))).code).toBe('BAD_INPUT')
  })

  test('says of blocks that it does not hold that they are not here, and never asks the network', async () => {
    const missing = 'bafkreiemqpndzewx4bioklzfvhtiegsfny5fxuc3nkjk2vmcpjxiammsti'
    expect(await files.has([missing])).toEqual([false])
    expect((await failure(collect(files.read(missing)))).code).toBe('BLOCK_UNAVAILABLE')
    expect(warnings).toEqual([])
  })

  test('knows which of many blocks it holds, also where it may not list them', async () => {
    const missing = Array.from({ length: 100 }, (_, n) => `bafkreiemqpndzewx4bioklzfvhtiegsfny5fxuc3nkjk2vmcpjxiam${'abcdefghij'[n % 10]}${'klmnopqrst'[Math.floor(n / 10)]}ti`)
    for (const args of [['--cid-version=1'], ['--cid-version=0', '--raw-leaves=false'], ['--hash=sha2-512', '--cid-version=1']]) {
      const cid = await kubo.ipfs(['add', '-Q', '--chunker=size-1000', ...args], randomBytes(300_000))
      const leaves = (await all(files.leaves(cid))).map(leaf => leaf.cid)
      const { cid: own } = await files.put([randomBytes(1_000)])
      expect(await files.has([...leaves, own, ...missing])).toEqual([...leaves.map(() => true), true, ...missing.map(() => false)])
      const { block, refs } = create({ url: kubo.url })
      const slow = { ...block, stat: async () => await new Promise<never>(() => {}) }
      const closed = { local: async function * () { throw new Error('403') } }
      for (const parts of [{ block: slow, refs }, { block, refs: closed }]) {
        const layer = new DaemonLayer({ name: 'the daemon', ...parts, log, nowMs: () => 0 })
        expect(await layer.hasEach([...leaves, ...missing].map(one => CID.parse(one)))).toEqual([...leaves.map(() => true), ...missing.map(() => false)])
      }
    }
    expect(warnings).toEqual([])
  })

  test('keeps what jobs make out of the daemon', async () => {
    const before = await objects()
    const { cid } = await files.put([randomBytes(100_000)])
    await files.pin(cid)
    expect(await files.has([cid])).toEqual([true])
    expect(await objects()).toBe(before)
  })

  test('adds files where the CID is that of ipmr add, and pins them', async () => {
    for (const [name, content, chunkBytes] of [['empty', '', 262_144], ['small', 'small', 262_144], ['large', randomBytes(600_000), 2_048], ['one leaf', randomBytes(262_144), 262_144]] as const) {
      const path = write(`added/${name}`, content)
      const here = await files.addPath(path, { chunkBytes })
      const read: number[] = []
      const there = await daemon.add(path, { chunkBytes, onProgress: bytes => read.push(bytes) })
      expect(there).toEqual(here)
      if (content.length > 0) expect(read.at(-1)).toBe(content.length)
      expect(await pins()).toContain(there.cid)
    }
  })

  test('adds directories where the CID is that of ipmr add, without what is left out there', async () => {
    write('site/.hidden', 'h')
    write('site/a/b/c.txt', 'c')
    write('site/z', randomBytes(300_000))
    mkdirSync(join(dir, 'site/nothing'))
    symlinkSync('z', join(dir, 'site/link'))
    const skipped: string[] = []
    const here = await files.addPath(join(dir, 'site'))
    const there = await daemon.add(join(dir, 'site'), { onSkipped: path => skipped.push(path) })
    expect(there).toEqual(here)
    expect(skipped).toEqual([join(dir, 'site/link')])
    expect(await kubo.ipfs(['cat', `/ipfs/${there.cid}/a/b/c.txt`])).toBe('c')
  })

  test('says which file could not be added, and which way', async () => {
    expect(await failure(daemon.add(join(dir, 'nowhere')))).toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('nowhere') })
    // Opens, and cannot be read.
    expect(await failure(daemon.add('/proc/self/mem'))).toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('cannot read /proc/self/mem') })
    expect(await failure(daemon.add(write('x', 'x'), { chunkBytes: 5_000_000 }))).toMatchObject({ code: 'STORAGE', message: expect.stringContaining('chunker') })
    const stopped = AbortSignal.abort(new Error('enough'))
    expect(await failure(daemon.add(write('y', 'y'), { signal: stopped }))).toMatchObject({ message: 'enough' })
  })

  test('brings a result to the daemon whole, and pins it', async () => {
    const part = await files.put([randomBytes(3_000_000)])
    const empty = await files.put([])
    const result = await files.directory([{ name: 'part-r-00000', ...part }, { name: 'part-r-00001', ...empty }, { name: 'part-r-00002', ...part }])
    expect(await pins()).not.toContain(result)
    await daemon.keep(result, files.blocks(result))
    expect((await pins()).split('\n').filter(cid => [result, part.cid].includes(cid))).toEqual([result])
    await kubo.ipfs(['repo', 'gc', '-q'])
    expect((await kubo.ipfs(['ls', result])).split('\n').length).toBe(3)
    expect(await kubo.ipfs(['dag', 'stat', '--progress=false', '--enc=json', result])).toContain(result)
    // Twice is once.
    await daemon.keep(result, files.blocks(result))
  })

  test('says why a result could not be brought there', async () => {
    const part = await files.put([randomBytes(2_000_000)])
    const [leaf] = await all(files.leaves(part.cid))
    await store.blockstore.delete(CID.parse(leaf!.cid))
    expect(await failure(daemon.keep(part.cid, files.blocks(part.cid)))).toMatchObject({ code: 'BLOCK_UNAVAILABLE', message: expect.stringContaining(leaf!.cid) })
    async function * nothing (): AsyncGenerator<never> {}
    expect(await failure(daemon.keep(part.cid, nothing()))).toMatchObject({ code: 'STORAGE' })
    expect(await pins()).not.toContain(part.cid)
  })
})

describe('a daemon that is not there', () => {
  it('is told at once, with what to do', async () => {
    expect(await failure(connectDaemon({ url: 'http://me:secret@127.0.0.1:1' }))).toMatchObject({
      code: 'UNREACHABLE', message: expect.stringMatching(/^no IPFS daemon answers at http:\/\/127\.0\.0\.1:1\/? \(ECONNREFUSED|bad port\).*ipfs daemon/)
    })
    expect(await failure(connectDaemon({ url: 'localhost' }))).toMatchObject({ code: 'BAD_INPUT' })
  })

  test('any more leaves its blocks absent, says so once, and is asked again later', async () => {
    const kubo = await startKubo(ipfs!)
    let nowMs = 0
    const { block: blocks, refs } = create({ url: kubo.url })
    const layer = new DaemonLayer({ name: 'the daemon', block: blocks, refs, log, nowMs: () => nowMs })
    const block = CID.parse(await kubo.ipfs(['add', '-Q', '--cid-version=1'], 'here today'))
    expect(Buffer.from((await layer.read(block))!.bytes).toString()).toBe('here today')
    await kubo.stop()
    expect(await layer.has(block)).toBe(false)
    expect(await layer.read(block)).toBeUndefined()
    nowMs += RETRY_MS
    expect(await layer.read(block)).toBeUndefined()
    expect(warnings).toEqual([expect.stringContaining('cannot be asked')])
    const next = await startKubo(ipfs!, { config: { 'Addresses.API': `/ip4/127.0.0.1/tcp/${new URL(kubo.url).port}` } })
    await next.ipfs(['add', '-Q', '--cid-version=1'], 'here today')
    expect(await layer.has(block)).toBe(false)
    nowMs += RETRY_MS
    expect(await layer.has(block)).toBe(true)
    expect(warnings).toEqual([expect.stringContaining('cannot be asked'), expect.stringContaining('answers again')])
    await next.stop()
  })
})
