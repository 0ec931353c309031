import { decodeAnnouncement, decodeMessage, encodeAnnouncement, encodeMessage, type Announcement, type Message, type MessageHandler, type Network, type Topic } from '@ipfs-mapreduce/protocol'

/** Two peers in one process: what one sends is at the other in the same turn, by way of the wire's bytes. */
export function twoPeers (): [Network, Network] {
  const handlers = new Map<string, MessageHandler>()
  const listeners = new Map<string, Array<(from: string, announcement: Announcement) => void>>()
  const peer = (name: string, other: string): Network => ({
    peer: name,
    addresses: () => [`/ip4/127.0.0.1/tcp/1/p2p/${name}`],
    request: async (to, message) => decodeMessage(encodeMessage(await handlers.get(to)!(name, decodeMessage(encodeMessage(message))))),
    handle: handler => { handlers.set(name, handler) },
    async publish (topic, announcement) {
      for (const listener of listeners.get(`${other} ${topic}`) ?? []) listener(name, decodeAnnouncement(encodeAnnouncement(announcement)))
    },
    subscribe (topic: Topic, listener) {
      const key = `${name} ${topic}`
      listeners.set(key, [...listeners.get(key) ?? [], listener])
    },
    onPeer: () => () => {},
    connected: () => true,
    dial: async () => other,
    close: async () => {}
  })
  return [peer('a', 'b'), peer('b', 'a')]
}

const REF = { job: 'j1', kind: 'map', task: 0, attempt: 1 } as const
const CID = `b${'a'.repeat(58)}`

export const completed: Message = { type: 'attemptCompleted', ref: REF, runs: [{ mapTask: 0, partition: 0, cid: CID, bytes: 7, records: 1 }], outputBytes: 0, counters: { 'map.input.records': 1 }, fetchedBytes: 0, fetchedBlocks: 0, skipped: [] }
export const assigned: Message = {
  type: 'attemptAssigned', ref: REF, cluster: 'local', program: CID, reducers: 1, args: {}, separator: ' ', splits: [], mapTasks: 1, providers: [], fetchTimeoutMs: 0, executeTimeoutMs: 0, skipBadRecords: 0
}
export const query: Message = { type: 'statusQuery' }
export const ack: Message = { type: 'ack' }
export const beat: Announcement = { type: 'heartbeat', cluster: 'local', role: 'mapper', slots: 1, running: [], draining: false }
