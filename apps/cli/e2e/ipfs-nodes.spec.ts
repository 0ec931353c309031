import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, xit } from '@jest/globals'
import { createFiles, MEMORY, openStore } from '@ipfs-mapreduce/blocks'
import { findIpfs, NO_IPFS, startKubo, type Kubo } from '@ipfs-mapreduce/kubo/testing'
import { startDht } from '@ipfs-mapreduce/network/testing'
import { CID } from 'multiformats/cid'
import { expectBadUsage } from './bad-usage.ts'
import { services } from './services.ts'
import { countWords, linesOf, sampleText } from './text.ts'
import { succeeded, workbench } from './workbench.ts'
import type { Finished, Workbench } from './workbench.ts'

/** Whole jobs beside real Kubo daemons, as of a person who keeps their data there. */
const ipfs = findIpfs()
const beside = (name: string, test: () => Promise<void>): void => {
  if (ipfs === undefined) xit(`${name} (skipped: ${NO_IPFS})`, test)
  else it(name, test)
}

interface Report { result: string, state: string, splits: { local: number, remote: number }, fetchedBytes: number, warnings: string[] }

const texts = [sampleText(900, 1), sampleText(700, 2)] as const
const expected = countWords(...texts)

let bench: Workbench
/** Offline, on the person's machine. */
let daemon: Kubo
/** A node elsewhere, that is reached by its peers alone. */
let elsewhere: Kubo
/** One directory, as people add it: CIDv0, leaves that are no raw blocks. Each daemon has one that the other does not have. */
let here: string
let there: string

beforeAll(async () => {
  bench = workbench()
  bench.write('texts/a.txt', texts[0])
  bench.write('texts/deep/b.txt', texts[1])
  if (ipfs === undefined) return
  ;[daemon, elsewhere] = await Promise.all([startKubo(ipfs), startKubo(ipfs, { peers: true })])
  const add = async (kubo: Kubo, chunk: number): Promise<string> => await kubo.ipfs(['add', '-Q', '-r', '--cid-version=0', '--raw-leaves=false', `--chunker=size-${chunk}`, `${bench.dir}/texts`])
  here = await add(daemon, 4_000)
  there = await add(elsewhere, 5_000)
})

afterAll(async () => {
  await bench.remove()
  if (ipfs === undefined) return
  await daemon.stop()
  await elsewhere.stop()
})

const report = (finished: Finished): Report => JSON.parse(succeeded(finished)) as Report
const words = async (cid: string): Promise<string[]> => linesOf(`${await daemon.ipfs(['cat', ...[0, 1].map(part => `/ipfs/${cid}/part-r-0000${part}`)])}\n`)
const repoBytes = async (): Promise<number> => Number(/RepoSize:\s*(\d+)/.exec(await daemon.ipfs(['repo', 'stat', '--size-only']))![1])
const run = (...args: string[]): string[] => ['run', 'word-count', '--reducers', '2', '--split-size', '8000', '-q', ...args]
/** On a cluster of its own, with one mapper: each more is two processes that start, and one may be a node of a DHT. */
const alone = (...args: string[]): string[] => run('--mappers', '1', ...args)

