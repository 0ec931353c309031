import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, createServer as createTcpServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Libp2p } from '@libp2p/interface'
import { CID } from 'multiformats/cid'
import { createOutsideNode } from './outside-node.ts'
import { startDht } from './testing/index.ts'
import type { Dht, DhtServer } from './testing/index.ts'
import type { OutsideNode, OutsideNodeInit } from './outside-node.ts'
import type { FoundPeer } from './search.ts'

/** A raw block of 'nobody has this'. */
const CONTENT = CID.parse('bafkreiemqpndzewx4bioklzfvhtiegsfny5fxuc3nkjk2vmcpjxiammsti')
/** Nodes of a DHT: more than each knows of by itself. */
const DHT_NODES = 6
/** Longer than a busy machine stalls. */
const PATIENT_MS = 20_000

const closers: Array<() => Promise<void>> = []
afterEach(async () => { for (const close of closers.splice(0).reverse()) await close() })

const warnings: string[] = []
afterEach(() => { warnings.length = 0 })
const log = { debug: () => {}, info: () => {}, warn: (_: object, message: string) => { warnings.push(message) }, error: () => {} }

async function outside (init: Partial<OutsideNodeInit>): Promise<OutsideNode> {
  const node = await createOutsideNode({ peers: [], log, ...init })
  closers.push(node.stop)
  return node
}

async function dht (size: number, first: DhtServer = {}): Promise<Dht> {
  const dht = await startDht(size, first)
  closers.push(dht.stop)
  return dht
}

const server = async (): Promise<Libp2p> => (await dht(1)).nodes[0]!

const addressOf = (node: Libp2p): string => `${node.getMultiaddrs()[0]}`

/** Waits until a condition of the real nodes holds, which tell of it by no event. */
async function until (condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + PATIENT_MS
  while (!await condition()) {
    if (performance.now() > deadline) throw new Error(`in vain: ${what}`)
    await new Promise(resolve => { setImmediate(resolve) })
  }
}

/** One search: who is said to have it, and what could not be asked. */
async function find (node: OutsideNode, enough: number): Promise<{ found: FoundPeer[], unasked: string[] }> {
  const found: FoundPeer[] = []
  const stop = new AbortController()
  const unasked = await node.findProviders!(CONTENT, peer => {
    found.push(peer)
    if (found.length === enough) stop.abort()
  }, AbortSignal.any([stop.signal, AbortSignal.timeout(PATIENT_MS)]))
  return { found, unasked }
}

/** A way to a node that lets nothing through until it is told to: as long as a peer that is slow to answer. */
async function slowWay (to: Libp2p): Promise<{ address: string, met: () => boolean, open: () => void }> {
  let met = false
  const opened = new AbortController()
  const sockets = new Set<Socket>()
  const way = createTcpServer(socket => {
    met = true
    const on = connect(Number(/tcp\/(\d+)/.exec(addressOf(to))![1]), '127.0.0.1')
    for (const end of [socket, on]) sockets.add(end.on('error', () => { socket.destroy(); on.destroy() }))
    on.pipe(socket)
    if (opened.signal.aborted) socket.pipe(on)
    else opened.signal.addEventListener('abort', () => { socket.pipe(on) })
  })
  way.listen(0, '127.0.0.1')
  await once(way, 'listening')
  closers.push(async () => {
    for (const socket of sockets) socket.destroy()
    way.close()
    await once(way, 'close')
  })
  return { address: `/ip4/127.0.0.1/tcp/${(way.address() as AddressInfo).port}/p2p/${to.peerId}`, met: () => met, open: () => { opened.abort() } }
}

