/** One direction of a process's line, as it is now. */
export interface Link {
  cut: boolean
  /** Share of packets that are lost, 0 to 1. */
  loss: number
  delayMs: number
  /** A packet takes up to so much more or less than `delayMs`. */
  jitterMs: number
  /** 0 is without limit. */
  kbitPerSecond: number
}

export const CLEAR: Link = { cut: false, loss: 0, delayMs: 0, jitterMs: 0, kbitPerSecond: 0 }

/** What is behind in the queue by more than this is dropped, as by a router's buffer. */
export const MAX_QUEUE_MS = 1_000

/** A line in one direction: says when a packet leaves it at the other end, or that it does not. */
export class Line {
  readonly #random: () => number
  #link = CLEAR
  /** When the last packet has been put on the line. */
  #freeAtMs = 0

  constructor (random: () => number) {
    this.#random = random
  }

  set (link: Link): void {
    this.#link = link
    this.#freeAtMs = 0
  }

  /** @returns milliseconds until the packet arrives; undefined where it is lost */
  pass (bytes: number, nowMs: number): number | undefined {
    const { cut, loss, delayMs, jitterMs, kbitPerSecond } = this.#link
    if (cut || (loss > 0 && this.#random() < loss)) return undefined
    const queuedMs = this.#queue(bytes, nowMs, kbitPerSecond)
    if (queuedMs > MAX_QUEUE_MS) return undefined
    return queuedMs + (delayMs === 0 ? 0 : Math.max(0, delayMs + (2 * this.#random() - 1) * jitterMs))
  }

  #queue (bytes: number, nowMs: number, kbitPerSecond: number): number {
    if (kbitPerSecond === 0) return 0
    const doneMs = Math.max(nowMs, this.#freeAtMs) + 8 * bytes / kbitPerSecond
    if (doneMs - nowMs <= MAX_QUEUE_MS) this.#freeAtMs = doneMs
    return doneMs - nowMs
  }
}
