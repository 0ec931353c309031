import { setTimeout as pause } from 'node:timers/promises'
import type { JobStatus, WorkerStatus } from '@ipfs-mapreduce/protocol'
import { createLogUpdate } from 'log-update'
import { fitLine } from '../view/fit.ts'
import { hasEnded } from '../view/progress.ts'
import { canRewrite, styleFor } from '../view/reporter.ts'

/** Between two looks at a master: its workers tell it how far they are once a second. */
const LOOK_MS = 1_000

export interface Watching<T> {
  ask: () => Promise<T>
  render: (seen: T) => string
  /** One line for a script, without the newline. */
  json?: (seen: T) => string
  /** Whether there is nothing more to see. */
  ended: (seen: T) => boolean
  signal: AbortSignal
  print: (text: string) => Promise<void>
}

/**
 * Looks again and again until there is nothing more to see, or nobody wants to: on a terminal in place, elsewhere
 * a page after each change; for a script a line of JSON after each change.
 */
export async function watch<T> ({ ask, render, json, ended, signal, print }: Watching<T>): Promise<void> {
  const inPlace = json === undefined && canRewrite(process.stdout)
  const update = createLogUpdate(process.stdout)
  let last = ''
  try {
    while (!signal.aborted) {
      const seen = await ask()
      const text = json === undefined ? render(seen) : json(seen)
      if (inPlace) update(text.split('\n').map(line => fitLine([line], process.stdout.columns, styleFor(process.stdout))).join('\n'))
      else if (text !== last) await print(`${text}\n`)
      last = text
      if (ended(seen)) return
      await pause(LOOK_MS, undefined, { signal }).catch(() => { signal.throwIfAborted() })
    }
  } catch (error) {
    // Ctrl-C is how a person ends watching.
    if (!signal.aborted) throw error
  } finally {
    if (inPlace) update.done()
  }
}

/** What of a job a line of JSON tells. */
export function jobLine (job: JobStatus): string {
  return JSON.stringify(job)
}

export function jobEnded ({ state }: JobStatus): boolean {
  return hasEnded(state)
}

export function masterLine ({ jobs, workers }: { jobs: JobStatus[], workers: WorkerStatus[] }): string {
  return JSON.stringify({ jobs, workers })
}
