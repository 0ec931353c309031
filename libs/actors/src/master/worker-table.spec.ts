import { describe, expect, it } from '@jest/globals'
import { freeSlots, WorkerTable } from './worker-table.ts'

const sighting = { role: 'mapper' as const, slots: 2, running: [], foreign: 0, draining: false }

describe('worker table', () => {
  it('knows a worker from its join on, not from a heartbeat alone', () => {
    const table = new WorkerTable({ now: () => 0, silentMs: 3000 })
    expect(table.see('w', sighting, 1)).toBeUndefined()
    table.see('w', { ...sighting, addresses: ['/ip4/10.0.0.1/tcp/1/p2p/w'] }, 1)
    expect(table.see('w', sighting, 5)).toMatchObject({ lastSeenMs: 5, addresses: ['/ip4/10.0.0.1/tcp/1/p2p/w'] })
  })

  it('makes a suspect ready again when it is seen', () => {
    const table = new WorkerTable({ now: () => 0, silentMs: 3000 })
    table.see('w', { ...sighting, addresses: [] }, 1)
    table.suspect('w')
    expect(table.ready('mapper')).toEqual([])
    table.see('w', sighting, 2)
    expect(table.ready('mapper')).toHaveLength(1)
  })

  it('counts slots that other masters have taken', () => {
    const table = new WorkerTable({ now: () => 0, silentMs: 3000 })
    const worker = table.see('w', { ...sighting, addresses: [] }, 1)!
    worker.reserved.add('mine/map/0/1')
    expect(freeSlots(worker)).toBe(1)
    expect(freeSlots(table.see('w', { ...sighting, foreign: 1 }, 2)!)).toBe(0)
  })

  it('offers nothing to a worker that is silent, until it is heard of again', () => {
    let nowMs = 0
    const table = new WorkerTable({ now: () => nowMs, silentMs: 3000 })
    table.see('w', { ...sighting, addresses: [] }, nowMs)
    nowMs = 3000
    expect(table.ready('mapper')).toEqual([])
    table.see('w', sighting, nowMs)
    expect(table.ready('mapper')).toHaveLength(1)
  })

  it('names who was not seen', () => {
    const table = new WorkerTable({ now: () => 0, silentMs: 3000 })
    table.see('old', { ...sighting, addresses: [] }, 1)
    table.see('new', { ...sighting, addresses: [] }, 9)
    expect(table.unseenSince(5)).toEqual(['old'])
  })
})
