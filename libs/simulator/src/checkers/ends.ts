import type { Failure } from '@ipfs-mapreduce/protocol'
import type { CheckerOf, View } from './checker.ts'
import { liars, throws } from './program.ts'
import { isMessageFault } from '../faults/fault.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { UNLOADABLE } from '../programs/simulated.ts'
import { CANCEL_REASON, type Errand } from '../scenario/user.ts'

/** Attempts at reduces wait for all maps. */
const HASTY_MS = 60_000
const GOSSIP = new Set(['gossip', 'heartbeat', 'masterAdvert', 'job'])

/** Every job ends: as it should where nothing happened to it, otherwise with a reason that something explains. */
export const ends: CheckerOf = (view, violated) => {
  const { user, world, jobs } = view
  return {
    name: 'every job ends for a true reason',
    observe () {},
    // A master that has just come back reads its journal first.
    settled: () => jobs.all().every(({ job, master, errand }) => job !== errand.job || !remembers(view, master) || world.master(master)?.job(job) !== undefined),
    finish () {
      for (const refusal of user.refusals) violated(refusal)
      for (const errand of user.errands) {
        const wrong = judge(errand, view)
        if (wrong !== undefined) violated(`${errand.job ?? errand.submission} of ${errand.plan.program}: ${wrong}`)
      }
      for (const { job, master, errand } of jobs.all()) {
        const now = world.master(master)?.job(job)
        const { end } = errand
        // An end that a full disk kept from the journal is not known after a restart: the job goes on.
        const unwritten = end?.failure?.code === 'STORAGE'
        if (job === errand.job && !errand.abandoned && now !== undefined && end !== undefined && now.state !== end.state && !unwritten) violated(`${job} had ${end.state} and now is ${now.state}`)
        if (job === errand.job && now === undefined && remembers(view, master)) violated(`${job} had ${end?.state ?? 'not ended'} and its master, which keeps a journal, does not know it`)
      }
    }
  }
}

/** Whether a master knows its jobs after it was killed. */
function remembers ({ scenario, wiped }: View, master: string): boolean {
  return scenario.cluster.journaled && !wiped(master)
}

/** A master that is stopped cancels what it runs. */
function stopped ({ scenario: { faults }, struck }: View, master: string): boolean {
  return struck('stop') && faults.some(fault => fault.kind === 'stop' && fault.peer === master)
}

function judge (errand: Errand, view: View): string | undefined {
  const { plan, master, end, cancelling, forgotten } = errand
  if (end === undefined) return 'it has not ended'
  if (forgotten > 0 && remembers(view, master)) return 'its master, which keeps a journal, has forgotten it'
  if (forgotten > 0 && !view.crashed(master)) return 'its master has forgotten it, and never crashed'
  const poisoned = throws(plan) && plan.skipBadRecords === 0
  switch (end.state) {
    case 'succeeded': return (poisoned || plan.program === UNLOADABLE) && liars(view.scenario).size === 0 ? 'it succeeded, and its program cannot' : undefined
    case 'cancelled': return (cancelling && end.reason === CANCEL_REASON) || stopped(view, master) ? undefined : `it was cancelled, for "${end.reason ?? ''}", and its user had not asked for it`
    default: {
      const { failure, reason = '' } = end
      if (failure === undefined || reason === '') return 'it failed and does not say why'
      return explained(failure, poisoned, errand, view) ? undefined : `it failed with ${failure.code}, which nothing explains: ${reason}`
    }
  }
}

/** Whether something that happened can have led to such a failure. */
function explained ({ code, message }: Failure, poisoned: boolean, { plan, given }: Errand, { scenario, world, struck, taken }: View): boolean {
  const { faults, cluster } = scenario
  // Taken from a disk by a fault, or kept from a worker by one of its own.
  const gone = (text: string): boolean => /injected: missing:block/.test(text) || (text.match(/\bbaf[a-z2-7]{50,}/g) ?? []).some(cid => world.names.some(peer => taken(peer, cid)))
  const processes = struck('crash', 'drain', 'stop', 'takeover', 'rival', 'process')
  const cut = struck('partition', 'cut')
  // Gossip alone is not what bytes and reports travel by.
  const storm = faults.some(fault => isMessageFault(fault) && !GOSSIP.has(fault.of) && struck(fault.kind))
  const silence = faults.some(fault => isMessageFault(fault) && struck(fault.kind))
  switch (code) {
    case 'PROGRAM': return poisoned
    case 'TIMEOUT': return hasty(scenario) || processes || cut || silence || struck('full', 'lose', 'rot') || plan.deadlineMs > 0 || (plan.program === 'endless' && cluster.endless > 0)
    case 'TRANSIENT': return processes || cut || silence || struck('full')
    // What a job makes it can make again: only what it was given can be out of reach, and what a fault has taken from the one who kept it.
    case 'BLOCK_UNAVAILABLE': return (given.some(cid => message.includes(cid)) && (processes || cut || storm || struck('lose', 'rot', 'full'))) || gone(message)
    case 'INPUT_LOST': return processes || cut || storm || struck('lose', 'rot', 'full')
    case 'UNREACHABLE': case 'ABORTED': case 'REFUSED': return processes || cut || storm || struck('forge')
    case 'STORAGE': return struck('full', 'process')
    case 'FATAL': return plan.program === UNLOADABLE || liars(scenario).size > 0
    case 'BAD_INPUT': return liars(scenario).size > 0
  }
}

/** Delays so short that a sound attempt may run into them. */
function hasty ({ cluster: { timing: { attemptMs = Infinity, secureMs = Infinity } } }: Scenario): boolean {
  return attemptMs < HASTY_MS || secureMs < HASTY_MS
}
