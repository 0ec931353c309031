import { describe, expect, it } from '@jest/globals'
import { freeSlots, WorkerTable } from './worker-table.ts'
import type { AttemptRef } from '@ipfs-mapreduce/protocol'

const sighting = { role: 'mapper' as const, slots: 2, running: [], foreign: 0, draining: false }

describe('worker table', () => {
  it('knows a worker from its join on, not from a heartbeat alone', () => {
    let nowMs = 1
    const table = new WorkerTable({ now: () => nowMs, silentMs: 3000 })
    expect(table.see('w', sighting)).toBeUndefined()
    table.see('w', { ...sighting, addresses: ['/ip4/10.0.0.1/tcp/1/p2p/w'] })
    nowMs = 5
    expect(table.see('w', sighting)).toMatchObject({ lastSeenMs: 5, addresses: ['/ip4/10.0.0.1/tcp/1/p2p/w'] })
  })

  it('makes a suspect ready again when it is seen', () => {
    const table = new WorkerTable({ now: () => 0, silentMs: 3000 })
    table.see('w', { ...sighting, addresses: [] })
    table.suspect('w')
    expect(table.ready('mapper')).toEqual([])
    table.see('w', sighting)
    expect(table.ready('mapper')).toHaveLength(1)
  })

  it('counts slots that other masters have taken', () => {
    const table = new WorkerTable({ now: () => 0, silentMs: 3000 })
    const worker = table.see('w', { ...sighting, addresses: [] })!
    table.reserve('w', { job: 'mine', kind: 'map', task: 0, attempt: 1 })
    expect(freeSlots(worker, 'mapper')).toBe(1)
    expect(freeSlots(table.see('w', { ...sighting, foreign: 1 })!, 'mapper')).toBe(0)
  })

  it('gives a slot that an attempt has yielded to another, for as many attempts as there are slots', () => {
    const table = new WorkerTable({ now: () => 0, silentMs: 3000 })
    const worker = table.see('w', { ...sighting, addresses: [] })!
    const ref = (task: number): AttemptRef => ({ job: 'j', kind: 'map', task, attempt: 1 })
    for (const task of [0, 1]) table.reserve('w', ref(task))
    expect(table.free('mapper')).toEqual([])
    table.yieldSlot('w', ref(0))
    table.yieldSlot('w', ref(0))
    table.yieldSlot('w', ref(9))
    table.yieldSlot('nobody', ref(0))
    expect([freeSlots(worker, 'mapper'), table.free('mapper')]).toEqual([1, [worker]])
    table.reserve('w', ref(2))
    expect(table.status()).toMatchObject([{ slots: 2, running: 2 }])
    table.yieldSlot('w', ref(1))
    table.yieldSlot('w', ref(2))
    expect(freeSlots(worker, 'mapper')).toBe(1)
    table.release('w', ref(0))
    expect(freeSlots(worker, 'mapper')).toBe(1)
    table.yieldSlot('w', ref(2))
    expect(freeSlots(worker, 'mapper')).toBe(2)
  })

  it('counts no more slots as held than a worker has, when it comes back with what waits for one', () => {
    const table = new WorkerTable({ now: () => 0, silentMs: 3000 })
    table.see('w', { ...sighting, addresses: [] })
    for (const task of [0, 1, 2]) table.reserve('w', { job: 'j', kind: 'map', task, attempt: 1 })
    expect(table.status()).toMatchObject([{ running: 2 }])
  })

  it('offers nothing to a worker that is silent, until it is heard of again', () => {
    let nowMs = 0
    const table = new WorkerTable({ now: () => nowMs, silentMs: 3000 })
    table.see('w', { ...sighting, addresses: [] })
    nowMs = 3000
    expect(table.ready('mapper')).toEqual([])
    table.see('w', sighting)
    expect(table.ready('mapper')).toHaveLength(1)
  })

  it('names who was not seen', () => {
    let nowMs = 1
    const table = new WorkerTable({ now: () => nowMs, silentMs: 3000 })
    table.see('old', { ...sighting, addresses: [] })
    nowMs = 9
    table.see('new', { ...sighting, addresses: [] })
    expect(table.unseenSince(5)).toEqual(['old'])
  })

  it('has those with free slots at hand, the most free first', () => {
    const table = new WorkerTable({ now: () => 0, silentMs: 3000 })
    for (const [peer, slots] of [['one', 1], ['three', 3], ['two', 2]] as const) table.see(peer, { ...sighting, slots, addresses: [] })
    const free = () => table.free('mapper').map(({ peer }) => peer)
    expect(free()).toEqual(['three', 'two', 'one'])
    const ref = { job: 'j', kind: 'map' as const, task: 0, attempt: 1 }
    table.reserve('one', ref)
    table.suspect('two')
    expect(free()).toEqual(['three'])
    table.release('one', ref)
    table.see('two', { ...sighting, slots: 2, draining: true })
    expect(free()).toEqual(['three', 'one'])
    table.remove('three')
    expect(free()).toEqual(['one'])
    expect(table.free('reducer')).toEqual([])
  })

  it('knows where a worker was reached that has gone', () => {
    const table = new WorkerTable({ now: () => 0, silentMs: 3000 })
    table.see('w', { ...sighting, addresses: ['/ip4/10.0.0.1/tcp/1/p2p/w'] })
    table.remove('w')
    expect([table.providersOf('w'), table.providersOf('v')]).toEqual([['/ip4/10.0.0.1/tcp/1/p2p/w'], ['/p2p/v']])
  })

  it('looks for a role among its workers alone, and follows one that changes its role', () => {
    const table = new WorkerTable({ now: () => 0, silentMs: 3000 })
    for (const peer of ['a', 'b']) table.see(peer, { ...sighting, addresses: [] })
    const looks: string[] = []
    const passes = ({ peer }: { peer: string }): boolean => looks.push(peer) > 0
    expect(table.hasReady('reducer', passes)).toBe(false)
    expect(looks).toEqual([])
    table.see('b', { ...sighting, role: 'reducer' })
    expect(table.hasReady('reducer', passes)).toBe(true)
    expect(looks).toEqual(['b'])
    expect([table.countOf('mapper'), table.countOf('reducer')]).toEqual([1, 1])
    expect(table.free('mapper').map(({ peer }) => peer)).toEqual(['a'])
    table.remove('b')
    expect([table.countOf('reducer'), table.free('reducer')]).toEqual([0, []])
  })

  it('gives a worker that is mapper and reducer slots of both kinds, which do not take each other\'s place', () => {
    const table = new WorkerTable({ now: () => 0, silentMs: 3000 })
    const both = table.see('both', { ...sighting, role: 'worker', slots: 1, addresses: [] })!
    table.see('m', { ...sighting, slots: 1, addresses: [] })
    expect([table.countOf('mapper'), table.countOf('reducer')]).toEqual([2, 1])
    table.reserve('both', { job: 'j', kind: 'reduce', task: 0, attempt: 1 })
    expect([freeSlots(both, 'mapper'), freeSlots(both, 'reducer')]).toEqual([1, 0])
    expect([table.free('mapper').length, table.free('reducer').length]).toEqual([2, 0])
    table.reserve('both', { job: 'j', kind: 'map', task: 0, attempt: 1 })
    expect(table.free('mapper').map(({ peer }) => peer)).toEqual(['m'])
    table.release('both', { job: 'j', kind: 'reduce', task: 0, attempt: 1 })
    expect([table.free('mapper').map(({ peer }) => peer), table.free('reducer').map(({ peer }) => peer)]).toEqual([['m'], ['both']])
    both.passedOver.mapper = 7
    expect(table.free('reducer', 7)).toHaveLength(1)
    table.remove('both')
    expect([table.countOf('mapper'), table.countOf('reducer'), table.free('reducer').length]).toEqual([1, 0, 0])
  })

  it('leaves out whom nothing suited, at that version of what waits, until it is seen again', () => {
    const table = new WorkerTable({ now: () => 0, silentMs: 3000 })
    const worker = table.see('w', { ...sighting, addresses: [] })!
    worker.passedOver.mapper = 7
    expect([table.free('mapper', 7), table.free('mapper', 8), table.free('mapper')].map(({ length }) => length)).toEqual([0, 1, 1])
    table.see('w', sighting)
    expect(table.free('mapper', 7)).toHaveLength(1)
  })
})
