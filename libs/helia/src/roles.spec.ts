import { afterEach, describe, expect, it } from '@jest/globals'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { networkOn } from '@ipfs-mapreduce/network'
import { UnauthorizedError } from '@ipfs-mapreduce/protocol'
import type { Announcement, Message, Network, PeerEvent } from '@ipfs-mapreduce/protocol'
import { networkCompliance } from '@ipfs-mapreduce/protocol/compliance'
import { silent } from './log.ts'
import { heliaNode } from './nodes.spec.support.ts'
import { Roles } from './roles.ts'
import type { Role } from './roles.ts'

const ack: Message = { type: 'ack' }
const query: Message = { type: 'blocksQuery', cids: [] }
const leave: Message = { type: 'leave', reason: 'enough' }
const open: Array<() => Promise<unknown>> = []
const closeAll = async (): Promise<void> => { for (const close of open.splice(0).reverse()) await close() }

async function node (): Promise<{ roles: Roles, addresses: string[], close: () => Promise<void> }> {
  // The suite asks 200 times at once, some of them before the connection stands on both sides.
  const helia = await heliaNode({ maxEarlyStreams: 256 })
  const network = await networkOn(helia.libp2p, { cluster: 'local' })
  const close = async (): Promise<void> => {
    await network.close()
    await helia.stop()
  }
  open.push(close)
  return { roles: new Roles(network, silent), addresses: network.addresses(), close }
}

/** Both roles of one node, and who was told what. */
async function both (): Promise<{ master: Network, worker: Network, addresses: string[], heard: string[] }> {
  const { roles, addresses } = await node()
  const heard: string[] = []
  const as = (role: Role): Network => {
    const network = roles.as(role)
    network.handle(async (from, { type }) => {
      heard.push(`${role}: ${type}${from === network.peer ? ' of its own' : ''}`)
      return ack
    })
    return network
  }
  return { master: as('master'), worker: as('worker'), addresses, heard }
}

afterEach(closeAll)

networkCompliance('one role of a Helia node', () => ({
  network: async () => {
    const { roles, close } = await node()
    const one = roles.as('master')
    return {
      ...one,
      // The suite's peers go when they are closed; here that is for the node's owner to do.
      close: async () => {
        await one.close()
        await close()
      }
    }
  },
  connect: async (a, b) => { await a.dial(b.addresses()[0]!) },
  teardown: closeAll
}))

describe('both roles of a node', () => {
  it('are asked for what is theirs, by others and by each other', async () => {
    const { master, worker, addresses, heard } = await both()
    const stranger = (await node()).roles.as('worker')
    for (const message of [query, { type: 'statusQuery' } as const]) expect(await stranger.request(addresses[0]!, message)).toEqual(ack)
    await worker.request(worker.peer, { type: 'cancelJob', job: 'j', reason: '' })
    expect(await worker.dial(addresses[0]!)).toBe(worker.peer)
    await master.request(addresses[0]!, query)
    expect(heard).toEqual(['worker: blocksQuery', 'master: statusQuery', 'master: cancelJob of its own', 'worker: blocksQuery of its own'])
  })

  it('each hear that a peer leaves, which may have been both, and the other one of their own', async () => {
    const { master, worker, addresses, heard } = await both()
    const stranger = (await node()).roles.as('worker')
    await stranger.request(addresses[0]!, leave)
    await worker.request(worker.peer, leave)
    await master.request(worker.peer, leave)
    expect(heard).toEqual(['worker: leave', 'master: leave', 'master: leave of its own', 'worker: leave of its own'])
    worker.handle(async () => { throw new UnauthorizedError('no master of mine') })
    expect(await stranger.request(addresses[0]!, leave)).toEqual(ack)
  })

  it('are refused by each other as by anybody', async () => {
    const { master, worker } = await both()
    master.handle(async () => { throw new MapReduceError('FATAL', 'no such job') })
    await expect(worker.request(worker.peer, { type: 'statusQuery' })).rejects.toMatchObject({ code: 'FATAL', message: 'no such job' })
    master.handle(async () => ({ type: 'refusal', code: 'REFUSED', message: 'not now' }))
    await expect(worker.request(worker.peer, { type: 'statusQuery' })).rejects.toMatchObject({ code: 'REFUSED', message: 'not now' })
    master.handle(() => { throw new TypeError('broken') })
    await expect(worker.request(worker.peer, { type: 'statusQuery' })).rejects.toMatchObject({ code: 'TRANSIENT', message: 'broken' })
  })

  it('hear what the other one announces, and see it come and go', async () => {
    const { roles } = await node()
    const master = roles.as('master')
    const heard: Array<[string, Announcement]> = []
    const own: Announcement[] = []
    const seen: PeerEvent[] = []
    const jobs = Promise.withResolvers<void>()
    master.onPeer(event => { seen.push(event) })
    master.subscribe('jobs', (_, announcement) => { own.push(announcement) })
    expect(master.connected(master.peer)).toBe(false)
    const worker = roles.as('worker')
    worker.subscribe('jobs', (from, announcement) => {
      heard.push([from, announcement])
      jobs.resolve()
    })
    await master.publish('jobs', { type: 'job', job: 'j', state: 'running' })
    await jobs.promise
    expect(heard).toEqual([[master.peer, { type: 'job', job: 'j', state: 'running' }]])
    expect(own).toEqual([])
    expect(master.connected(master.peer)).toBe(true)
    await worker.close()
    expect(seen).toEqual([{ type: 'connected', peer: master.peer }, { type: 'disconnected', peer: master.peer }])
    await expect(master.request(master.peer, query)).rejects.toMatchObject({ code: 'UNREACHABLE', message: 'this node is no worker' })
  })
})
