import type { AttemptRef } from '@ipfs-mapreduce/protocol'
import { DEFAULT_MAX_ATTEMPTS } from '@ipfs-mapreduce/state-machines'
import type { CheckerOf } from './checker.ts'

const nameOf = ({ job, kind, task, attempt }: AttemptRef): string => `${kind} ${task}#${attempt} of ${job}`

/** An attempt is one worker's, also after its master's restart, and where nothing goes wrong a task is tried no more often than it may be. */
export const attempts: CheckerOf = ({ scenario, world, jobs, wiped }, violated) => {
  const workers = new Map<string, string>()
  const failed = new Map<string, Set<number>>()

  const assigned = (master: string, to: string, ref: AttemptRef): void => {
    const key = `${master} ${nameOf(ref)}`
    const known = workers.get(key)
    if (known !== undefined && known !== to && scenario.cluster.journaled && !wiped(master)) violated(`${nameOf(ref)} was given to ${known} and to ${to}`)
    workers.set(key, to)
  }

  const reported = ({ job, kind, task, attempt }: AttemptRef): void => {
    const key = `${kind} ${task} of ${job}`
    const tried = (failed.get(key) ?? new Set()).add(attempt)
    failed.set(key, tried)
    const most = jobs.get(job)?.errand.plan.maxAttempts || DEFAULT_MAX_ATTEMPTS
    // Under faults an attempt may have been given up before it failed.
    if (scenario.faults.length === 0 && tried.size > most) violated(`${key} failed ${tried.size} times, and may ${most} times`)
  }

  return {
    name: 'attempts are opened as they may be',
    observe (occurrence) {
      if (occurrence.type !== 'sent' || occurrence.consignment.cargo.kind !== 'request') return
      const { from, to, cargo: { message } } = occurrence.consignment
      if (message.type === 'attemptAssigned' && world.role(from) === 'master') assigned(from, to, message.ref)
      else if (message.type === 'attemptFailed' && world.role(from) !== 'client') reported(message.ref)
    },
    finish () {}
  }
}
