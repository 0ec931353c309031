import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import * as dagCbor from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { CODEC, parseCid } from './cid.ts'
import { MAX_BLOCK_BYTES } from './constants.ts'
import type { Ask, BlockSource } from './source.ts'
import type { Datum } from '@ipfs-mapreduce/mapreduce'

/** Stores a value as one dag-cbor block. `BAD_INPUT` where it cannot be one, or is too large for a block. */
export async function putRecord (source: BlockSource, value: Datum): Promise<string> {
  const block = encode(value)
  if (block.byteLength > MAX_BLOCK_BYTES) {
    throw new MapReduceError('BAD_INPUT', `a record of ${block.byteLength} bytes is over the limit of one block, ${MAX_BLOCK_BYTES}: put large parts as files and name their CIDs`)
  }
  const cid = CID.createV1(dagCbor.code, await sha256.digest(block))
  await source.put(cid, block)
  return `${cid}`
}

/** Reads a value that `putRecord` stored. */
export async function getRecord (source: BlockSource, text: string, ask: Ask): Promise<Datum> {
  const cid = parseCid(text)
  if (cid.code !== CODEC.dagCbor) throw new MapReduceError('BAD_INPUT', `${text} is not a record: its codec is 0x${cid.code.toString(16)}, not dag-cbor`)
  const block = await source.get(cid, ask)
  try {
    return plain(dagCbor.decode(block))
  } catch (cause) {
    throw new MapReduceError('BAD_INPUT', `${text} is not a record: ${(cause as Error).message}`, { cause })
  }
}

function encode (value: Datum): Uint8Array {
  try {
    return dagCbor.encode(value)
  } catch (cause) {
    throw new MapReduceError('BAD_INPUT', `a record cannot be stored: ${(cause as Error).message}`, { cause })
  }
}

/** Integers past 2^53 come out of CBOR as bigints; they went in as numbers. Links to other blocks become their CIDs' text. */
function plain (value: unknown): Datum {
  if (typeof value === 'bigint') return Number(value)
  if (value === null || typeof value !== 'object') return value as Datum
  if (value instanceof Uint8Array) return value
  const link = CID.asCID(value)
  if (link != null) return `${link}`
  if (Array.isArray(value)) return value.map(plain)
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]))
}
