import { fork, type ChildProcess } from 'node:child_process'
import { createCipheriv } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createFiles, MEMORY, openStore, type HeliaFiles } from '@ipfs-mapreduce/blocks'
import { createNetwork, type Libp2pNetwork } from '@ipfs-mapreduce/network'

const HELP = `node --conditions=@ipfs-mapreduce/source tools/benchmark/data-stream.ts [--mib 256] [--small 10000] [--runs 3] [--memory]
     [--only raw|bitswap|'data stream']…

Two processes, a mapper that holds runs and a reducer that fetches them into a store on disk, on loopback: MIB runs of 1 MiB, and
SMALL runs of 8 KiB. In turn: the same bytes on a raw libp2p stream, by bitswap alone, and by the data stream. Prints medians.
--memory keeps the blocks in memory.`
const RAW = '/ipmr/bench/raw/1.0.0'
const MIB = 1024 * 1024
/** Fetches at once, as a reduce attempt makes them (libs/actors/src/worker/shuffle.ts); before data streams it made four. */
const fetchesAtOnce = (way: string, bytes: number): number => way === 'bitswap' ? 4 : Math.min(256, 8 * MIB / bytes)

type Ask =
  | { do: 'make', count: number, bytes: number }
  | { do: 'bitswapOnly', on: boolean }
  | { do: 'raw', address: string, bytes: number }
  | { do: 'fetch', address: string, cids: string[], atOnce: number }
  | { do: 'processor' }
interface Told { seconds: number, cpuSeconds: number, address: string, cids: string[] }

const { values } = parseArgs({
  options: {
    mib: { type: 'string', default: '256' }, small: { type: 'string', default: '10000' }, runs: { type: 'string', default: '3' },
    only: { type: 'string', multiple: true }, memory: { type: 'boolean', default: false }, peer: { type: 'string' }, help: { type: 'boolean', default: false }
  }
})
if (values.help) process.stdout.write(`${HELP}\n`)
else if (values.peer !== undefined) await peer(values.peer)
else await compare(Number(values.mib), Number(values.small), Number(values.runs))

async function compare (mib: number, small: number, runs: number): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'ipmr-data-stream-'))
  const [mapper, reducer] = ['mapper', 'reducer'].map(name => fork(fileURLToPath(import.meta.url), ['--peer', join(directory, name), ...values.memory ? ['--memory'] : []]))
  for (const child of [mapper!, reducer!]) child.once('exit', code => { if (code) process.exit(code) })
  const ask = async (child: ChildProcess, message: Ask): Promise<Told> => {
    const told = once(child, 'message')
    child.send(message)
    return (await told)[0] as Told
  }
  try {
    for (const [count, bytes] of [[mib, MIB], [small, 8192]] as const) {
      if (count === 0) continue
      const { cids, address } = await ask(mapper!, { do: 'make', count, bytes })
      const mibs: Record<string, number[]> = Object.fromEntries(['raw', 'bitswap', 'data stream'].filter(way => values.only?.includes(way) ?? true).map(way => [way, []]))
      for (let i = 0; i < runs; i++) {
        for (const [way, list] of Object.entries(mibs)) {
          await ask(mapper!, { do: 'bitswapOnly', on: way === 'bitswap' })
          const before = (await ask(mapper!, { do: 'processor' })).cpuSeconds
          const { seconds, cpuSeconds } = await ask(reducer!, way === 'raw' ? { do: 'raw', address, bytes: count * bytes } : { do: 'fetch', address, cids, atOnce: fetchesAtOnce(way, bytes) })
          const given = (await ask(mapper!, { do: 'processor' })).cpuSeconds - before
          list.push(count * bytes / MIB / seconds)
          process.stdout.write(`  ${way}: ${list.at(-1)!.toFixed(1)} MiB/s, processor seconds: mapper ${given.toFixed(2)}, reducer ${cpuSeconds.toFixed(2)}, of ${seconds.toFixed(2)} s\n`)
        }
      }
      const raw = median(mibs.raw ?? [NaN])
      process.stdout.write(`${count} runs of ${bytes} bytes, medians of ${runs}:\n`)
      for (const [way, list] of Object.entries(mibs)) process.stdout.write(`  ${way.padEnd(12)} ${median(list).toFixed(1).padStart(7)} MiB/s  ${(median(list) / raw).toFixed(2)} of raw\n`)
    }
  } finally {
    for (const child of [mapper!, reducer!]) if (child.connected) child.disconnect()
    await rm(directory, { recursive: true, force: true })
  }
}

