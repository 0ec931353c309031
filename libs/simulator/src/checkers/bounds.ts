import { DEFAULT_MAX_ATTEMPTS, LOSSES_PER_ATTEMPT, MAX_REOPENS } from '@ipfs-mapreduce/state-machines'
import type { CheckerOf } from './checker.ts'

/** Timers of one process: those of its attempts and memberships, and what the network waits for. */
const TIMERS_PER_PEER = 256
/** Beside each attempt there may be a backup. */
const BACKUPS = 2

/** Attempts, timers and messages are bounded. That messages and announcements are short is their encoder's to refuse. */
export const bounds: CheckerOf = ({ world, jobs }, violated) => {
  const maxTimers = TIMERS_PER_PEER * world.names.length
  return {
    name: 'everything is bounded',
    observe (occurrence) {
      if (occurrence.type !== 'sent') return
      const timers = world.clock.timers()
      if (timers > maxTimers) violated(`${timers} timers wait, more than ${TIMERS_PER_PEER} for each of ${world.names.length} peers`)
      const { cargo } = occurrence.consignment
      if (cargo.kind !== 'request' || cargo.message.type !== 'attemptAssigned') return
      const { job, kind, task, attempt } = cargo.message.ref
      const maxAttempts = jobs.get(job)?.errand.plan.maxAttempts || DEFAULT_MAX_ATTEMPTS
      const most = BACKUPS * maxAttempts * (1 + LOSSES_PER_ATTEMPT) * (1 + MAX_REOPENS)
      if (attempt > most) violated(`${kind} ${task} of ${job} is at attempt ${attempt}, and ${most} are the most that its failures and losses allow`)
    },
    finish () {}
  }
}
