import type { SimulatedClock } from '../clock.ts'
import type { Consignment, Delivery, DeliveryListener, Interceptor, Loss, Verdict } from './delivery.ts'
import type { Links } from './links.ts'

/** The wire between virtual peers: latency, cuts and faults for everything that travels. */
export interface Carrier {
  /**
   * Takes one thing to its receiver: `arrive` runs after a latency for each hop, unless it is lost.
   * `present` tells then whether the receiver still is the one it was sent to. Damage is handed to `arrive`; of a message
   * on a stream to `broken` instead.
   */
  send: (consignment: Consignment, route: Route) => void
  /** A latency drawn for one hop, in milliseconds. */
  latency: () => number
  intercept: (interceptor: Interceptor) => () => void
  onDelivery: (listener: DeliveryListener) => () => void
}

export interface Route {
  hops?: number
  present: () => boolean
  arrive: (damage?: number) => void
  broken?: (damage: number) => void
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

  const tell = (consignment: Consignment, { lost, damage }: { lost?: Loss | undefined, damage?: number | undefined }): void => {
    const delivery: Delivery = { atMs: clock.now(), ...consignment, ...lost !== undefined && { lost }, ...damage !== undefined && { damaged: true } }
    for (const listener of listeners) listener(delivery)
  }

  return {
    latency: latencyMs,
    send (consignment, { hops = 1, present, arrive, broken }) {
      const { from, to, cargo } = consignment
      const verdict = judge(consignment)
      if (verdict.drop === true) {
        tell(consignment, { lost: 'dropped' })
        return
      }
      const copies = cargo.kind === 'gossip' ? 1 + (verdict.copies ?? 0) : 1
      for (let copy = 0; copy < copies; copy++) {
        clock.setTimeout(() => {
          const { damage } = verdict
          const breaks = damage !== undefined && broken !== undefined
          const lost = !links.open(from, to) ? 'cut' : !present() ? 'gone' : breaks ? 'reset' : undefined
          tell(consignment, { lost, damage })
          if (lost === 'reset') broken!(damage!)
          else if (lost === undefined) arrive(damage)
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
