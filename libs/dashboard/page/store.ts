import { useEffect, useState } from 'preact/hooks'
import { apply, NOTHING, type Model } from '../src/model/model.ts'
import { parseRoute, type Route } from './route.ts'
import type { Push } from '../src/feed/push.ts'

export interface Seen {
  model: Model
  /** False while the stream is broken; the browser tries again by itself. */
  live: boolean
}

let seen: Seen = { model: NOTHING, live: false }
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
  const stream = new EventSource(`api/events?${looked}`)
  const first = looked
  stream.addEventListener('message', event => {
    const push = JSON.parse(event.data as string) as Push
    tell({ model: apply(seen.model, push), live: true })
    // A stream that came back looks at what the first one did.
    if (push.viewer !== undefined && looked !== first) look(push.viewer)
  })
  stream.addEventListener('error', () => {
    tell({ live: false })
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => { removeEventListener('hashchange', changed); connect() }, 2000)
  })
  const changed = (): void => {
    const wanted = lookOf(parseRoute(location.hash))
    if (wanted === looked) return
    looked = wanted
    if (seen.model.viewer !== '') look(seen.model.viewer)
  }
  addEventListener('hashchange', changed)
}

function look (viewer: string): void {
  // Where it fails the stream is broken, and says so itself; it looks anew when it is back.
  fetch(`api/look?viewer=${encodeURIComponent(viewer)}&${looked}`).catch(() => { tell({ live: false }) })
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
