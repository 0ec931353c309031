import type { Clock } from '@ipfs-mapreduce/actors'
import { MAX_DURATION_MS } from '@ipfs-mapreduce/protocol'
import type { Fault } from './fault.ts'
import type { Roll } from './roll.ts'

/** A clock that is wrong while its faults are active; a drift that has come about remains. Timers go at its rate. */
export function skewedClock (inner: Clock, faults: readonly Fault[], roll: Roll): Clock {
  const told = new Set<Fault>()
  const active = (): Fault[] => faults.filter(fault => roll.active(fault)).map(fault => {
    if (!told.has(fault)) {
      told.add(fault)
      roll.tell(fault)
    }
    return fault
  })
  return {
    now () {
      const offsetMs = active().reduce((sum, { ms = 0 }) => sum + ms, 0)
      const driftMs = faults.reduce((sum, fault) => sum + ((fault.rate ?? 1) - 1) * roll.activeMs(fault), 0)
      return Math.round(inner.now() + offsetMs + driftMs)
    },
    setTimeout (callback, ms) {
      const rate = active().reduce((product, fault) => product * (fault.rate ?? 1), 1)
      return inner.setTimeout(callback, rate === 1 ? ms : Math.min(ms / rate, MAX_DURATION_MS))
    },
    clearTimeout (id) { inner.clearTimeout(id) }
  }
}
