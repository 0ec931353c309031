import type { AttemptRef } from '@ipfs-mapreduce/protocol'

/** The name of a task, of a job that is named: `JOB/map/17`. */
export function taskName ({ job, kind, task }: Omit<AttemptRef, 'attempt'>): string {
  return `${job}/${kind}/${task}`
}

/** The name of an attempt, the same wherever it is told of: `JOB/map/17/2`. */
export function attemptName (ref: AttemptRef): string {
  return `${taskName(ref)}/${ref.attempt}`
}
