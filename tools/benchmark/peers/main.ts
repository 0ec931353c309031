import { readFile } from 'node:fs/promises'
import { bitswapPeer } from './bitswap.ts'
import type { Offer, Peer } from './peer.ts'
import { rawStreamPeer } from './raw-stream.ts'
import { shufflePeer } from './reducer.ts'

/** `main KIND hold DIRECTORY FILE BYTES` prints its offer and serves until its input ends; `main KIND pull DIRECTORY OFFER` prints how long it took. */

const PEERS: Record<string, Peer> = { shuffle: shufflePeer, raw: rawStreamPeer, bitswap: bitswapPeer }

const [kind = '', role, directory = '', ...rest] = process.argv.slice(2)
const peer = PEERS[kind]
if (peer === undefined) throw new Error(`no peer ${kind}`)

if (role === 'hold') {
  const offer = await peer.hold({ directory, path: rest[0]!, runBytes: Number(rest[1]) })
  process.stdout.write(`${JSON.stringify(offer)}\n`)
  process.stdin.resume().once('end', () => { process.exit() })
} else {
  const offer = JSON.parse(await readFile(rest[0]!, 'utf8')) as Offer
  const { pull } = await peer.reach(offer, directory)
  const startedMs = performance.now()
  const bytes = await pull()
  const seconds = (performance.now() - startedMs) / 1000
  // Nodes above the leaves count too.
  if (bytes < offer.bytes) throw new Error(`${bytes} bytes came of ${offer.bytes}`)
  process.stdout.write(JSON.stringify({ seconds, bytes }))
  process.exit()
}