describe('beside an IPFS daemon', () => {
  beside('ipmr add adds there, in place of the repo, what has the same CID in both', async () => {
    const paths = ['texts', 'texts/a.txt']
    const added = succeeded(await bench.ipmr('add', ...paths, '--ipfs-api', daemon.url, '-q', '--data-dir', 'empty'))
    expect(succeeded(await bench.ipmr('add', ...paths, '-q'))).toBe(added)
    const [directory, file] = added.trim().split('\n')
    const pins = await daemon.ipfs(['pin', 'ls', '--type=recursive', '-q'])
    expect(pins).toContain(directory)
    expect(pins).toContain(file)
    expect(await daemon.ipfs(['cat', `/ipfs/${directory}/deep/b.txt`])).toBe(texts[1].trim())
    expect((await bench.ipmr('cat', file!, '--data-dir', 'empty')).exit).toBe(1)
    expect(succeeded(await bench.ipmr('cat', `ipfs://${file}`, '--data-dir', 'empty', '--ipfs-api', daemon.url))).toBe(texts[0])
  })

  beside('a job reads what the daemon holds, where it is, and the result is pinned there', async () => {
    const before = await repoBytes()
    const done = report(await bench.ipmr(...alone(`/ipfs/${here}`, '--ipfs-api', daemon.url, '--pin-results', '--json')))
    expect(done).toMatchObject({ state: 'succeeded', warnings: [], splits: { remote: 0 } })
    // Runs and outputs, and no input.
    expect(done.fetchedBytes).toBeLessThan(texts.join('').length / 2)
    expect(done.splits.local).toBeGreaterThan(2)
    expect(await words(done.result)).toEqual(expected)
    expect(await daemon.ipfs(['pin', 'ls', '--type=recursive', '-q'])).toContain(done.result)
    expect(await repoBytes() - before).toBeLessThan(texts.join('').length / 2)
  })

  beside('what is tried in one process reads from the daemon too, and leaves nothing there', async () => {
    const before = await daemon.ipfs(['refs', 'local'])
    const output = succeeded(await bench.ipmr(...run(`ipfs://${here}/deep`, '--ipfs-api', daemon.url, '--local')))
    expect(linesOf(output)).toEqual(countWords(texts[1]))
    expect(await daemon.ipfs(['refs', 'local'])).toBe(before)
  })

  beside('services use it as their store, and a master pins the results of others\' jobs there', async () => {
    const own = workbench()
    try {
      const cluster = services(own, `e2e-kubo-${process.pid}`)
      await cluster.startMaster('master', 0, '--ipfs-api', daemon.url, '--pin-results')
      // The one that lies beside the data has the work, as long as it has a slot.
      await Promise.all([cluster.startWorker('mapper', 'mapper', '--ipfs-api', daemon.url), cluster.startWorker('reducer', 'reducer')])
      const done = report(await own.ipmr(...cluster.connected(...run(here, '--json'))))
      expect(done).toMatchObject({ state: 'succeeded', warnings: [], splits: { remote: 0 } })
      expect(await words(done.result)).toEqual(expected)
      expect(await daemon.ipfs(['pin', 'ls', '--type=recursive', '-q'])).toContain(done.result)
    } finally {
      await own.remove()
    }
  })

  it('says in one line that there is none, and what to do', async () => {
    for (const args of [['add', 'texts'], run('texts'), ['cat', 'bafkreiemqpndzewx4bioklzfvhtiegsfny5fxuc3nkjk2vmcpjxiammsti']]) {
      const { exit, stderr } = await bench.ipmr(...args, '--ipfs-api', 'http://127.0.0.1:1')
      expect(exit).toBe(1)
      expect(stderr).toMatch(/^ipmr: no IPFS daemon answers at http:\/\/127\.0\.0\.1:1 .*ipfs daemon[^\n]*\n$/)
    }
    const service = bench.launch([new URL('../../mapper/dist/bundle/main.mjs', import.meta.url).pathname, '--data-dir', ':memory:', '--ipfs-api', 'http://127.0.0.1:1'])
    expect(await service.ended).toMatchObject({ exit: 1, stderr: expect.stringMatching(/^mapper: cannot start: no IPFS daemon answers at /m) })
  })

  it('refuses options that do not go together', async () => {
    await expectBadUsage(bench, ['run', 'word-count', 'texts', '--pin-results'], '--ipfs-api')
    await expectBadUsage(bench, ['run', 'word-count', 'texts', '--public-router', 'none'], '--public')
    await expectBadUsage(bench, ['run', 'word-count', 'texts', '--ipfs-peer', '/ip4/127.0.0.1/tcp/4001'], '/p2p/')
  })
})

