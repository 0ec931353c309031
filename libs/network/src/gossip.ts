import { TopicValidatorResult } from '@libp2p/gossipsub'
import type { GossipSub, Message as GossipMessage } from '@libp2p/gossipsub'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { decodeAnnouncement, encodeAnnouncement, parseTopicName, topicName, TOPICS } from '@ipfs-mapreduce/protocol'
import type { Announcement, Topic } from '@ipfs-mapreduce/protocol'
import { messageOf } from './failure.ts'
import type { NetworkLog } from './log.ts'

type Listener = (from: string, announcement: Announcement) => void

/** The topics of one cluster over gossipsub. */
export class Gossip {
  readonly #pubsub: GossipSub
  readonly #cluster: string
  readonly #log: NetworkLog
  readonly #listeners = new Map<Topic, Listener[]>()
  /** What the validator decoded, for the listener that comes right after it. */
  readonly #decoded = new WeakMap<GossipMessage, Announcement>()

  constructor (pubsub: GossipSub, cluster: string, log: NetworkLog) {
    this.#pubsub = pubsub
    this.#cluster = cluster
    this.#log = log
    for (const topic of TOPICS) {
      pubsub.topicValidators.set(topicName(cluster, topic), (peer, message) => this.#judge(peer.toString(), message))
    }
    pubsub.addEventListener('message', event => { this.#deliver(event.detail) })
  }

  async publish (topic: Topic, announcement: Announcement): Promise<void> {
    const bytes = encodeAnnouncement(announcement)
    try {
      await this.#pubsub.publish(topicName(this.#cluster, topic), bytes)
    } catch (cause) {
      throw new MapReduceError('TRANSIENT', `Cannot announce a ${announcement.type} on topic ${topic}: ${messageOf(cause)}`, { cause })
    }
  }

  subscribe (topic: Topic, listener: Listener): void {
    this.#listeners.set(topic, [...this.#listeners.get(topic) ?? [], listener])
    this.#pubsub.subscribe(topicName(this.#cluster, topic))
  }

  /**
   * Accept: delivered and passed on. Reject: bytes that no honest peer of this version sends; the peer that passed
   * them on loses score. Ignore: well formed, but of another cluster; dropped here.
   */
  #judge (from: string, message: GossipMessage): TopicValidatorResult {
    try {
      const announcement = decodeAnnouncement(message.data)
      if ('cluster' in announcement && announcement.cluster !== this.#cluster) { return TopicValidatorResult.Ignore }
      this.#decoded.set(message, announcement)
      return TopicValidatorResult.Accept
    } catch (error) {
      this.#log.debug({ peer: from, topic: message.topic }, `Rejected an announcement: ${messageOf(error)}`)
      return TopicValidatorResult.Reject
    }
  }

  #deliver (message: GossipMessage): void {
    const announcement = this.#decoded.get(message)
    const topic = parseTopicName(message.topic)?.topic
    // Strict signing names the author; the peer that passed it on does not matter.
    if (announcement === undefined || topic === undefined || message.type !== 'signed') { return }
    for (const listener of this.#listeners.get(topic) ?? []) {
      try {
        listener(message.from.toString(), announcement)
      } catch (error) {
        this.#log.error({ topic, err: error }, `A listener of ${topic} threw: ${messageOf(error)}`)
      }
    }
  }
}
