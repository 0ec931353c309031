import type { Stream } from '@libp2p/interface'

/** A stream of Yamux, by what its receiver's window is made of in the library's version that the network pins. */
interface Windowed {
  /** Bytes that the other side may have on their way. */
  recvWindow: number
  /** Tells the other side of what has been added. */
  sendWindowUpdate: () => void
}

/**
 * Lets the other side of a stream have so many bytes on their way. Yamux begins with 256 KiB, and the library doubles them only where they
 * come within four round trips in whole milliseconds, of which a local network has none: so a block of 1 MiB was sent in four parts, each of
 * which waited for word of the last. A stream of another muxer, or that has more, is left as it is.
 */
export function widenWindow (stream: Stream, bytes: number): void {
  if (!isWindowed(stream) || stream.recvWindow >= bytes) return
  stream.recvWindow = bytes
  stream.sendWindowUpdate()
}

function isWindowed (stream: object): stream is Windowed {
  const { recvWindow, sendWindowUpdate } = stream as Partial<Windowed>
  return typeof recvWindow === 'number' && typeof sendWindowUpdate === 'function'
}
