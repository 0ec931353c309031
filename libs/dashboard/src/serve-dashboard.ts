import type { Master, MasterWindow } from '@ipfs-mapreduce/actors'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { HttpRequest, HttpServer } from '@ipfs-mapreduce/observe'
import { readAssets } from './assets.ts'
import { Hub } from './feed/hub.ts'
import type { About, DoorView, Look } from './feed/push.ts'

export interface DashboardInit {
  http: HttpServer
  master: Pick<Master, 'status' | 'job' | 'cancel'>
  window: Pick<MasterWindow, 'job'>
  /** What the master's door has seen so far. */
  door: () => DoorView
  about: About
  /** The built page: `index.html` and what it loads. */
  assetsDir: string
  now: () => number
  newId: () => string
}

export interface Dashboard {
  /** Who looks now. */
  readonly viewers: number
  /** Stops pushing; the streams end with the server. */
  close: () => void
}

/**
 * Shows a master in the browser. `GET /api/events` streams what goes on; `GET /api/look` says what the stream's viewer
 * looks at, and is answered to that viewer's stream; `POST /api/cancel/JOB` cancels a job, with the token.
 */
export function serveDashboard ({ http, master, assetsDir, ...init }: DashboardInit): Dashboard {
  const hub = new Hub({ master, ...init })
  http.add({ method: 'GET', path: '/*', handle: readAssets(assetsDir) })
  http.add({
    method: 'GET', path: '/api/events', exposure: 'private',
    handle: request => hub.isFull
      ? { status: 503, body: 'too many look already; close another one\n', headers: { 'retry-after': '5' } }
      : { events: stream => { hub.open(stream, lookOf(request)) } }
  })
  http.add({
    method: 'GET', path: '/api/look', exposure: 'private',
    handle: request => hub.look(request.query.get('viewer') ?? '', lookOf(request))
      ? { status: 204, body: '' }
      : { status: 410, body: 'this stream has ended\n' }
  })
  http.add({
    method: 'POST', path: '/api/cancel/*',
    handle: async ({ rest }) => {
      try {
        await master.cancel(rest, 'cancelled on the dashboard')
        return { body: 'cancelled\n' }
      } catch (error) {
        if (error instanceof MapReduceError && error.code === 'BAD_INPUT') return { status: 404, body: `${error.message}\n` }
        throw error
      }
    }
  })
  return { get viewers () { return hub.size }, close: () => { hub.close() } }
}

/** `job=ID`, and `task=map.17` of it. What is no task is none. */
function lookOf ({ query }: HttpRequest): Look {
  const job = query.get('job')
  const [, kind, task] = /^(map|reduce)\.(\d{1,9})$/.exec(query.get('task') ?? '') ?? []
  return {
    ...job !== null && job !== '' && { job },
    ...job !== null && task !== undefined && { task: { kind: kind === 'map' ? 'map' as const : 'reduce' as const, task: Number(task) } }
  }
}
