import { useEffect, useState } from 'preact/hooks'
import type { TaskKind } from '@ipfs-mapreduce/protocol'

/** What the address names: all jobs, one of them, one of its tasks. */
export interface Route {
  job?: string
  task?: { kind: TaskKind, task: number }
}

export function parseRoute (hash: string): Route {
  const [, job, kind, task] = /^#\/jobs\/([^/]+)(?:\/(map|reduce)\/(\d+))?$/.exec(hash) ?? []
  if (job === undefined) return {}
  return { job: decodeURIComponent(job), ...task !== undefined && { task: { kind: kind as TaskKind, task: Number(task) } } }
}

export function hrefOf ({ job, task }: Route): string {
  if (job === undefined) return '#/'
  return `#/jobs/${encodeURIComponent(job)}${task === undefined ? '' : `/${task.kind}/${task.task}`}`
}

export function go (route: Route): void {
  location.hash = hrefOf(route)
}

export function useRoute (): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash))
  useEffect(() => {
    const changed = (): void => { setRoute(parseRoute(location.hash)) }
    addEventListener('hashchange', changed)
    return () => { removeEventListener('hashchange', changed) }
  }, [])
  return route
}
