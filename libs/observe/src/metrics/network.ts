import type { Announcement, Network, Topic } from '@ipfs-mapreduce/protocol'
import { timed } from './clock.ts'
import { BUCKETS, type Maker } from './names.ts'

/** What a node knows of its peers. */
export interface NetworkSource {
  /** Peers that it is connected with now. */
  peers: () => number
  /** Open streams by protocol. */
  streams: () => ReadonlyMap<string, number>
  /** Misdeeds of others since the start, by kind. */
  offences: () => Readonly<Record<string, number>>
}

/** Messages, announcements, and what was dropped of them. Returns how a network is looked at. */
export function networkMetrics ({ counter, histogram, gauge, gauges, counted }: Maker, source: () => NetworkSource | undefined): (network: Network) => Network {
  gauge('peers', 'Peers that this service is connected with.', () => source()?.peers())
  gauges('streams', 'Open streams, by protocol.', ['protocol'], () => [...source()?.streams() ?? []].map(([protocol, open]) => [{ protocol }, open]))
  counted('offences_total', 'Misdeeds of peers that were noted, and their messages dropped, by kind.', ['offence'],
    () => Object.entries(source()?.offences() ?? {}).map(([offence, n]) => [{ offence }, n]))
  const asked = histogram('request_duration_seconds', 'How long peers took to answer, by message and outcome: ok, or the code of the failure.', BUCKETS.quick, ['message', 'outcome'])
  const answered = histogram('answer_duration_seconds', 'How long this service took to answer its peers, by message and outcome.', BUCKETS.quick, ['message', 'outcome'])
  const announced = counter('announcements_sent_total', 'Announcements to the cluster; a heartbeat is one.', ['announcement'])
  const heard = counter('announcements_received_total', 'Announcements of other peers; a heartbeat is one.', ['announcement'])
  return network => ({
    peer: network.peer,
    addresses: () => network.addresses(),
    request: (to, message, options) => timed(() => network.request(to, message, options), (outcome, seconds) => { asked.observe({ message: message.type, outcome }, seconds) }),
    handle: handler => {
      network.handle((from, message) => timed(() => handler(from, message), (outcome, seconds) => { answered.observe({ message: message.type, outcome }, seconds) }))
    },
    publish: async (topic: Topic, announcement: Announcement) => {
      await network.publish(topic, announcement)
      announced.inc({ announcement: announcement.type })
    },
    subscribe: (topic, listener) => {
      network.subscribe(topic, (from, announcement) => {
        heard.inc({ announcement: announcement.type })
        listener(from, announcement)
      })
    },
    onPeer: listener => network.onPeer(listener),
    connected: peer => network.connected(peer),
    dial: (address, options) => network.dial(address, options),
    close: () => network.close()
  })
}
