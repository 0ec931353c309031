import { MAX_ANNOUNCEMENT_BYTES, MAX_MESSAGE_BYTES } from '@ipfs-mapreduce/protocol'

/** Bounds of the libp2p node. libp2p's own defaults are for strangers on the Internet; a cluster often shares one host. */

/** Where a node listens when it is not told: this machine alone, any free port. */
export const DEFAULT_LISTEN = '/ip4/127.0.0.1/tcp/0'

/** Peers of one node: a master has one connection to each of its workers and clients. libp2p prunes past it. */
export const MAX_CONNECTIONS = 1_024
/** New connections a second from one host (libp2p: 5): all workers of a machine may start, or come back, at once. */
export const INBOUND_CONNECTIONS_PER_HOST_PER_SECOND = 256
/** Connections that are being upgraded at once (libp2p: 10), for the same reason. */
export const MAX_INCOMING_PENDING_CONNECTIONS = 256
/** Requests to one peer at once; the next wait for their turn within their own time. */
export const MAX_REQUESTS_PER_PEER = 256
/**
 * Streams of our protocol on one connection, each way (libp2p: 32 in, 64 out, and it resets what is more). Twice the
 * requests, as the two sides do not see a stream end at the same time; Yamux holds 1000 streams of all protocols.
 */
export const MAX_STREAMS_PER_CONNECTION = 2 * MAX_REQUESTS_PER_PEER

/** Streams to one peer that stay open when their exchange is over: more messages than these are seldom under way at once. */
export const KEPT_STREAMS_PER_PEER = 8
/** How long such a stream waits for the next exchange: heartbeats apart, a cluster that has work exchanges messages every second. */
export const KEPT_STREAM_MS = 10_000
/** How long one may wait at who answers, who must not be the first to end it: a request may be on its way. */
export const ANSWERING_IDLE_MS = 6 * KEPT_STREAM_MS

/** Requests that one node waits for at once, to all peers; one more is `TRANSIENT`. Each holds at most MAX_MESSAGE_BYTES. */
export const MAX_REQUESTS = 4_096
/** Requests that one node's handler works on at once; one more is refused as `TRANSIENT`. */
export const MAX_HANDLERS = 1_024

/** Peers that mDNS may make a node dial: a crowded LAN must not become a full mesh. */
export const MAX_DISCOVERED_PEERS = 64

/** The connection monitor drops a peer whose ping takes longer (libp2p: 5 s); leases judge a slow worker before that. */
export const PING_TIMEOUT_MS = 15_000

/** Gossip that waits for one slow peer; past it its gossip stream is reset. */
export const MAX_GOSSIP_BACKLOG_BYTES = 64 * MAX_ANNOUNCEMENT_BYTES

/** Bytes that a stream buffers for its reader: one message and its length. */
export const MAX_FRAME_BYTES = MAX_MESSAGE_BYTES + 8

/** How long closing waits for libp2p to say goodbye before it gives up. */
export const CLOSE_TIMEOUT_MS = 3_000

/** A peer with so many points for offences is disconnected, and kept out for BAN_MS. Ten messages that are none, say, in one go. */
export const MAX_OFFENCE_POINTS = 1_000
/** What may go on for ever: of the cheapest offence five a second, of the dearest one in ten seconds. */
export const FORGIVEN_POINTS_PER_SECOND = 10
/** How long a peer is kept out: long enough to cost it more than its victim, short enough for a person who has mended it. */
export const BAN_MS = 60_000
/** Peers whose offences are remembered; one more, and the peer that offended longest ago is forgotten. */
export const MAX_JUDGED_PEERS = 4 * MAX_CONNECTIONS
/** Announcements of one author that may overtake each other: far more than are under way at once, as they are signed and checked. */
export const ANNOUNCEMENT_WINDOW = 1_024
/** Authors whose announcements are known again. */
export const MAX_AUTHORS = 4 * MAX_CONNECTIONS

/** Connections of the node that asks IPFS nodes beyond the cluster: a walk through the DHT meets some dozens. */
export const MAX_OUTSIDE_CONNECTIONS = 128
/** Longest wait for a first peer of a DHT to be connected and to answer: a dial may take 10 s, and a peer's first answer 5 s. */
export const DHT_JOIN_TIMEOUT_MS = 20_000
/** Longest search for peers that have a block, once there is somebody to ask: a walk through the public DHT takes seconds, and a lost run is known as lost only after it. */
export const SEARCH_TIMEOUT_MS = 10_000
/** The DHT of the public network, Amino. */
export const DHT_PROTOCOL = '/ipfs/kad/1.0.0'
/** By whom the public network's DHT is joined, as Kubo does (`config/bootstrap_peers.go`); those alone that listen on TCP. */
export const PUBLIC_BOOTSTRAP = [
  '/dnsaddr/bootstrap.libp2p.io/p2p/QmNnooDu7bfjPFoTZYxMNLWUQJyrVwtbZg5gBMjTezGAJN',
  '/dnsaddr/bootstrap.libp2p.io/p2p/QmbLHAnMoJPWSCR5Zhtx6BHJX9KiKNN6tpvbUcqanj75Nb',
  '/dnsaddr/bootstrap.libp2p.io/p2p/QmcZf59bWwK5XFi76CZX8cbJ4BhTzzA3gU1ZjYZcYW3dwt',
  '/dnsaddr/va1.bootstrap.libp2p.io/p2p/12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8',
  '/ip4/104.131.131.82/tcp/4001/p2p/QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ'
]
/** Who is asked over HTTP for the public network, as Kubo and Helia do. */
export const PUBLIC_ROUTERS = ['https://delegated-ipfs.dev']
