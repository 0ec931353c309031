import { describe, expect, it } from '@jest/globals'
import { writeChecksum } from './checksum.ts'

/** Headers of VXLAN and Ethernet before an IPv4 packet. */
const BEFORE = Buffer.concat([Buffer.alloc(8 + 12), Buffer.from('0800', 'hex')])

/** The UDP datagram of 10.0.0.1:1000 to 10.0.0.2:2000 that says `hello`, and its checksum by hand: 0x1e32. */
const UDP = Buffer.from('45000021000040004011000000000000'.slice(0, 24) + '0a0000010a000002' + '03e807d0000d0000' + '68656c6c6f', 'hex')
/** By RFC 1071: pseudo-header, header and data in words of 16 bits, the last one padded. */
const WORDS = [0x0a00, 0x0001, 0x0a00, 0x0002, 0x0011, 0x000d, 0x03e8, 0x07d0, 0x000d, 0x6865, 0x6c6c, 0x6f00]

describe('the checksum of a packet', () => {
  it('is the one of the RFC, whatever was there before', () => {
    const total = WORDS.reduce((sum, word) => (sum + word) % 0xffff, 0)
    const datagram = Buffer.concat([BEFORE, UDP])
    datagram.writeUInt16BE(0x1234, datagram.length - 5 - 2)
    writeChecksum(datagram)
    expect(datagram.readUInt16BE(datagram.length - 5 - 2)).toBe(0xffff - total)
    // What a receiver checks: the sum over everything is all ones.
    expect((total + datagram.readUInt16BE(datagram.length - 5 - 2)) % 0xffff).toBe(0)
  })

  it('of what is no IPv4, or is cut short, is left alone', () => {
    const arp = Buffer.concat([Buffer.alloc(8 + 12), Buffer.from('0806', 'hex'), Buffer.alloc(28, 7)])
    const short = Buffer.concat([BEFORE, UDP]).subarray(0, BEFORE.length + 24)
    for (const datagram of [arp, short, Buffer.alloc(3)]) {
      const before = Buffer.from(datagram)
      writeChecksum(datagram)
      expect(datagram).toEqual(before)
    }
  })
})