describe('with IPFS nodes elsewhere', () => {
  const peer = (): string => elsewhere.addresses[0]!

  beside('content is fetched from the node that is named', async () => {
    const { exit, stderr } = await bench.ipmr(...alone(there))
    expect({ exit, stderr }).toMatchObject({ exit: 1, stderr: expect.stringContaining('--ipfs-peer') })
    const done = report(await bench.ipmr(...alone(there, '--ipfs-peer', peer(), '--json', '-o', 'out/peer')))
    expect(done.state).toBe('succeeded')
    expect(linesOf(...bench.parts('out', 'peer'))).toEqual(expected)
    expect(succeeded(await bench.ipmr('cat', `/ipfs/${there}/a.txt`, '--ipfs-peer', peer(), '--data-dir', 'empty'))).toBe(texts[0])
  })

  beside('a file that nobody has ends the job, and the nodes that were asked are named', async () => {
    const { exit, stderr } = await bench.ipmr(...alone('bafkreiemqpndzewx4bioklzfvhtiegsfny5fxuc3nkjk2vmcpjxiammsti', '--ipfs-peer', peer()))
    expect(exit).toBe(1)
    expect(stderr).toContain(`${elsewhere.peer} does not have it`)
  })

  beside('services that run already fetch from it where they were started with it, or get what this machine fetches', async () => {
    const own = workbench()
    try {
      const cluster = services(own, `e2e-peer-${process.pid}`)
      await cluster.startMaster('master')
      await Promise.all([cluster.startWorker('mapper', 'mapper'), cluster.startWorker('reducer', 'reducer')])
      succeeded(await own.ipmr(...cluster.connected(...run(`${there}/a.txt`, '--ipfs-peer', peer(), '-o', 'a'))))
      expect(linesOf(...own.parts('a'))).toEqual(countWords(texts[0]))
      const master = await cluster.startMaster('other', 0, '--ipfs-peer', peer())
      await Promise.all([cluster.startWorker('mapper', 'other-mapper', '--ipfs-peer', peer()), cluster.startWorker('reducer', 'other-reducer')])
      const result = succeeded(await own.ipmr(...cluster.connected(...run(there, '--data-dir', 'empty', '-o', 'all')))).trim()
      expect(linesOf(...own.parts('all'))).toEqual(expected)
      // The way back: to an IPFS node that is connected with the master, its results are content like any other.
      await elsewhere.ipfs(['swarm', 'connect', /\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/\w+/.exec(master.said().stdout)![0]])
      expect(`${await elsewhere.ipfs(['cat', `/ipfs/${result}/part-r-00000`])}\n`).toBe(own.read('all', 'part-r-00000'))
    } finally {
      await own.remove()
    }
  })

  beside('content is looked for by an HTTP router', async () => {
    const asked: string[] = []
    const router = createServer((request, response) => {
      asked.push(request.url ?? '')
      const provider = { Schema: 'peer', ID: elsewhere.peer, Addrs: [peer().replace(/\/p2p\/.*/, '')], Protocols: ['transport-bitswap'] }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ Providers: [provider] }))
    })
    router.listen(0, '127.0.0.1')
    await once(router, 'listening')
    try {
      // The daemon is no peer of a DHT here; it stands in for the public peers, which no test may ask.
      const routing = ['--public', '--public-router', `http://127.0.0.1:${(router.address() as AddressInfo).port}`, '--public-peer', peer()]
      expect(succeeded(await bench.ipmr('cat', `/ipfs/${there}/a.txt`, '--data-dir', 'other', ...routing))).toBe(texts[0])
      expect(asked).toContainEqual(expect.stringMatching(/^\/routing\/v1\/providers\/\w+$/))
    } finally {
      router.closeAllConnections()
      router.close()
    }
  })
})

describe('with a DHT', () => {
  it('content is looked for there, in one process and by the services of a job', async () => {
    const dht = await startDht(5)
    const store = await openStore(MEMORY)
    const files = await createFiles({ store, libp2p: dht.nodes.at(-1)! })
    try {
      const { cid } = await files.add([new TextEncoder().encode(texts[0])], { chunkBytes: 4096 })
      await dht.nodes.at(-1)!.contentRouting.provide(CID.parse(cid))
      const routing = ['--public', '--public-peer', dht.bootstrap[0]!, '--public-router', 'none']
      expect(succeeded(await bench.ipmr('cat', cid, '--data-dir', 'one', ...routing))).toBe(texts[0])
      succeeded(await bench.ipmr(...alone(cid, '--data-dir', 'another', '-o', 'out/dht', ...routing)))
      expect(linesOf(...bench.parts('out', 'dht'))).toEqual(countWords(texts[0]))
      // As Kubo's strategy `roots` does: of all blocks below a directory nobody is known to have any.
      const below = await Promise.all(texts.map(async (text, n) => ({ name: `${n}.txt`, ...await files.add([new TextEncoder().encode(`${text} below`)], { chunkBytes: 4096 }) })))
      const deep = await files.directory(below)
      const root = await files.directory([{ name: 'deep', cid: deep, bytes: 0 }, { ...below[0]!, name: 'alone.txt' }])
      await dht.nodes.at(-1)!.contentRouting.provide(CID.parse(root))
      for (const [input, found] of [[root, [texts[0], ...texts]], [`ipfs://${root}/deep/1.txt`, [texts[1]]]] as const) {
        const out = `out/below-${found.length}`
        succeeded(await bench.ipmr(...alone(input, '--data-dir', out.replace('out', 'data'), '-o', out, ...routing)))
        expect(linesOf(...bench.parts(...out.split('/')))).toEqual(countWords(...found.map(text => `${text} below`)))
      }
    } finally {
      await files.stop()
      await dht.stop()
    }
  })
})
