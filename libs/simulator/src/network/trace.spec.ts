import { describe, expect, it } from '@jest/globals'
import type { Announcement, AttemptRef, Message } from '@ipfs-mapreduce/protocol'
import { createTrace, formatDelivery, formatMessage } from './trace.ts'
import type { Delivery, DeliveryListener } from './delivery.ts'

const ref: AttemptRef = { job: 'j1', kind: 'map', task: 3, attempt: 1 }
const run = { partition: 0, records: 1, cid: 'bafk', bytes: 1 }

describe('transcript', () => {
  it.each<[Message | Announcement, string]>([
    [{ type: 'join', cluster: 'c', role: 'mapper', slots: 2, addresses: [], running: [], draining: false }, 'join mapper 2 slots'],
    [{ type: 'heartbeat', cluster: 'c', role: 'mapper', slots: 2, running: [{ ref, state: 'executing', records: 0 }], draining: false }, 'heartbeat mapper map 3#1 executing'],
    [{ type: 'attemptAborted', ref, reason: '' }, 'attemptAborted map 3#1'],
    [{ type: 'attemptFailed', ref, failure: { code: 'TIMEOUT', message: '' } }, 'attemptFailed map 3#1 TIMEOUT'],
    [{ type: 'runsCommitted', ref: { ...ref, kind: 'reduce' }, runs: [{ run: { ...run, mapTask: 9 }, providers: [] }], empty: [10, 2] }, 'runsCommitted reduce 3#1 maps 2 9 10'],
    [{ type: 'runLost', ref: { ...ref, kind: 'reduce' }, mapTask: 4, cid: 'bafk', message: '' }, 'runLost reduce 3#1 map 4'],
    [{ type: 'refusal', code: 'REFUSED', message: '' }, 'refusal REFUSED'],
    [{ type: 'job', job: 'j1', state: 'failed' }, 'job j1 failed'],
    [{ type: 'cancelJob', job: 'j1', reason: '' }, 'cancelJob j1'],
    [{ type: 'statusQuery' }, 'statusQuery']
  ])('says what a message is about: %j', (message, line) => {
    expect(formatMessage(message)).toBe(line)
  })

  it('tells requests, answers, gossip, blocks and losses apart', () => {
    const at = { atMs: 12, from: 'a', to: 'b' }
    expect(formatDelivery({ ...at, cargo: { kind: 'answer', message: { type: 'ack' }, request: { type: 'attemptAborted', ref, reason: '' } } })).toBe('12 a -> b ack of attemptAborted map 3#1')
    expect(formatDelivery({ ...at, cargo: { kind: 'gossip', topic: 'jobs', message: { type: 'job', job: 'j1', state: 'running' } } })).toBe('12 a -> b ~jobs job j1 running')
    expect(formatDelivery({ ...at, cargo: { kind: 'block', cid: 'bafk', bytes: 7 }, lost: 'gone' })).toBe('12 a -x b block bafk 7 B (gone)')
  })

  it('notes only what it is asked to', () => {
    let deliver: DeliveryListener = () => {}
    const trace = createTrace({ onDelivery (listener) { deliver = listener; return () => {} } }, { only: ({ to }) => to === 'b' })
    const delivery: Delivery = { atMs: 1, from: 'a', to: 'b', cargo: { kind: 'request', message: { type: 'ack' } } }
    deliver(delivery)
    deliver({ ...delivery, to: 'c' })
    expect(trace.lines()).toEqual(['1 a -> b ack'])
  })
})
