import { useEffect, useState } from 'preact/hooks'
import { apply, NOTHING, type Model } from '../src/model/model.ts'
import { follow, shown } from './follow.ts'
import { parseRoute, type Route } from './route.ts'
import { dropToken, keepToken, tokenOf } from './token.ts'

/** Between a stream that broke and the next one, in milliseconds. */
const RETRY_MS = 1000
const UNAUTHORIZED = 401

export interface Seen {
  model: Model
  /** False while the stream is broken; it is tried again and again. */
  live: boolean
  /** Why the master tells nothing: it wants its token, and was shown none, or another one. */
  locked: 'no token' | 'another token' | undefined
}

let seen: Seen = { model: NOTHING, live: false, locked: undefined }
const listeners = new Set<(seen: Seen) => void>()
let drawing = false
/** What the stream's viewer was told to look at. */
let looked = ''

function tell (next: Partial<Seen>): void {
  seen = { ...seen, ...next }
  // Pushes may come faster than a frame, above all after a tab was asleep.
  if (drawing) return
  drawing = true
  requestAnimationFrame(() => {
    drawing = false
    for (const listener of listeners) listener(seen)
  })
}

function lookOf ({ job, task }: Route): string {
  const query = new URLSearchParams()
  if (job !== undefined) query.set('job', job)
  if (task !== undefined) query.set('task', `${task.kind}.${task.task}`)
  return query.toString()
}

/** Looks at what the address names, now and whenever it changes. */
export function connect (): void {
  looked = lookOf(parseRoute(location.hash))
  addEventListener('hashchange', () => {
    const wanted = lookOf(parseRoute(location.hash))
    if (wanted === looked) return
    looked = wanted
    if (seen.model.viewer !== '') look(seen.model.viewer)
  })
  attend()
}

/** Shows a token that a person has given. */
export function unlock (token: string): void {
  keepToken(token)
  attend()
}

/** Follows the master's stream; where it breaks, again and again. */
function attend (): void {
  const first = looked
  follow(`api/events?${looked}`, push => {
    tell({ model: apply(seen.model, push), live: true, locked: undefined })
    // The address has changed since the stream began.
    if (push.viewer !== undefined && looked !== first) look(push.viewer)
  }).then(status => {
    if (status === UNAUTHORIZED) lock()
    else attendLater()
  }, attendLater)
}

function attendLater (): void {
  tell({ live: false })
  setTimeout(attend, RETRY_MS)
}

function lock (): void {
  tell({ live: false, locked: tokenOf() === undefined ? 'no token' : 'another token' })
  dropToken()
}

function look (viewer: string): void {
  // Where it fails the stream is broken, and says so itself; it looks anew when it is back.
  fetch(`api/look?viewer=${encodeURIComponent(viewer)}&${looked}`, { headers: shown() }).catch(() => { tell({ live: false }) })
}

export function useSeen (): Seen {
  const [now, setNow] = useState(seen)
  useEffect(() => {
    listeners.add(setNow)
    setNow(seen)
    return () => { listeners.delete(setNow) }
  }, [])
  return now
}
