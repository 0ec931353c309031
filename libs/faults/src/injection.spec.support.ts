import type { Fault } from './fault.ts'
import { injectFaults, type FaultInjection } from './inject.ts'
import { manualClock, type ManualClock } from './clock.spec.support.ts'
import { parseFaults } from './parse.ts'
import { seededRandom } from './seeded-random.ts'

export interface Injected extends FaultInjection {
  time: ManualClock
  /** `KIND:TARGET` of each fault that struck, in order. */
  struck: string[]
  crashes: () => number
}

/** The faults of a text, on a clock that is moved by hand. */
export function inject (spec: string, seed = 1): Injected {
  const time = manualClock()
  const struck: string[] = []
  let crashes = 0
  const injection = injectFaults(parseFaults(spec), {
    random: seededRandom(seed),
    clock: time,
    crash: () => { crashes++ },
    onFault: ({ kind, target }: Fault) => { struck.push(`${kind}:${target}`) }
  })
  return { ...injection, time, struck, crashes: () => crashes }
}

/** What has become of a promise. */
export function watch<T> (promise: Promise<T>): { state: 'pending' | 'resolved' | 'rejected', value?: T, error?: { code?: string, message: string } } {
  const watched: ReturnType<typeof watch<T>> = { state: 'pending' }
  promise.then(
    value => { Object.assign(watched, { state: 'resolved', value }) },
    (error: unknown) => { Object.assign(watched, { state: 'rejected', error }) })
  return watched
}
