import type { AttemptCompleted } from '@ipfs-mapreduce/protocol'
import type { CheckerOf } from './checker.ts'
import { isDeterministic, liars } from './program.ts'

interface Vote { worker: string, runs: string }

/** Who gives a false answer, and is contradicted by two others after it, gets no more of the job. Of maps: what a reduce is to answer may change. */
export const justice: CheckerOf = ({ scenario, world, user }, violated) => {
  const dishonest = liars(scenario)
  /** By master and job, and map task: the answers that a master has taken, in their order. */
  const votes = new Map<string, Map<number, Vote[]>>()

  const vote = (master: string, worker: string, { ref: { job, task }, runs }: AttemptCompleted): void => {
    const key = `${master} ${job}`
    const tasks = votes.get(key) ?? new Map<number, Vote[]>()
    votes.set(key, tasks)
    tasks.set(task, [...tasks.get(task) ?? [], { worker, runs: runs.map(({ cid }) => cid).join() }])
  }

  return {
    name: 'liars are found out',
    observe (occurrence) {
      if (dishonest.size === 0 || occurrence.type !== 'delivery' || occurrence.delivery.lost !== undefined) return
      const { from, to, cargo } = occurrence.delivery
      if (cargo.kind === 'answer' && cargo.message.type === 'ack' && cargo.request.type === 'attemptCompleted' && cargo.request.ref.kind === 'map' && world.role(to) !== 'client') vote(from, to, cargo.request)
    },
    finish () {
      for (const { plan, master, end } of user.errands) {
        if (end?.state !== 'succeeded' || !isDeterministic(plan)) continue
        for (const [task, cast] of votes.get(`${master} ${end.job}`) ?? []) {
          const [lie, ...rest] = cast.slice(cast.findIndex(({ worker }) => dishonest.has(worker)))
          if (lie === undefined || !dishonest.has(lie.worker)) continue
          const honest = rest.filter(({ worker }) => !dishonest.has(worker))
          const agree = new Set(honest.map(({ runs }) => runs)).size === 1 && new Set(honest.map(({ worker }) => worker)).size > 1
          if (agree && honest[0]!.runs !== lie.runs && !end.blacklist.includes(lie.worker)) violated(`${lie.worker} answered map ${task} of ${end.job} otherwise than ${honest.map(({ worker }) => worker).join(' and ')}, and goes on`)
        }
      }
    }
  }
}
