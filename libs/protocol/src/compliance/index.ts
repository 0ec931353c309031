import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { REQUEST_TIMEOUT_MS } from '../constants.ts'
import type { Announcement, Message } from '../messages.ts'
import type { Network, PeerEvent } from '../network.ts'
import { DEADLINE_MS, eventually } from './eventually.ts'
import { assignment, heartbeat, job } from './samples.ts'

export interface NetworkSetup {
  /** A new peer of cluster `local`. */
  network: () => Promise<Network>
  /** Connects `a` to `b`. */
  connect: (a: Network, b: Network) => Promise<void>
  /** Closes every peer made since the last teardown. */
  teardown: () => Promise<void>
}

const ack: Message = { type: 'ack' }
const ping: Message = { type: 'statusQuery' }
/** A handler that never answers. */
const silence = (): Promise<Message> => new Promise(() => {})
const rejection = (code: string) => expect.objectContaining({ name: 'MapReduceError', code })
const ended = expect.objectContaining({ name: 'MapReduceError', code: expect.stringMatching(/^(ABORTED|UNREACHABLE)$/) })

/** What every adapter of the `Network` port must do. Registers a jest suite. */
export function networkCompliance (name: string, setup: () => NetworkSetup | Promise<NetworkSetup>): void {
  describe(`${name} as a Network`, () => {
    let peers: NetworkSetup
    let a: Network
    let b: Network

    beforeEach(async () => {
      peers = await setup()
      a = await peers.network()
      b = await peers.network()
    }, 2 * DEADLINE_MS)
    afterEach(async () => { await peers.teardown() }, 2 * DEADLINE_MS)

    describe('requests', () => {
      beforeEach(async () => { await peers.connect(a, b) }, DEADLINE_MS)

      it('reach the handler with the sender named, and bring its answer', async () => {
        b.handle((from, message) => Promise.resolve({ type: 'leave', reason: `${from} ${message.type}` }))
        expect(await a.request(b.peer, ping)).toEqual({ type: 'leave', reason: `${a.peer} statusQuery` })
      })

      it('go both ways over one connection', async () => {
        a.handle(() => Promise.resolve(ack))
        await eventually('b knows of a', () => b.connected(a.peer))
        expect(await b.request(a.peer, ping)).toEqual(ack)
      })

      it('find the peer by any of its addresses', async () => {
        const c = await peers.network()
        b.handle(() => Promise.resolve(ack))
        for (const address of b.addresses()) { expect(await c.request(address, ping)).toEqual(ack) }
        expect(c.connected(b.peer)).toBe(true)
      })

      it('keep the code and message of what the handler throws', async () => {
        b.handle(() => Promise.reject(new MapReduceError('FATAL', 'No such job: j7')))
        await expect(a.request(b.peer, ping)).rejects.toEqual(rejection('FATAL'))
        await expect(a.request(b.peer, ping)).rejects.toThrow('No such job: j7')
      })

      it('reject where the handler answers with a refusal', async () => {
        b.handle(() => Promise.resolve({ type: 'refusal', code: 'REFUSED', message: 'not of this cluster' }))
        await expect(a.request(b.peer, ping)).rejects.toEqual(rejection('REFUSED'))
      })

      it('reject where the handler throws what is no MapReduceError, or there is none', async () => {
        await expect(a.request(b.peer, ping)).rejects.toEqual(expect.objectContaining({ name: 'MapReduceError' }))
        b.handle(() => { throw new TypeError('broken') })
        await expect(a.request(b.peer, ping)).rejects.toThrow('broken')
      })

      it('do not hinder each other: 200 at once', async () => {
        b.handle((_, message) => Promise.resolve(message.type === 'cancelJob' ? { type: 'jobAccepted', job: message.job } : ack))
        const ids = Array.from({ length: 200 }, (_, n) => `j${n}`)
        const answers = await Promise.all(ids.map(id => a.request(b.peer, { type: 'cancelJob', job: id, reason: '' })))
        expect(answers).toEqual(ids.map(id => ({ type: 'jobAccepted', job: id })))
      }, 2 * DEADLINE_MS)

      it('carry 3 MiB each way', async () => {
        b.handle((_, message) => Promise.resolve(message))
        const large = assignment(2_900)
        expect(await a.request(b.peer, large)).toEqual(large)
      }, 2 * DEADLINE_MS)

      it('refuse what is too large, and work on', async () => {
        b.handle((_, message) => Promise.resolve(message.type === 'statusQuery' ? assignment(5_000) : ack))
        await expect(a.request(b.peer, assignment(5_000))).rejects.toEqual(rejection('BAD_INPUT'))
        await expect(a.request(b.peer, assignment(5_000))).rejects.toThrow(/too large/)
        await expect(a.request(b.peer, ping)).rejects.toThrow(/too large/)
        expect(await a.request(b.peer, { type: 'leave', reason: '' })).toEqual(ack)
      }, 2 * DEADLINE_MS)

      it('end when their signal aborts, before or during', async () => {
        const controller = new AbortController()
        const asked = new Promise<void>(resolve => { b.handle(() => { resolve(); return silence() }) })
        const pending = expect(a.request(b.peer, ping, { signal: controller.signal })).rejects.toEqual(rejection('ABORTED'))
        await asked
        controller.abort()
        await pending
        await expect(a.request(b.peer, ping, { signal: controller.signal })).rejects.toEqual(rejection('ABORTED'))
      })
    })

    describe('nobody there', () => {
      it('is UNREACHABLE within the time of a request', async () => {
        const address = b.addresses()[0]!
        await b.close()
        const started = performance.now()
        await expect(a.request(b.peer, ping)).rejects.toEqual(rejection('UNREACHABLE'))
        await expect(a.request(address, ping)).rejects.toEqual(rejection('UNREACHABLE'))
        await expect(a.dial(address)).rejects.toEqual(rejection('UNREACHABLE'))
        expect(performance.now() - started).toBeLessThan(3 * REQUEST_TIMEOUT_MS)
        expect(a.connected(b.peer)).toBe(false)
      }, 4 * REQUEST_TIMEOUT_MS)
    })

    describe('announcements', () => {
      it('to nobody are no error', async () => {
        await a.publish('workers', heartbeat(1))
        await peers.connect(a, b)
        await a.publish('jobs', job('j1'))
      })

      it('arrive with their sender named, at subscribers of their topic alone', async () => {
        const c = await peers.network()
        const heard: Record<string, Array<[string, Announcement]>> = { b: [], c: [] }
        b.subscribe('workers', (from, announcement) => { heard.b!.push([from, announcement]) })
        c.subscribe('jobs', (from, announcement) => { heard.c!.push([from, announcement]) })
        await peers.connect(a, b)
        await peers.connect(a, c)
        await eventually('b hears a worker', async () => { await a.publish('workers', heartbeat(3)); return heard.b!.length > 0 })
        await eventually('c hears of a job', async () => { await a.publish('jobs', job('j1')); return heard.c!.length > 0 })
        expect(new Set(heard.b!.map(([, announcement]) => announcement.type))).toEqual(new Set(['heartbeat']))
        expect(new Set(heard.c!.map(([, announcement]) => announcement.type))).toEqual(new Set(['job']))
        expect(heard.b![0]).toEqual([a.peer, heartbeat(3)])
      }, 4 * DEADLINE_MS)

      it('arrive at every listener, but not at their sender', async () => {
        const own: string[] = []
        const heard: string[] = []
        a.subscribe('workers', () => { own.push('a') })
        b.subscribe('workers', () => { heard.push('first') })
        b.subscribe('workers', () => { heard.push('second') })
        await peers.connect(a, b)
        await eventually('both listeners hear', async () => { await a.publish('workers', heartbeat(1)); return heard.includes('first') && heard.includes('second') })
        expect(own).toEqual([])
      }, 2 * DEADLINE_MS)

      it('that break the bounds of the wire are refused to their sender', async () => {
        await expect(a.publish('jobs', { type: 'job', job: '', state: 'running' })).rejects.toEqual(rejection('BAD_INPUT'))
      })
    })

    describe('peers', () => {
      it('are told of as they come and go, to those who still listen', async () => {
        const events: Record<string, PeerEvent[]> = { a: [], b: [], gone: [] }
        a.onPeer(event => { events.a!.push(event) })
        b.onPeer(event => { events.b!.push(event) })
        a.onPeer(event => { events.gone!.push(event) })()
        await peers.connect(a, b)
        await eventually('both know', () => a.connected(b.peer) && b.connected(a.peer) && events.a!.length > 0 && events.b!.length > 0)
        expect(events.a).toEqual([{ type: 'connected', peer: b.peer }])
        expect(events.b).toEqual([{ type: 'connected', peer: a.peer }])
        await b.close()
        await eventually('a knows', () => events.a!.length > 1)
        expect(events.a![1]).toEqual({ type: 'disconnected', peer: b.peer })
        expect(a.connected(b.peer)).toBe(false)
        expect(events.gone).toEqual([])
      }, 2 * DEADLINE_MS)

      it('name themselves in their addresses', async () => {
        expect(a.addresses().length).toBeGreaterThan(0)
        for (const address of a.addresses()) { expect(address.endsWith(`/p2p/${a.peer}`)).toBe(true) }
        expect(await a.dial(b.addresses()[0]!)).toBe(b.peer)
        expect(a.connected(b.peer)).toBe(true)
      })
    })

    describe('closing', () => {
      beforeEach(async () => { await peers.connect(a, b) }, DEADLINE_MS)

      it('ends the requests under way, and those to come', async () => {
        const asked = new Promise<void>(resolve => { b.handle(() => { resolve(); return silence() }) })
        const pending = expect(a.request(b.peer, ping)).rejects.toEqual(ended)
        await asked
        await a.close()
        await pending
        await expect(a.request(b.peer, ping)).rejects.toEqual(ended)
      })

      it('ends the requests of others to it', async () => {
        const asked = new Promise<void>(resolve => { b.handle(() => { resolve(); return silence() }) })
        const pending = expect(a.request(b.peer, ping)).rejects.toEqual(rejection('UNREACHABLE'))
        await asked
        await b.close()
        await pending
      }, 2 * REQUEST_TIMEOUT_MS)

      it('twice is closing once', async () => {
        await Promise.all([a.close(), a.close()])
        await a.close()
      })
    })
  })
}
