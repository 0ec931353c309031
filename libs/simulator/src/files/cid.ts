import { sha256 } from '@noble/hashes/sha2.js'

/** Multicodec of what a block holds (https://github.com/multiformats/multicodec/blob/master/table.csv). */
const CODECS = { raw: 0x55, 'dag-pb': 0x70, 'dag-cbor': 0x71 }
export type BlockCodec = keyof typeof CODECS

/** CIDv1, then codec, sha2-256 and its length. */
const header = (codec: BlockCodec): number[] => [0x01, CODECS[codec], 0x12, 0x20]
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
/** How a CID of each codec begins: the header's first 30 bits are the text's first six characters; the two bits left are the hash code's. */
const STARTS = (Object.keys(CODECS) as BlockCodec[]).map(codec => ({ codec, start: `b${base32(header(codec)).slice(0, 6)}` }))

/**
 * The CID of a block: CIDv1, sha2-256, base32. That of a raw leaf is the one IPFS gives; inner nodes are named by
 * the same rule, though their bytes are the simulator's own (nodes.ts).
 */
export function cidOf (codec: BlockCodec, block: Uint8Array): string {
  return `b${base32([...header(codec), ...sha256(block)])}`
}

/** A block and its CID. Its bytes must not be changed afterwards. */
export interface Block {
  cid: string
  block: Uint8Array
}

export function blockOf (codec: BlockCodec, block: Uint8Array): Block {
  const cid = cidOf(codec, block)
  sound.set(block, cid)
  return { cid, block }
}

/** Arrays that were found to be the block of a CID: each is hashed once, however often it is read. */
const sound = new WeakMap<Uint8Array, string>()

/** Whether these are the bytes that a CID names. */
export function isBlockOf (cid: string, block: Uint8Array): boolean {
  if (sound.get(block) === cid) return true
  const codec = codecOf(cid)
  if (codec === undefined || cidOf(codec, block) !== cid) return false
  sound.set(block, cid)
  return true
}

/** What a CID made by `cidOf` says its block holds; undefined for any other text. */
export function codecOf (cid: string): BlockCodec | undefined {
  return STARTS.find(({ start }) => cid.startsWith(start))?.codec
}

/** RFC 4648 base32, lower case, no padding. */
function base32 (bytes: readonly number[]): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET[(value >>> bits) & 31]!
    }
    value &= (1 << bits) - 1
  }
  return bits > 0 ? text + ALPHABET[(value << (5 - bits)) & 31]! : text
}
