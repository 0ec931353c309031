import { createHash } from 'node:crypto'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
/** Version 1, raw codec, SHA-256 of 32 bytes. */
const PREFIX = [0x01, 0x55, 0x12, 0x20]

/** The CID of bytes that are one raw leaf, by the letter of the specification and nothing of this project's. */
export function rawCid (content: string): string {
  return `b${base32([...PREFIX, ...createHash('sha256').update(content).digest()])}`
}

/** A CID of something that nobody ever added. */
export const ABSENT = rawCid('nobody has this')

/** RFC 4648, small letters, without padding: multibase `b`. */
function base32 (bytes: number[]): string {
  const bits = bytes.map(byte => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map(five => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')
}
