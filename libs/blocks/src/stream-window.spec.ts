import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { STREAM_WINDOW_BYTES } from './constants.ts'
import { peers } from './peers.spec.support.ts'
import { widenWindow } from './stream-window.ts'
import type { Stream } from '@libp2p/interface'

const PROTOCOL = '/test/window/1.0.0'
const FIRST_WINDOW_BYTES = 256 * 1024

describe('a stream\'s window', () => {
  let cluster: ReturnType<typeof peers>
  beforeEach(() => { cluster = peers() })
  afterEach(async () => { await cluster.stop() })

  /** A stream that is read no further, and the other side, which has more than a window to send. */
  const stuck = async (open: (stream: Stream) => void): Promise<{ reader: Stream, sender: Stream }> => {
    const [here, there] = [await cluster.node(), await cluster.node()]
    const opened = Promise.withResolvers<Stream>()
    await there.handle(PROTOCOL, stream => { opened.resolve(stream) })
    const reader = await here.dialProtocol(there.getMultiaddrs(), PROTOCOL)
    open(reader)
    reader.pause()
    // Window updates are read in their order: what came after them has been asked for.
    reader.send(Uint8Array.of(1))
    const sender = await opened.promise
    await once(sender, 'message')
    sender.send(new Uint8Array(2 * STREAM_WINDOW_BYTES))
    return { reader, sender }
  }

  it('is the library\'s where nobody widens it', async () => {
    const { sender } = await stuck(() => {})
    expect(sender.writeBufferLength).toBe(2 * STREAM_WINDOW_BYTES - FIRST_WINDOW_BYTES)
  })

  it('is as wide as it is made, and no narrower than it was', async () => {
    const { sender } = await stuck(stream => {
      widenWindow(stream, STREAM_WINDOW_BYTES)
      widenWindow(stream, FIRST_WINDOW_BYTES)
    })
    while (sender.writeBufferLength > STREAM_WINDOW_BYTES) await once(sender, 'drain')
    // The library may have doubled it already.
    expect(sender.writeBufferLength).toBeLessThanOrEqual(STREAM_WINDOW_BYTES)
  })

  it('is left alone on a stream that has none', () => {
    const other = { id: '1' } as Stream
    widenWindow(other, STREAM_WINDOW_BYTES)
    expect(other).toEqual({ id: '1' })
  })
})
