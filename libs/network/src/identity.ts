import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { Key } from 'interface-datastore'
import type { Datastore } from 'interface-datastore'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { messageOf } from './failure.ts'

/** Where a node's private key lies in its datastore, as the libp2p protobuf `PrivateKey`. */
const SELF = new Key('/ipfs-mapreduce/private-key')

/**
 * The node's own Ed25519 key: its peer id is the same after a restart on the same datastore.
 * Throws `STORAGE` where the datastore holds what is no key.
 */
export async function loadOrCreateKey (datastore: Datastore): Promise<PrivateKey> {
  if (await datastore.has(SELF)) {
    const bytes = await datastore.get(SELF)
    try {
      return privateKeyFromProtobuf(bytes)
    } catch (cause) {
      throw new MapReduceError('STORAGE', `The private key in the datastore at ${SELF.toString()} cannot be read: ${messageOf(cause)}`, { cause })
    }
  }
  const key = await generateKeyPair('Ed25519')
  await datastore.put(SELF, privateKeyToProtobuf(key))
  return key
}

/** The peer id of a key. */
export function peerIdOf (key: PrivateKey): string {
  return peerIdFromPrivateKey(key).toString()
}
