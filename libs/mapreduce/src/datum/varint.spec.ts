import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ByteSink } from './byte-sink.ts'
import { readVarint, VARINT_MAX_BYTES, varintBytes, writeVarint } from './varint.ts'

describe('varints', () => {
  it('come back, in as many bytes as foretold', () => {
    fc.assert(fc.property(fc.oneof(fc.nat(0xffffffff), fc.constantFrom(0x7f, 0x80, 0x3fff, 0x4000, 0x1fffff, 0x200000, 0xfffffff, 0x10000000)), value => {
      const bytes = new Uint8Array(VARINT_MAX_BYTES)
      const end = writeVarint(bytes, 0, value)
      expect(end).toBe(varintBytes(value))
      expect(readVarint(bytes, 0, end)).toBe(value)
      expect(readVarint(bytes, 0, end - 1)).toBe(-1)
    }))
  })

  it('are refused in longer forms than needed, and over 32 bits', () => {
    expect(readVarint(Uint8Array.of(0x80, 0), 0, 2)).toBe(-1)
    expect(readVarint(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x1f), 0, 5)).toBe(-1)
    expect(readVarint(new Uint8Array(9).fill(0xff), 0, 9)).toBe(-1)
  })

  it('of 300 are as protobuf documents them', () => {
    const sink = new ByteSink(0)
    sink.varint(300)
    expect([...sink.toBytes()]).toEqual([0xac, 0x02])
  })
})

describe('ByteSink', () => {
  it('puts the length of what was appended before it', () => {
    fc.assert(fc.property(fc.nat(40_000), fc.nat(3), (length, before) => {
      const sink = new ByteSink(1)
      sink.append(new Uint8Array(before))
      sink.byte(0)
      sink.append(new Uint8Array(length).fill(7))
      sink.sealLength(before)
      const bytes = sink.toBytes()
      expect(readVarint(bytes, before, bytes.length)).toBe(length)
      expect(bytes.subarray(before + varintBytes(length)).every(byte => byte === 7)).toBe(true)
      expect(bytes).toHaveLength(before + varintBytes(length) + length)
    }))
  })
})
