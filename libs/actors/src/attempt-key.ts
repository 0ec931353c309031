import type { AttemptRef } from '@ipfs-mapreduce/protocol'

/** An attempt's name in maps and logs: `JOB/map/3/1`. */
export function attemptKey ({ job, kind, task, attempt }: AttemptRef): string {
  return `${job}/${kind}/${task}/${attempt}`
}
