import type { Socket } from 'node:net'
import { FRAME_CONTROL, FRAME_DATA, FrameDecoder, frameHeader } from './frames.ts'

export interface ChannelHandlers {
  /** Largest frame that the other side may send. */
  maxBytes: number
  onMessage: (message: unknown) => void
  onData: (id: number, bytes: Uint8Array) => void
  /** Called once. `error` says what was wrong with what came in; without it the other side closed. */
  onClose: (error?: Error) => void
}

/** The framed socket between a sandbox and one executor. */
export interface Channel {
  send: (message: object) => void
  /** Sends content and resolves when more may follow, or when the channel has closed. */
  sendData: (id: number, bytes: Uint8Array) => Promise<void>
  /** Whether the open channel keeps this process alive. */
  hold: (held: boolean) => void
  close: () => void
}

/** Speaks frames on a connected socket. Bytes that are no frames, or a handler that throws, close it. */
export function openChannel (socket: Socket, { maxBytes, onMessage, onData, onClose }: ChannelHandlers): Channel {
  const decoder = new FrameDecoder(maxBytes)
  const encoder = new TextEncoder()
  const text = new TextDecoder('utf-8', { fatal: true })
  let closed = false

  const end = (error?: Error) => {
    if (closed) return
    closed = true
    socket.destroy()
    onClose(error)
  }
  const write = (type: number, id: number, payload: Uint8Array): boolean => {
    if (closed) return true
    socket.cork()
    socket.write(frameHeader(type, id, payload.length))
    const ready = socket.write(payload)
    socket.uncork()
    return ready
  }

  socket.on('data', (chunk: Uint8Array) => {
    try {
      for (const { type, id, payload } of decoder.push(chunk)) {
        if (closed) return
        if (type === FRAME_DATA) onData(id, payload)
        else onMessage(JSON.parse(text.decode(payload)))
      }
    } catch (error) {
      end(error as Error)
    }
  })
  // A reset, or a write after the other side has gone, is the end of the other side and is told as that.
  socket.on('error', () => { end() })
  socket.on('end', () => { end() })
  socket.on('close', () => { end() })

  return {
    send: message => { write(FRAME_CONTROL, 0, encoder.encode(JSON.stringify(message))) },
    sendData: async (id, bytes) => {
      if (write(FRAME_DATA, id, bytes)) return
      await new Promise<void>(resolve => {
        const settle = () => {
          socket.off('drain', settle)
          socket.off('close', settle)
          resolve()
        }
        socket.on('drain', settle)
        socket.on('close', settle)
      })
    },
    hold: held => { if (held) socket.ref(); else socket.unref() },
    close: () => { end() }
  }
}
