import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { REQUEST_TIMEOUT_MS, type Announcement, type Message, type MessageHandler, type Network, type PeerEvent } from '@ipfs-mapreduce/protocol'
import type { SeededRandom } from '@ipfs-mapreduce/simulator'
import type { ScaleClock } from './clock.ts'
import type { Kind, Meter } from './meter.ts'

/** One way, in milliseconds: drawn evenly between the two, so that messages do not come in step. */
const LATENCY_MS = { min: 1, max: 5 }
const MASTER = 'master'

/** What answers at the other end. */
export interface Peer {
  readonly peer: string
  /** A process that died closes its connections; a machine that did is silent. */
  presence: 'up' | 'closed' | 'silent'
  /** Throws what travels back as a refusal. */
  answer: (message: Message) => Message
}

/** Carries messages between one master and many peers as objects: what the codec costs is not in these measurements. */
export interface ScaleNetwork {
  /** The master's port. */
  port: Network
  add: (peer: Peer) => void
  /** Asks the master; `onAnswer` where the asker cares. */
  ask: (from: string, message: Message, onAnswer?: (answer: Message) => void) => void
  announce: (from: string, announcement: Announcement) => void
  disconnect: (peer: string) => void
  /** Refusals of the master, by their text. */
  refusals: Map<string, number>
}

export function createNetwork ({ clock, meter, random }: { clock: ScaleClock, meter: Meter, random: SeededRandom }): ScaleNetwork {
  const peers = new Map<string, Peer>()
  const refusals = new Map<string, number>()
  const listeners: Array<(from: string, announcement: Announcement) => void> = []
  const watchers: Array<(event: PeerEvent) => void> = []
  const atPeer = meter.kind('cluster', 'peers')
  let handler: MessageHandler | undefined
  const latencyMs = (): number => LATENCY_MS.min + random.int(LATENCY_MS.max - LATENCY_MS.min + 1)
  const asked = kindsAtMaster(type => meter.kind('master', type))
  const answered = kindsAtMaster(type => meter.kind('master', `answer to ${type}`))

  const request = (to: string, message: Message): Promise<Message> => {
    const { promise, resolve, reject } = Promise.withResolvers<Message>()
    const back = (ms: number, act: () => void): void => { clock.after(ms, answered(message.type), act) }
    clock.after(latencyMs(), atPeer, () => {
      const peer = peers.get(to)
      if (peer?.presence !== 'up') {
        back(peer?.presence === 'silent' ? REQUEST_TIMEOUT_MS : latencyMs(), () => { reject(new MapReduceError('UNREACHABLE', `${to} does not answer`)) })
        return
      }
      try {
        const answer = peer.answer(message)
        back(latencyMs(), () => { resolve(answer) })
      } catch (error) {
        back(latencyMs(), () => { reject(error as Error) })
      }
    })
    return promise
  }

  return {
    refusals,
    add (peer) { peers.set(peer.peer, peer) },
    ask (from, message, onAnswer) {
      clock.after(latencyMs(), asked(message.type), () => {
        handler!(from, message).then(
          answer => { if (onAnswer !== undefined) clock.after(latencyMs(), atPeer, () => { onAnswer(answer) }) },
          (error: unknown) => { refusals.set(String(error), (refusals.get(String(error)) ?? 0) + 1) })
      })
    },
    announce (from, announcement) {
      clock.after(latencyMs(), asked(announcement.type), () => { for (const listen of listeners) listen(from, announcement) })
    },
    disconnect (peer) {
      clock.after(latencyMs(), asked('connection closed'), () => { for (const watch of watchers) watch({ type: 'disconnected', peer }) })
    },
    port: {
      peer: MASTER,
      addresses: () => [`/ip4/10.0.0.1/tcp/4510/p2p/${MASTER}`],
      request,
      handle (one) { handler = one },
      async publish () {},
      subscribe (topic, listener) { if (topic === 'workers') listeners.push(listener) },
      onPeer (listener) {
        watchers.push(listener)
        return () => { watchers.splice(watchers.indexOf(listener), 1) }
      },
      connected: peer => peers.get(peer)?.presence === 'up',
      dial: () => { throw new Error('a master does not dial') },
      async close () {}
    }
  }
}

/** Kinds by what they are about, each made once: making names for millions of messages would take its time too. */
function kindsAtMaster (make: (name: string) => Kind): (name: string) => Kind {
  const kinds = new Map<string, Kind>()
  return name => {
    const kind = kinds.get(name) ?? make(name)
    kinds.set(name, kind)
    return kind
  }
}
