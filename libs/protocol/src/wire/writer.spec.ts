import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { announcements, messages } from '../fuzz/arbitraries.ts'
import { announcementBodies, messageBodies } from './bodies.ts'
import * as pb from '../pb/messages.ts'
import { write } from './writer.ts'
import type { Announcement, Message } from '../messages.ts'

const bodyOf = (bodies: object, message: { type: string }): object =>
  ({ [message.type]: (bodies as Record<string, { encode: (message: unknown) => unknown }>)[message.type]!.encode(message) })

describe('writer', () => {
  it.each(Object.entries(messages))('writes %s as protons does', (_type, arbitrary: fc.Arbitrary<Message>) => {
    fc.assert(fc.property(arbitrary, message => {
      const body = bodyOf(messageBodies, message)
      expect(write(pb.Message.codec(), body)).toEqual(new Uint8Array(pb.Message.encode(body)))
    }), { numRuns: 50 })
  })

  it.each(Object.entries(announcements))('writes announcement %s as protons does', (_type, arbitrary: fc.Arbitrary<Announcement>) => {
    fc.assert(fc.property(arbitrary, one => {
      const body = bodyOf(announcementBodies, one)
      expect(write(pb.Announcement.codec(), body)).toEqual(new Uint8Array(pb.Announcement.encode(body)))
    }), { numRuns: 50 })
  })

  it('writes numbers, texts and lengths of every size', () => {
    const numbers = [0, 1, 127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 35 + 5, Number.MAX_SAFE_INTEGER]
    const texts = ['', 'a', 'ä', 'x'.repeat(127), 'x'.repeat(128), `${'x'.repeat(100)}ä`, '😀'.repeat(50), 'y'.repeat(16_400), 'z'.repeat(2 ** 21), 'ü'.repeat(70_000)]
    for (const bytes of numbers) {
      for (const cid of texts) {
        const body = { attemptCompleted: { runs: [{ mapTask: 7, partition: 1, cid, bytes, records: bytes }], output: cid, outputBytes: bytes, counters: [{ name: cid, value: -bytes }], fetchedBytes: 0, fetchedBlocks: 3, skipped: [] } }
        expect(Buffer.compare(write(pb.Message.codec(), body), pb.Message.encode(body))).toBe(0)
      }
    }
  })

  it('begins anew after a message that could not be written', () => {
    const body = { leave: { reason: 'because' } }
    expect(() => write(pb.Message.codec(), { leave: { get reason (): string { throw new Error('no reason') } } })).toThrow('no reason')
    expect(write(pb.Message.codec(), body)).toEqual(new Uint8Array(pb.Message.encode(body)))
  })
})
