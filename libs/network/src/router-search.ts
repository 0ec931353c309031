import type { Libp2p } from '@libp2p/interface'
import { peerIdFromCID } from '@libp2p/peer-id'
import type { Search } from './search.ts'

/** Asks a server of the Delegated Routing V1 HTTP API (https://specs.ipfs.tech/routing/http-routing-v1/). */
export async function routerSearch (libp2p: Libp2p, url: string): Promise<Search> {
  const { delegatedRoutingV1HttpApiClient } = await import('@helia/delegated-routing-v1-http-api-client')
  const client = delegatedRoutingV1HttpApiClient({ url })({ logger: libp2p.logger })
  return {
    name: url,
    ready: async () => {},
    run: async function * (cid, signal) {
      for await (const { ID, Addrs } of client.getProviders(cid, { signal })) yield { peer: peerIdFromCID(ID), addresses: Addrs }
    },
    stop: async () => { await client.stop() }
  }
}
