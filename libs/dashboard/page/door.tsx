import type { ComponentChildren } from 'preact'
import { count, peerTail, plural } from './format.ts'
import { Card } from './pieces.tsx'
import type { DoorView } from '../src/feed/push.ts'

/** Offences in words; what is new to this page is shown by its name. */
const WORDS: Record<string, string> = {
  stranger: 'left before they had proved who they are',
  unlisted: 'are not on the list',
  banned: 'came back while kept out',
  oversized: 'too long',
  malformed: 'no message',
  forged: 'not signed by its author',
  replayed: 'heard before',
  unauthorized: 'not for its sender to send'
}
/** Offences of who connects, rather than of what is sent. */
const AT_THE_DOOR = new Set(['stranger', 'unlisted', 'banned'])

/** What the master counted of peers that misbehave, or have no business here, and who is kept out for it. */
export function Door ({ door: { counts, offenders, limit } }: { door: DoorView }): ComponentChildren {
  const entries = Object.entries(counts)
  const total = entries.reduce((sum, [, times]) => sum + times, 0)
  const rows = (title: string, those: typeof entries): ComponentChildren => those.length > 0 && (
    <>
      <h3>{title}</h3>
      <table class="counters"><tbody>{those.map(([offence, times]) => <tr key={offence}><th scope="row"><code>{offence}</code> <span class="muted">{WORDS[offence]}</span></th><td class="num">{count(times)}</td></tr>)}</tbody></table>
    </>
  )
  return (
    <Card title="At the door" note={total > 0 && plural(total, 'offence')}>
      {total === 0 && <p class="empty">Nobody has misbehaved, or was turned away, since this master started.</p>}
      {rows('Connections that were refused', entries.filter(([offence]) => AT_THE_DOOR.has(offence)))}
      {rows('Messages that were dropped', entries.filter(([offence]) => !AT_THE_DOOR.has(offence)))}
      {offenders.length > 0 && (
        <>
          <h3>Peers</h3>
          <ul class="workers">
            {offenders.map(({ peer, points, last, isBanned }) => (
              <li key={peer} class="worker">
                <span class="worker-name mono" title={peer}>{peerTail(peer)}</span>
                <span class="muted">last {last}</span>
                <span class="space" />
                {isBanned ? <span class="pill state-failed">kept out</span> : <span class="num muted">{count(points)} of {count(limit)} points</span>}
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  )
}
