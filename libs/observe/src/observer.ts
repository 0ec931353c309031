import type { Components, Watch } from '@ipfs-mapreduce/actors'
import type { Files, Journal } from '@ipfs-mapreduce/mapreduce'
import type { Network } from '@ipfs-mapreduce/protocol'

/** Looks at a service: is told what its machines and its master do, and sees what passes its ports. Looking decides nothing. */
export interface Observer {
  inspect?: NonNullable<Components['inspect']>
  watch?: Watch
  network?: (network: Network) => Network
  files?: (files: Files) => Files
  journal?: (journal: Journal) => Journal
}

/** Several observers as one; without any, nothing is looked at. */
export function together (observers: readonly Observer[]): Observer {
  const inspecting = observers.flatMap(({ inspect }) => inspect ?? [])
  const watches = observers.flatMap(({ watch }) => watch ?? [])
  const port = <T> (wraps: Array<((port: T) => T) | undefined>) => (port: T): T => wraps.reduce((inner, wrap) => wrap?.(inner) ?? inner, port)
  return {
    ...inspecting.length > 0 && { inspect: event => { for (const inspect of inspecting) inspect(event) } },
    ...watches.length > 0 && { watch: watchedBy(watches) },
    network: port(observers.map(({ network }) => network)),
    files: port(observers.map(({ files }) => files)),
    journal: port(observers.map(({ journal }) => journal))
  }
}

function watchedBy (watches: readonly Watch[]): Watch {
  return {
    jobOpened: job => { for (const watch of watches) watch.jobOpened(job) },
    jobTicked: job => { for (const watch of watches) watch.jobTicked(job) },
    jobEnded: job => { for (const watch of watches) watch.jobEnded(job) },
    attemptStarted: (ref, started) => { for (const watch of watches) watch.attemptStarted(ref, started) },
    attemptEnded: (ref, ended) => { for (const watch of watches) watch.attemptEnded(ref, ended) }
  }
}
