import type { ServerResponse } from 'node:http'

/** Server-sent events to one listener. */
export interface EventStream {
  /** Sends a value as JSON. After the end it is dropped. */
  send: (value: unknown) => void
  /** Bytes that the listener has not taken yet: who pushes often should wait while there are many. */
  readonly waitingBytes: number
  onClose: (listener: () => void) => void
  end: () => void
}

/** How soon a browser comes back after its stream broke, in milliseconds. */
const RETRY_MS = 1000

export function createEventStream (response: ServerResponse): EventStream {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(`retry: ${RETRY_MS}\n\n`)
  return {
    // JSON has no line breaks of its own.
    send: value => { if (!response.writableEnded && !response.destroyed) response.write(`data: ${JSON.stringify(value)}\n\n`) },
    get waitingBytes () { return response.writableLength },
    onClose: listener => { response.once('close', listener) },
    end: () => { response.end() }
  }
}
