import * as dagCbor from '@ipld/dag-cbor'
import { varint } from 'multiformats'
import type { CID } from 'multiformats/cid'

/** A block on its way to a daemon. */
export interface Block {
  cid: CID
  bytes: Uint8Array
}

/** A CARv1 of blocks (https://ipld.io/specs/transport/car/carv1/), as it is written: each part after its length. */
export async function * carOf (root: CID, blocks: AsyncIterable<Block>): AsyncGenerator<Uint8Array, void, undefined> {
  const header = dagCbor.encode({ roots: [root], version: 1 })
  yield lengthOf(header.byteLength)
  yield header
  for await (const { cid, bytes } of blocks) {
    yield lengthOf(cid.bytes.byteLength + bytes.byteLength)
    yield cid.bytes
    yield bytes
  }
}

function lengthOf (bytes: number): Uint8Array {
  return varint.encodeTo(bytes, new Uint8Array(varint.encodingLength(bytes)))
}
