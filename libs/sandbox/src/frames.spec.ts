import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { FRAME_CONTROL, FRAME_DATA, FrameDecoder, frameHeader } from './frames.ts'
import type { Frame } from './frames.ts'

const frame = fc.record({
  type: fc.constantFrom(FRAME_CONTROL, FRAME_DATA),
  id: fc.integer({ min: 0, max: 0xffffffff }),
  payload: fc.uint8Array({ maxLength: 300 })
})

function encode (frames: Frame[]): Uint8Array {
  return Buffer.concat(frames.flatMap(({ type, id, payload }) => [frameHeader(type, id, payload.length), payload]))
}

/** Cuts bytes into chunks of the given lengths, over and over. */
function * chunks (bytes: Uint8Array, lengths: number[]): Generator<Uint8Array> {
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const length = lengths[n % lengths.length]!
    yield bytes.subarray(at, at + length)
    at += length
  }
}

describe('frames', () => {
  it('come back equal, however the stream is cut', () => {
    fc.assert(fc.property(fc.array(frame, { maxLength: 20 }), fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (frames, lengths) => {
      const decoder = new FrameDecoder(300)
      const decoded = [...chunks(encode(frames), lengths)].flatMap(chunk => [...decoder.push(chunk)])
      expect(decoded.map(each => ({ ...each, payload: [...each.payload] }))).toEqual(frames.map(each => ({ ...each, payload: [...each.payload] })))
    }))
  })

  it('refuses a payload over the bound by its header alone', () => {
    const decoder = new FrameDecoder(100)
    expect([...decoder.push(frameHeader(FRAME_DATA, 1, 100))]).toEqual([])
    expect(() => [...new FrameDecoder(100).push(frameHeader(FRAME_DATA, 1, 101))]).toThrow('a frame of 101 bytes, more than 100')
  })

  it('never holds more than a frame of what is no frame', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 9, maxLength: 400 }), bytes => {
      const decoder = new FrameDecoder(64)
      try {
        for (const { payload } of decoder.push(bytes)) expect(payload.length).toBeLessThanOrEqual(64)
      } catch (error) {
        expect((error as Error).name).toBe('RangeError')
      }
    }))
  })
})
