import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import * as dagCbor from '@ipld/dag-cbor'
import * as dagPb from '@ipld/dag-pb'
import { base64 } from 'multiformats/bases/base64'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { identity } from 'multiformats/hashes/identity'
import { sha256, sha512 } from 'multiformats/hashes/sha2'
import type { MultihashHasher } from 'multiformats/hashes/interface'

/** Multicodec codes of the blocks that are understood. */
export const CODEC = { raw: raw.code, dagPb: dagPb.code, dagCbor: dagCbor.code }

const HASHERS = new Map<number, MultihashHasher>([[sha256.code, sha256], [sha512.code, sha512]])

/** Parses a CID of any version and base. `BAD_INPUT` where it is none, or its hash cannot be checked here. */
export function parseCid (text: string): CID {
  let cid: CID
  try {
    cid = CID.parse(text)
  } catch (cause) {
    throw new MapReduceError('BAD_INPUT', `'${text}' is not a CID`, { cause })
  }
  if (!isIdentity(cid) && !HASHERS.has(cid.multihash.code)) {
    throw new MapReduceError('BAD_INPUT', `CID ${text}: hash function 0x${cid.multihash.code.toString(16)} is not supported; use sha2-256`)
  }
  return cid
}

/** What blocks are told apart by: the multihash, so that CIDv0, CIDv1 and codecs share a block. */
export function blockKey (cid: CID): string {
  return base64.baseEncode(cid.multihash.bytes)
}

/** Whether the block's bytes are the CID's own. */
export function isIdentity (cid: CID): boolean {
  return cid.multihash.code === identity.code
}

/** Whether bytes are the block of a CID. */
export async function isBlockOf (cid: CID, bytes: Uint8Array): Promise<boolean> {
  const hasher = HASHERS.get(cid.multihash.code)
  if (hasher == null) return false
  const { digest } = await hasher.digest(bytes)
  const wanted = cid.multihash.digest
  return digest.byteLength === wanted.byteLength && Buffer.compare(digest, wanted) === 0
}
