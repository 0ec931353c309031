import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import { identity } from 'multiformats/hashes/identity'
import { ByteQueue } from './byte-queue.ts'
import { MAX_BLOCK_BYTES, MAX_CID_BYTES, MAX_CREDIT_BYTES } from './constants.ts'
import { absentFrame, answerDecoder, askDecoder, blockHeader, creditFrame, wantFrame } from './data-frames.ts'
import type { Answer, Ask, FrameDecoder } from './data-frames.ts'

/** Bytes cut where `cuts` say. */
function cut (bytes: Uint8Array, cuts: number[]): Uint8Array[] {
  const at = cuts.map(cut => cut % (bytes.byteLength + 1)).sort((a, b) => a - b)
  return [0, ...at].map((start, i) => bytes.subarray(start, at[i] ?? bytes.byteLength))
}

function decodeAll <T> (decoder: FrameDecoder<T>, pieces: Uint8Array[]): T[] {
  const all: T[] = []
  for (const piece of pieces) {
    decoder.push(piece)
    for (let next = decoder.next(); next !== undefined; next = decoder.next()) all.push(next)
  }
  return all
}

const cids = fc.uint8Array({ maxLength: 32 }).map(bytes => CID.createV1(0x55, identity.digest(bytes)))
const asks: fc.Arbitrary<Ask> = fc.oneof(
  cids.map((cid): Ask => ({ type: 'want', cid })),
  fc.nat(MAX_CREDIT_BYTES).map((bytes): Ask => ({ type: 'credit', bytes }))
)
const answers: fc.Arbitrary<Answer> = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes): Answer => ({ type: 'block', bytes })),
  fc.constant<Answer>({ type: 'absent' })
)
const cuts = fc.array(fc.nat(), { maxLength: 20 })

describe('frames of the data stream', () => {
  it('are read as they were written, wherever the bytes are cut', () => {
    fc.assert(fc.property(fc.array(asks), cuts, (said, cuts) => {
      const bytes = Buffer.concat(said.map(ask => ask.type === 'want' ? wantFrame(ask.cid) : creditFrame(ask.bytes)))
      const heard = decodeAll(askDecoder(), cut(bytes, cuts))
      expect(heard.map(ask => ask.type === 'want' ? `${ask.cid}` : ask.bytes)).toEqual(said.map(ask => ask.type === 'want' ? `${ask.cid}` : ask.bytes))
    }))
    fc.assert(fc.property(fc.array(answers), cuts, (said, cuts) => {
      const bytes = Buffer.concat(said.flatMap(answer => answer.type === 'block' ? [blockHeader(answer.bytes.byteLength), answer.bytes] : [absentFrame()]))
      const heard = decodeAll(answerDecoder(), cut(bytes, cuts))
      expect(heard.map(answer => answer.type === 'block' ? Buffer.from(answer.bytes) : null)).toEqual(said.map(answer => answer.type === 'block' ? Buffer.from(answer.bytes) : null))
    }))
  })

  it('are refused with BAD_INPUT or read, whatever the bytes', () => {
    for (const decoder of [askDecoder, answerDecoder]) {
      fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), cuts, (bytes, cuts) => {
        try {
          decodeAll<Ask | Answer>(decoder(), cut(bytes, cuts))
        } catch (error) {
          expect(error).toMatchObject({ name: 'MapReduceError', code: 'BAD_INPUT' })
        }
      }), { numRuns: 500 })
    }
  })

  it.each([
    ['an ask that is too long', askDecoder, [...lengthOf(2 + MAX_CID_BYTES)], /a frame of 130 bytes/],
    ['a block that is too long, before its bytes come', answerDecoder, [...lengthOf(2 + MAX_BLOCK_BYTES)], /a frame of 2097154 bytes/],
    ['an empty frame', askDecoder, [0], /a frame of 0 bytes/],
    ['a length without an end', answerDecoder, [0xff, 0xff, 0xff, 0xff, 0xff], /a number longer than 5 bytes/],
    ['an ask of a kind that is not known', askDecoder, [1, 9], /kind 9 from a reader/],
    ['an answer of a kind that is not known', answerDecoder, [1, 9], /kind 9 and 0 bytes from a holder/],
    ['an absence with bytes', answerDecoder, [2, 4, 0], /kind 4 and 1 bytes from a holder/],
    ['a want of no CID', askDecoder, [3, 1, 7, 7], /no CID/],
    ['a credit with bytes behind it', askDecoder, [3, 2, 1, 1], /a credit that cannot be read/],
    ['a credit that is cut off', askDecoder, [2, 2, 0x80], /a credit that cannot be read/],
    ['a credit past its bound', askDecoder, [6, 2, 0x80, 0x80, 0x80, 0x80, 0x10], /a credit that cannot be read/]
  ])('refuses %s', (_, decoder: () => FrameDecoder<Ask | Answer>, bytes, reason) => {
    expect(() => decodeAll(decoder(), [Uint8Array.from(bytes)])).toThrow(reason)
  })

  it('are not read before all of their bytes are there', () => {
    const decoder = answerDecoder()
    decoder.push(blockHeader(3))
    decoder.push(Uint8Array.of(1, 2))
    expect(decoder.next()).toBeUndefined()
    decoder.push(Uint8Array.of(3))
    expect(decoder.next()).toEqual({ type: 'block', bytes: Buffer.from([1, 2, 3]) })
  })
})

it('a queue of bytes gives them back in any lengths', () => {
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 20 })), fc.array(fc.nat(30)), (pieces, lengths) => {
    const queue = new ByteQueue()
    const all = Buffer.concat(pieces)
    for (const piece of pieces) queue.push(piece)
    let at = 0
    for (const wanted of lengths) {
      const length = Math.min(wanted, queue.length)
      if (length > 0) expect(queue.byteAt(length - 1)).toBe(all[at + length - 1])
      if (wanted % 2 === 0) queue.skip(length)
      else expect(all.subarray(at, at + length).equals(queue.take(length))).toBe(true)
      at += length
      expect(queue.length).toBe(all.byteLength - at)
    }
  }))
})

/** A varint. */
function lengthOf (value: number): Uint8Array {
  const bytes: number[] = []
  for (; value >= 0x80; value >>>= 7) bytes.push((value & 0x7f) | 0x80)
  return Uint8Array.from([...bytes, value])
}
