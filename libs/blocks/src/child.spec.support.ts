import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import { openStore } from './store.ts'

/** Puts blocks into the store of a directory, eight at once, and prints the CID of each that is stored: until it is killed. */
const BLOCK_BYTES = 256 * 1024
const AT_ONCE = 8

const { blockstore } = await openStore(process.argv[2]!, { maxBytes: 2 ** 30 })
let next = 0
await Promise.all(Array.from({ length: AT_ONCE }, async () => {
  for (;;) {
    const bytes = new Uint8Array(BLOCK_BYTES)
    new DataView(bytes.buffer).setUint32(0, next++)
    const cid = CID.createV1(raw.code, await sha256.digest(bytes))
    await blockstore.put(cid, bytes)
    process.stdout.write(`${cid}\n`)
  }
}))
