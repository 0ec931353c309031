import type { StreamMessageEvent } from '@libp2p/interface'

/** The pieces of what a stream brought at once. */
export function piecesOfMessage (data: StreamMessageEvent['data']): Iterable<Uint8Array> {
  return data instanceof Uint8Array ? [data] : data
}
