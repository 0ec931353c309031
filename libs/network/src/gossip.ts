import { TopicValidatorResult } from '@libp2p/gossipsub'
import type { GossipSub, Message as GossipMessage } from '@libp2p/gossipsub'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { decodeAnnouncement, encodeAnnouncement, MAX_ANNOUNCEMENT_BYTES, parseTopicName, topicName, TOPICS } from '@ipfs-mapreduce/protocol'
import type { Announcement, Topic } from '@ipfs-mapreduce/protocol'
import { Authors } from './authors.ts'
import type { Conduct } from './conduct.ts'
import { messageOf } from './failure.ts'
import { InvalidAnnouncements } from './invalid-announcements.ts'
import type { NetworkLog } from './log.ts'

/** What gossipsub throws where nobody listens yet, unless it is told not to. */
const NOBODY = 'PublishError.NoPeersSubscribedToTopic'

type Listener = (from: string, announcement: Announcement) => void

/** The topics of one cluster over gossipsub. */
export class Gossip {
  readonly #pubsub: GossipSub
  readonly #cluster: string
  readonly #log: NetworkLog
  readonly #conduct: Conduct
  readonly #admits: (peer: string) => boolean
  readonly #authors = new Authors()
  readonly #invalid: InvalidAnnouncements
  /** Announcements that were rejected here and not yet seen among the invalid ones, by who passed them on. */
  readonly #rejected = new Map<string, number>()
  readonly #listeners = new Map<Topic, Listener[]>()
  /** What the validator decoded, for the listener that comes right after it. */
  readonly #decoded = new WeakMap<GossipMessage, Announcement>()

  /** Announcements of authors that `admits` does not let in are ignored. */
  constructor (pubsub: GossipSub, cluster: string, log: NetworkLog, conduct: Conduct, admits: (peer: string) => boolean = () => true) {
    this.#pubsub = pubsub
    this.#cluster = cluster
    this.#log = log
    this.#conduct = conduct
    this.#admits = admits
    this.#invalid = new InvalidAnnouncements(pubsub)
    for (const topic of TOPICS) {
      pubsub.topicValidators.set(topicName(cluster, topic), (peer, message) => this.#judge(peer.toString(), message))
    }
    pubsub.addEventListener('message', this.#onMessage)
    pubsub.addEventListener('gossipsub:heartbeat', this.#onHeartbeat)
  }

  /** Listens no more; leaves the topics too, where gossipsub goes on. */
  close ({ goesOn }: { goesOn: boolean }): void {
    this.#pubsub.removeEventListener('message', this.#onMessage)
    this.#pubsub.removeEventListener('gossipsub:heartbeat', this.#onHeartbeat)
    for (const topic of TOPICS) this.#pubsub.topicValidators.delete(topicName(this.#cluster, topic))
    if (goesOn) for (const topic of this.#listeners.keys()) this.#pubsub.unsubscribe(topicName(this.#cluster, topic))
    this.#listeners.clear()
  }

  async publish (topic: Topic, announcement: Announcement): Promise<void> {
    const bytes = encodeAnnouncement(announcement)
    try {
      await this.#pubsub.publish(topicName(this.#cluster, topic), bytes)
    } catch (cause) {
      if (messageOf(cause) === NOBODY) return
      throw new MapReduceError('TRANSIENT', `Cannot announce a ${announcement.type} on topic ${topic}: ${messageOf(cause)}`, { cause })
    }
  }

  subscribe (topic: Topic, listener: Listener): void {
    this.#listeners.set(topic, [...this.#listeners.get(topic) ?? [], listener])
    this.#pubsub.subscribe(topicName(this.#cluster, topic))
  }

  /** A peer has connected, and so proved who it is: what it says from now on is news. */
  connected (peer: string): void {
    this.#authors.forget(peer)
  }

  readonly #onMessage = (event: CustomEvent<GossipMessage>): void => { this.#deliver(event.detail) }
  readonly #onHeartbeat = (): void => { this.#noteForged() }

  /**
   * Accept: delivered and passed on. Reject: bytes that no honest peer of this version sends; the peer that passed
   * them on loses score. Ignore: well formed, but of another cluster, or heard before; dropped here.
   */
  #judge (from: string, message: GossipMessage): TopicValidatorResult {
    try {
      const announcement = decodeAnnouncement(message.data)
      if ('cluster' in announcement && announcement.cluster !== this.#cluster) { return TopicValidatorResult.Ignore }
      if (message.type === 'signed' && !this.#admits(message.from.toString())) return TopicValidatorResult.Ignore
      if (!this.#isNews(message)) {
        this.#conduct.note('replayed', from)
        this.#log.debug({ peer: from, topic: message.topic }, 'Ignored an announcement that was heard before, or is too old to tell')
        return TopicValidatorResult.Ignore
      }
      this.#decoded.set(message, announcement)
      return TopicValidatorResult.Accept
    } catch (error) {
      this.#conduct.note(message.data.byteLength > MAX_ANNOUNCEMENT_BYTES ? 'oversized' : 'malformed', from)
      this.#rejected.set(from, (this.#rejected.get(from) ?? 0) + 1)
      this.#log.debug({ peer: from, topic: message.topic }, `Rejected an announcement: ${messageOf(error)}`)
      return TopicValidatorResult.Reject
    }
  }

  #isNews (message: GossipMessage): boolean {
    return message.type === 'signed' && this.#authors.isNews(message.from.toString(), message.sequenceNumber)
  }

  /** What gossipsub refused beyond what was rejected here had no good signature. */
  #noteForged (): void {
    for (const [peer, count] of this.#invalid.since()) {
      for (let n = this.#rejected.get(peer) ?? 0; n < count; n++) this.#conduct.note('forged', peer)
    }
    this.#rejected.clear()
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
