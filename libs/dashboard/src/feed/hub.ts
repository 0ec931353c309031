import type { JobView, Master, MasterWindow } from '@ipfs-mapreduce/actors'
import type { EventStream } from '@ipfs-mapreduce/observe'
import type { TaskKind } from '@ipfs-mapreduce/protocol'
import { Viewer, type Scene } from './viewer.ts'
import type { About, DoorView, Look } from './push.ts'

/** Between pushes, in milliseconds: an eye takes it for live. */
export const PUSH_MS = 250
/** Who looks at once; more are told to come later. */
export const MAX_VIEWERS = 16
/** A viewer that has not taken so much yet gets nothing more until it has: it misses no change, they come together. */
export const MAX_WAITING_BYTES = 1024 * 1024

export interface HubInit {
  master: Pick<Master, 'status' | 'job'>
  window: Pick<MasterWindow, 'job'>
  /** What the master's door has seen so far. */
  door: () => DoorView
  about: About
  now: () => number
  newId: () => string
}

/** Pushes to all who look. While nobody does it does nothing. */
export class Hub {
  readonly #init: HubInit
  readonly #viewers = new Map<string, { viewer: Viewer, stream: EventStream }>()
  #timer: NodeJS.Timeout | undefined

  constructor (init: HubInit) {
    this.#init = init
  }

  get size (): number {
    return this.#viewers.size
  }

  get isFull (): boolean {
    return this.#viewers.size >= MAX_VIEWERS
  }

  open (stream: EventStream, look: Look): void {
    const { about, now, newId } = this.#init
    const id = newId()
    const viewer = new Viewer()
    viewer.look(look)
    this.#viewers.set(id, { viewer, stream })
    stream.onClose(() => {
      this.#viewers.delete(id)
      if (this.#viewers.size === 0) this.close()
    })
    stream.send({ now: now(), viewer: id, about, ...viewer.next(this.#scene()) })
    this.#timer ??= setInterval(() => { this.#push() }, PUSH_MS)
  }

  /** What a viewer looks at from now on. False where there is none of this name. */
  look (id: string, look: Look): boolean {
    const found = this.#viewers.get(id)
    if (found === undefined) return false
    found.viewer.look(look)
    this.#pushTo(found, this.#scene())
    return true
  }

  close (): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #push (): void {
    const scene = this.#scene()
    for (const each of this.#viewers.values()) this.#pushTo(each, scene)
  }

  #pushTo ({ viewer, stream }: { viewer: Viewer, stream: EventStream }, scene: Scene): void {
    if (stream.waitingBytes > MAX_WAITING_BYTES) return
    const push = viewer.next(scene)
    if (push !== undefined) stream.send(push)
  }

  #scene (): Scene {
    const { master, window, door, now } = this.#init
    const states = new Map<string, Uint8Array>()
    const nowMs = now()
    return {
      now: nowMs,
      status: master.status(),
      door: door(),
      job: id => master.job(id),
      view: id => {
        const view = window.job(id)
        view?.sample(nowMs)
        return view
      },
      states: (view: JobView, kind: TaskKind) => {
        const key = `${view.id}/${kind}`
        const known = states.get(key) ?? view.states(kind)
        states.set(key, known)
        return known
      }
    }
  }
}
