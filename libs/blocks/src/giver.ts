import { GIVING_IDLE_MS, MAX_GIVING_STREAMS, MAX_GIVING_STREAMS_PER_CONNECTION } from './constants.ts'
import { DATA_PROTOCOL_ID } from './data-frames.ts'
import { GivingStream } from './giving-stream.ts'
import type { Log } from './log.ts'
import type { Libp2p, Stream } from '@libp2p/interface'
import type { Blockstore } from 'interface-blockstore'

export interface GiverInit {
  libp2p: Libp2p
  /** Must not ask the network: an answer that waits for a third peer holds up all others on its stream. */
  blockstore: Pick<Blockstore, 'get'>
  log: Log
  idleMs?: number
}

/** Gives blocks of this machine to peers that ask for them on data streams. */
export class Giver {
  readonly #init: GiverInit
  readonly #streams = new Set<GivingStream>()

  constructor (init: GiverInit) {
    this.#init = init
  }

  async start (): Promise<void> {
    await this.#init.libp2p.handle(DATA_PROTOCOL_ID, this.#onStream, { maxInboundStreams: MAX_GIVING_STREAMS_PER_CONNECTION })
  }

  async stop (): Promise<void> {
    await this.#init.libp2p.unhandle(DATA_PROTOCOL_ID)
    for (const stream of this.#streams) stream.end(new Error('this peer is stopping'))
  }

  readonly #onStream = (stream: Stream): void => {
    if (this.#streams.size >= MAX_GIVING_STREAMS) {
      stream.abort(new Error(`this peer gives on ${MAX_GIVING_STREAMS} streams already`))
      return
    }
    const giving = new GivingStream(stream, { ...this.#init, idleMs: this.#init.idleMs ?? GIVING_IDLE_MS })
    this.#streams.add(giving)
    void giving.run().finally(() => { this.#streams.delete(giving) })
  }
}