/** A server of the Delegated Routing V1 HTTP API. */
async function router (answer: (path: string) => { status: number, body: string }): Promise<string> {
  const http = createServer((request, response) => {
    const { status, body } = answer(request.url ?? '')
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  closers.push(async () => {
    http.closeAllConnections()
    http.close()
    await once(http, 'close')
  })
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`
}

describe('a node for what lies beyond the cluster', () => {
  it('finds in a DHT who has content, by one peer of it', async () => {
    const { nodes, bootstrap } = await dht(DHT_NODES)
    const holder = nodes.at(-1)!
    await holder.contentRouting.provide(CONTENT, { signal: AbortSignal.timeout(PATIENT_MS) })
    const node = await outside({ routing: { bootstrap, routers: [] } })
    const { found } = await find(node, 1)
    expect(found.map(({ peer }) => `${peer}`)).toEqual([`${holder.peerId}`])
    expect(found[0]!.addresses.map(String)).toContain(addressOf(holder).replace(/\/p2p\/.*/, ''))
  })

  it('joins a DHT later whose peer was away at the start', async () => {
    const privateKey = await generateKeyPair('Ed25519')
    const gone = await startDht(1, { privateKey })
    const { bootstrap } = gone
    await gone.stop()
    const node = await outside({ routing: { bootstrap, routers: [] } })
    await until(() => warnings.length > 0, 'a warning')
    const { nodes } = await dht(2, { privateKey, port: Number(/tcp\/(\d+)/.exec(bootstrap[0]!)![1]) })
    await nodes[1]!.contentRouting.provide(CONTENT, { signal: AbortSignal.timeout(PATIENT_MS) })
    const { found } = await find(node, 1)
    expect(found.map(({ peer }) => `${peer}`)).toEqual([`${nodes[1]!.peerId}`])
  })

  it('searches a DHT no less because joining it took longer than a search may take', async () => {
    const { nodes } = await dht(2)
    await nodes[1]!.contentRouting.provide(CONTENT, { signal: AbortSignal.timeout(PATIENT_MS) })
    const way = await slowWay(nodes[0]!)
    const searchTimeoutMs = 500
    const node = await outside({ routing: { bootstrap: [way.address], routers: [] }, searchTimeoutMs })
    const search = find(node, 1)
    const start = performance.now()
    await until(() => way.met() && performance.now() > start + 2 * searchTimeoutMs, 'the time of two searches')
    way.open()
    expect((await search).found.map(({ peer }) => `${peer}`)).toEqual([`${nodes[1]!.peerId}`])
  })

  it('says that a DHT could not be joined, and not that it knows nobody; and joins it when it can be', async () => {
    const { nodes } = await dht(2)
    await nodes[1]!.contentRouting.provide(CONTENT, { signal: AbortSignal.timeout(PATIENT_MS) })
    const way = await slowWay(nodes[0]!)
    const node = await outside({ routing: { bootstrap: [way.address], routers: [] }, joinTimeoutMs: 500 })
    expect(await find(node, 1)).toEqual({ found: [], unasked: ['its DHT: none of its peers has answered in 0.5 s'] })
    way.open()
    await until(() => node.libp2p.getConnections().length > 0, 'the connection')
    let found: FoundPeer[] = []
    await until(async () => (found = (await find(node, 1)).found).length > 0, 'a provider in the DHT')
    expect(found.map(({ peer }) => `${peer}`)).toEqual([`${nodes[1]!.peerId}`])
  })

  it('does not warn of a peer for which nobody waits any more', async () => {
    const { nodes } = await dht(1)
    const way = await slowWay(nodes[0]!)
    const node = await outside({ routing: { bootstrap: [way.address], routers: [] } })
    const stop = new AbortController()
    const search = node.findProviders!(CONTENT, () => {}, stop.signal)
    await until(() => way.met(), 'the connection')
    stop.abort()
    expect(await search).toEqual([])
    // The dial hears of it after the search.
    await new Promise(resolve => { setImmediate(resolve) })
    expect(warnings).toEqual([])
  })

  it('says that nobody of a DHT is there, without waiting for it', async () => {
    const { bootstrap, stop } = await startDht(1)
    await stop()
    const node = await outside({ routing: { bootstrap, routers: [] }, joinTimeoutMs: 10 * PATIENT_MS })
    expect(await find(node, 1)).toEqual({ found: [], unasked: ['its DHT: none of its peers can be reached'] })
  })

  it('finds over HTTP who has content, whatever other routers do', async () => {
    const holder = await server()
    const paths: string[] = []
    const broken = await router(() => ({ status: 500, body: 'out of order' }))
    const empty = await router(() => ({ status: 404, body: '{"Providers":[]}' }))
    const good = await router(path => {
      paths.push(path)
      return { status: 200, body: JSON.stringify({ Providers: [{ Schema: 'peer', ID: `${holder.peerId}`, Addrs: holder.getMultiaddrs().map(String), Protocols: ['transport-bitswap'] }] }) }
    })
    const node = await outside({ routing: { bootstrap: [], routers: [broken, empty, good] } })
    const { found } = await find(node, 1)
    expect(found.map(({ peer }) => `${peer}`)).toEqual([`${holder.peerId}`])
    expect(paths).toEqual([`/routing/v1/providers/${CONTENT}`])
  })

  it('says which router cannot be asked, and not that one knows nobody', async () => {
    const broken = await router(() => ({ status: 500, body: 'out of order' }))
    const empty = await router(() => ({ status: 404, body: '{}' }))
    const node = await outside({ routing: { bootstrap: [], routers: [broken, empty] } })
    expect(await find(node, 1)).toEqual({ found: [], unasked: [expect.stringContaining(broken)] })
    expect(warnings).toEqual([expect.stringMatching(`^Cannot ask the routing of IPFS who has a block: ${broken}: `)])
  })

  it('is connected with the nodes that it is told of, and gives them nothing to connect to or to ask for', async () => {
    const peer = await server()
    const node = await outside({ peers: [addressOf(peer)], routing: { bootstrap: [addressOf(peer)], routers: [] } })
    await until(() => node.libp2p.getPeers().length === 1, 'the connection')
    expect(node.libp2p.getMultiaddrs()).toEqual([])
    expect(node.libp2p.getProtocols().sort()).toEqual(['/ipfs/id/1.0.0', '/ipfs/ping/1.0.0'])
    expect(node.libp2p.peerId.equals((await outside({})).libp2p.peerId)).toBe(false)
  })

  it('looks for nobody where no routing is given, and warns of a peer that is not there', async () => {
    const node = await outside({ peers: ['/ip4/127.0.0.1/tcp/1/p2p/12D3KooWGzxzKZYveHXtpG6AsrUJBcWxHBFS2HsEoGTxrMLvKXtf'] })
    expect(node.findProviders).toBeUndefined()
    await until(() => warnings.length > 0, 'a warning')
    expect(warnings).toEqual([expect.stringMatching(/^Cannot connect with an IPFS node: .*ECONNREFUSED/)])
  })
})
