import { withBitswap } from '@helia/bitswap'
import { withLibp2pLight } from '@helia/libp2p'
import { noise } from '@libp2p/noise'
import { identify } from '@libp2p/identify'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { FsBlockstore } from 'blockstore-fs'
import { createHeliaLight } from 'helia'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import { runsOf } from './content.ts'
import type { Peer } from './peer.ts'

const LISTEN = '/ip4/127.0.0.1/tcp/0'
/** What bitswap peers all accept, and what runs are stored in. */
const BLOCK_BYTES = 1024 * 1024
const BLOCKS_AT_ONCE = 16

/** Helia as it comes, with bitswap alone, its blocks in files. */
export const bitswapPeer: Peer = {
  hold: async init => {
    const helia = await open(init.directory)
    const cids: string[] = []
    let bytes = 0
    for (const content of await runsOf(init)) {
      bytes += content.length
      for (let at = 0; at < content.length; at += BLOCK_BYTES) {
        const block = content.subarray(at, at + BLOCK_BYTES)
        const cid = CID.createV1(raw.code, await sha256.digest(block))
        await helia.blockstore.put(cid, block)
        cids.push(`${cid}`)
      }
    }
    return { address: `${helia.libp2p.getMultiaddrs()[0]!}`, cids, bytes }
  },
  reach: async ({ address, cids }, directory) => {
    const helia = await open(directory)
    const holder = multiaddr(address)
    await helia.libp2p.dial(holder)
    return {
      pull: async () => {
        const queue = cids.map(cid => CID.parse(cid))
        let bytes = 0
        const getNext = async (): Promise<void> => {
          for (let cid = queue.shift(); cid !== undefined; cid = queue.shift()) {
            for await (const chunk of helia.blockstore.get(cid, { providers: [holder] })) bytes += chunk.byteLength
          }
        }
        await Promise.all(Array.from({ length: BLOCKS_AT_ONCE }, getNext))
        return bytes
      }
    }
  }
}

async function open (directory: string) {
  const blockstore = new FsBlockstore(directory)
  await blockstore.open()
  const helia = withBitswap(withLibp2pLight(createHeliaLight({ blockstore }), {
    addresses: { listen: [LISTEN] }, transports: [tcp()], connectionEncrypters: [noise()], streamMuxers: [yamux()], services: { identify: identify() }
  }))
  await helia.start()
  return helia
}
