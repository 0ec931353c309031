import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'

/** A block's CID, and the number that its bytes are made from. */
export interface Made {
  cid: CID
  index: number
}

/** Blocks of one size that differ, and do not compress; the same ones for the same size, in every process. */
export function blockMaker (blockBytes: number): (index: number) => Uint8Array {
  const noise = new Uint8Array(blockBytes)
  let state = 1
  for (let at = 0; at < blockBytes; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    noise[at] = state >>> 24
  }
  return index => {
    const block = noise.slice()
    new DataView(block.buffer).setUint32(0, index)
    return block
  }
}

/** The first `count` blocks of a size. */
export async function makeCids (blockBytes: number, count: number): Promise<Made[]> {
  const make = blockMaker(blockBytes)
  const made: Made[] = []
  for (let index = 0; index < count; index++) made.push({ index, cid: CID.createV1(raw.code, await sha256.digest(make(index))) })
  return made
}
