import type { Message, TaskCounts } from '@ipfs-mapreduce/protocol'
import type { CheckerOf } from './checker.ts'
import { isDeterministic, liars } from './program.ts'

/** States in which it is known what has been done. */
const COUNTED = new Set(['running', 'committing', 'succeeded'])

/** A task is committed exactly once: reducers are told of one run, and what has committed stays so, unless it was lost. */
export const commits: CheckerOf = ({ scenario, world, user, jobs, wiped }, violated) => {
  /** By job, map task and partition: the run that reducers were told of, or `empty`. */
  const told = new Map<string, string>()
  /** By master and job. */
  const before = new Map<string, { maps: TaskCounts, reduces: TaskCounts }>()
  /** Jobs of which a run was reported lost. */
  const lost = new Set<string>()
  const honest = liars(scenario).size === 0

  const steady = (job: string): boolean => {
    const plan = jobs.get(job)?.errand.plan
    return honest && plan !== undefined && isDeterministic(plan)
  }

  const tell = (job: string, mapTask: number, partition: number, cid: string): void => {
    const key = `${job}/${mapTask}/${partition}`
    const known = told.get(key)
    if (known !== undefined && known !== cid && steady(job)) violated(`reducers of ${job} were told of two runs of map ${mapTask} for partition ${partition}: ${known} and ${cid}`)
    told.set(key, cid)
  }

  const look = (master: string, job: string): void => {
    const status = world.master(master)?.job(job)
    // Planned anew after a restart, it is not known yet what had been done; nor will it be where that fails.
    if (status === undefined || !COUNTED.has(status.state)) return
    const { maps, reduces } = status
    for (const [kind, { total, pending, running, committed, failed }] of Object.entries({ maps, reduces })) {
      if (Math.min(pending, running, committed, failed) < 0 || pending + running + committed + failed !== total) {
        violated(`the ${kind} of ${job} do not add up: ${pending} pending, ${running} running, ${committed} committed and ${failed} failed are not ${total}`)
      }
    }
    const last = before.get(`${master} ${job}`)
    if (last !== undefined && last.maps.total > 0 && maps.total !== last.maps.total) violated(`${job} had ${last.maps.total} map tasks and has ${maps.total}`)
    if (last !== undefined && steady(job)) {
      if (reduces.committed < last.reduces.committed) violated(`${job} had ${last.reduces.committed} reduces committed and has ${reduces.committed}`)
      if (maps.committed < last.maps.committed && !lost.has(job)) violated(`${job} had ${last.maps.committed} maps committed and has ${maps.committed}, and nobody reported a run as lost`)
    }
    before.set(`${master} ${job}`, { maps, reduces })
  }

  return {
    name: 'a task commits once',
    observe (occurrence) {
      // What a journal keeps is not done twice; without one a master begins anew.
      if (occurrence.type === 'ended' && (!scenario.cluster.journaled || wiped(occurrence.peer))) for (const job of jobs.all()) if (job.master === occurrence.peer) before.delete(`${job.master} ${job.job}`)
      // What a stranger says is no statement of the cluster.
      if (occurrence.type === 'sent' && occurrence.consignment.cargo.kind === 'request' && world.role(occurrence.consignment.from) !== 'client') {
        const { message } = occurrence.consignment.cargo
        if (message.type === 'runsCommitted') {
          const { job, task } = message.ref
          for (const { run } of message.runs) tell(job, run.mapTask, task, run.cid)
          for (const mapTask of message.empty) tell(job, mapTask, task, 'empty')
        }
        // Faults inside of a process keep a report from being seen, so what is sent counts as said.
        if (message.type === 'runLost' || (message.type === 'attemptFailed' && message.failure.code === 'INPUT_LOST')) lost.add(message.ref.job)
      }
      if (occurrence.type === 'delivery' && occurrence.delivery.cargo.kind === 'answer') {
        const { from, to, cargo } = occurrence.delivery
        const job = jobOf(cargo.request)
        if (job !== undefined) look(world.role(from) === 'master' ? from : to, job)
      }
    },
    finish () {
      for (const { job, master } of jobs.all()) look(master, job)
      for (const { end } of user.errands) {
        if (end?.state !== 'succeeded') continue
        for (const [kind, { committed, total }] of Object.entries({ maps: end.maps, reduces: end.reduces })) {
          if (committed !== total) violated(`${end.job} succeeded with ${committed} of ${total} ${kind} committed`)
        }
      }
    }
  }
}

function jobOf (message: Message): string | undefined {
  return 'ref' in message ? message.ref.job : undefined
}
