import type { SimulatedClock } from '../clock.ts'
import type { Consignment, Delivery, DeliveryListener, Interceptor, Loss, Verdict } from './delivery.ts'
import type { Links } from './links.ts'

/** The wire between virtual peers: latency, cuts and faults for everything that travels. */
export interface Carrier {
  /**
   * Takes one thing to its receiver: `arrive` runs after a latency for each hop, unless it is lost.
   * `present` tells then whether the receiver still is the one it was sent to.
   */
  send: (consignment: Consignment, route: { hops?: number, present: () => boolean, arrive: () => void }) => void
  /** A latency drawn for one hop, in milliseconds. */
  latency: () => number
  intercept: (interceptor: Interceptor) => () => void
  onDelivery: (listener: DeliveryListener) => () => void
}

export function createCarrier ({ clock, links, latencyMs }: { clock: SimulatedClock, links: Links, latencyMs: () => number }): Carrier {
  const interceptors = new Set<Interceptor>()
  const listeners = new Set<DeliveryListener>()

  const judge = (consignment: Consignment): Verdict => {
    for (const interceptor of interceptors) {
      const verdict = interceptor(consignment)
      if (verdict !== undefined) return verdict
    }
    return {}
  }

  const tell = (consignment: Consignment, lost?: Loss): void => {
    const delivery: Delivery = { atMs: clock.now(), ...consignment, ...(lost === undefined ? {} : { lost }) }
    for (const listener of listeners) listener(delivery)
  }

  return {
    latency: latencyMs,
    send (consignment, { hops = 1, present, arrive }) {
      const { from, to, cargo } = consignment
      const verdict = judge(consignment)
      if (verdict.drop === true) {
        tell(consignment, 'dropped')
        return
      }
      const copies = cargo.kind === 'gossip' ? 1 + (verdict.copies ?? 0) : 1
      for (let copy = 0; copy < copies; copy++) {
        clock.setTimeout(() => {
          const lost = !links.open(from, to) ? 'cut' : present() ? undefined : 'gone'
          tell(consignment, lost)
          if (lost === undefined) arrive()
        }, hops * latencyMs() + (verdict.delayMs ?? 0), `${cargo.kind} ${from} -> ${to}`)
      }
    },
    intercept: interceptor => member(interceptors, interceptor),
    onDelivery: listener => member(listeners, listener)
  }
}

/** Adds to a set; returns how to leave it. */
export function member<T> (set: Set<T>, item: T): () => void {
  set.add(item)
  return () => { set.delete(item) }
}