function median (list: number[]): number {
  return list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]!
}

async function peer (directory: string): Promise<void> {
  const network = await createNetwork({ cluster: 'bench' })
  await network.libp2p.handle(RAW, async stream => {
    for await (const ask of stream) {
      let left = Number(Buffer.from(ask.subarray()).toString())
      const chunk = Buffer.alloc(MIB, 7)
      while (left > 0) {
        if (!stream.send(chunk.subarray(0, left))) await once(stream, 'drain')
        left -= chunk.length
      }
      await stream.close()
    }
  })
  let store = await openStore(values.memory ? MEMORY : join(directory, '0'))
  let files = await createFiles({ store, libp2p: network.libp2p })
  let round = 0
  process.on('disconnect', () => process.exit())
  process.on('message', (ask: Ask) => {
    answer(ask).then(told => process.send!(told), (error: unknown) => {
      console.error(error)
      process.exit(1)
    })
  })

  async function answer (ask: Ask): Promise<Partial<Told>> {
    switch (ask.do) {
      case 'processor': return { cpuSeconds: processorSeconds() }
      case 'make': return { address: network.addresses()[0]!, cids: await make(files, ask.count, ask.bytes) }
      case 'bitswapOnly': {
        const protocols = network.libp2p.getProtocols().filter(protocol => protocol.startsWith('/ipfs/mapreduce/data/'))
        if (ask.on) for (const protocol of protocols) await network.libp2p.unhandle(protocol)
        else if (protocols.length === 0) {
          await files.stop()
          files = await createFiles({ store, libp2p: network.libp2p })
        }
        return {}
      }
      case 'raw': {
        await network.dial(ask.address)
        return await timed(async () => { await receive(network, ask.address, ask.bytes) })
      }
      case 'fetch': {
        await files.stop()
        await store.close()
        await rm(join(directory, `${round++}`), { recursive: true, force: true })
        store = await openStore(values.memory ? MEMORY : join(directory, `${round}`))
        files = await createFiles({ store, libp2p: network.libp2p })
        // What was learnt of the peer's protocols by another run is learnt anew.
        for (const connection of network.libp2p.getConnections()) await connection.close()
        await network.dial(ask.address)
        return await timed(async () => { await fetchAll(files, ask.cids, ask.address, ask.atOnce) })
      }
    }
  }
}

async function timed (work: () => Promise<void>): Promise<Partial<Told>> {
  const start = performance.now()
  const before = processorSeconds()
  await work()
  return { seconds: (performance.now() - start) / 1000, cpuSeconds: processorSeconds() - before }
}

function processorSeconds (): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

async function receive (network: Libp2pNetwork, address: string, bytes: number): Promise<void> {
  const [connection] = network.libp2p.getConnections().filter(({ remotePeer }) => address.endsWith(`${remotePeer}`))
  const stream = await connection!.newStream(RAW)
  let received = 0
  const done = new Promise<void>(resolve => {
    stream.addEventListener('message', ({ data }) => {
      received += data.byteLength
      if (received === bytes) resolve()
    })
  })
  stream.send(Buffer.from(`${bytes}`))
  await done
  await stream.close()
}

async function fetchAll (files: HeliaFiles, cids: string[], address: string, atOnce: number): Promise<void> {
  const queue = cids.values()
  await Promise.all(Array.from({ length: atOnce }, async () => { for (const cid of queue) await files.fetch(cid, { providers: [address] }) }))
}

async function make (files: HeliaFiles, count: number, bytes: number): Promise<string[]> {
  const cids: string[] = []
  const random = createCipheriv('aes-128-ctr', Buffer.alloc(16, count & 0xff), Buffer.alloc(16))
  const zeros = Buffer.alloc(bytes)
  for (let i = 0; i < count; i++) {
    cids.push((await files.put([random.update(zeros)])).cid)
  }
  return cids
}
