import { tokenOf } from './token.ts'
import type { Push } from '../src/feed/push.ts'

/** The token, as the master wants to see it: for what changes something, and beyond its own machine for what jobs are about. */
export function shown (): Record<string, string> {
  const token = tokenOf()
  return token === undefined ? {} : { authorization: `Bearer ${token}` }
}

/**
 * Follows a stream of server-sent events to its end, with the token, which an EventSource could not show. Rejects where it breaks.
 *
 * @returns the status with which the master answered
 */
export async function follow (path: string, onPush: (push: Push) => void): Promise<number> {
  const response = await fetch(path, { headers: shown() })
  if (!response.ok || response.body === null) return response.status
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return response.status
    text += value
    const end = text.lastIndexOf('\n\n')
    if (end < 0) continue
    for (const event of text.slice(0, end).split('\n\n')) if (event.startsWith(DATA)) onPush(JSON.parse(event.slice(DATA.length)) as Push)
    text = text.slice(end + 2)
  }
}

/** The server writes each event as one such line. */
const DATA = 'data: '
