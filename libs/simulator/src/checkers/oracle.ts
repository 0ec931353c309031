import { sequential, type Bounds, type SequentialResult } from '@ipfs-mapreduce/mapreduce'
import type { JobStatus } from '@ipfs-mapreduce/protocol'
import type { CheckerOf } from './checker.ts'
import { isDeterministic, liars } from './program.ts'
import { findProgram } from '../cluster/program-bundle.ts'
import { compareText } from '../files/text-order.ts'
import { BEHAVED } from '../programs/simulated.ts'
import type { JobPlan } from '../scenario/scenario.ts'
import type { Errand } from '../scenario/user.ts'

/** What the sequential oracle makes of a plan, partitioned at `bounds` if its program does so. Throws what the program throws. */
export async function oracleOf ({ program, args, files, reducers, skipBadRecords }: JobPlan, bounds?: Bounds): Promise<SequentialResult> {
  const input = Object.entries(files).sort(([a], [b]) => compareText(a, b)).map(([path, text]) => ({ path, content: new TextEncoder().encode(text) }))
  return await sequential(findProgram(BEHAVED, program), input, { reducers, args, separator: ' ', skipBadRecords, bounds })
}

/**
 * A job that succeeds has the bytes and counters of the sequential oracle. Where a worker lies that holds only if two honest answers
 * outvote it at each task that it had; a program that answers by chance has the oracle's keys.
 */
export function oracle (oracles: ReadonlyMap<JobPlan, SequentialResult>): CheckerOf {
  return ({ scenario, world, user }, violated) => {
    const dishonest = liars(scenario)
    /** By master and job, and task: who gave an answer. */
    const answered = new Map<string, Map<string, string[]>>()

    const checkBytes = (errand: Errand, status: JobStatus, { parts, counters }: SequentialResult): void => {
      const names = world.files.list(status.result!)
      if (names === undefined) return
      const wrong = names.flatMap(({ cid, name }, i) => {
        const content = world.files.content(cid)
        // Where a fault has taken it there is nothing to compare.
        return content === undefined || (parts[i] !== undefined && sameBytes(content, parts[i])) ? [] : [name]
      })
      const wrongCounters = Object.entries(counters).filter(([name, n]) => (status.counters[name] ?? 0) !== n).map(([name, n]) => `${name} is ${status.counters[name] ?? 0}, not ${n}`)
      if (wrong.length === 0 && wrongCounters.length === 0 && names.length === parts.length) return
      // What a checkpoint names was answered at another master.
      if (dishonest.size > 0 && (errand.resumes !== undefined || !outvoted(`${errand.master} ${status.job}`))) return
      violated(`${status.job} of ${errand.plan.program} differs from the oracle in ${[...wrong, ...wrongCounters].join(', ')}${names.length === parts.length ? '' : `; it has ${names.length} parts of ${parts.length}`}`)
    }

    const checkKeys = (status: JobStatus, { parts }: SequentialResult): void => {
      for (const [i, { cid, name }] of (world.files.list(status.result!) ?? []).entries()) {
        const content = world.files.content(cid)
        if (content !== undefined && keysOf(content).join() !== keysOf(parts[i]!).join()) violated(`${name} of ${status.job} has other keys than the oracle's`)
      }
    }

    const outvoted = (key: string): boolean => [...answered.get(key)?.values() ?? []].every(workers =>
      !workers.some(worker => dishonest.has(worker)) || new Set(workers.filter(worker => !dishonest.has(worker))).size > 1)

    return {
      name: 'output and counters are the oracle\'s',
      observe (occurrence) {
        if (occurrence.type !== 'delivery' || occurrence.delivery.lost !== undefined) return
        const { from, to, cargo } = occurrence.delivery
        if (cargo.kind !== 'request' || cargo.message.type !== 'attemptCompleted' || world.role(to) !== 'master') return
        const { job, kind, task } = cargo.message.ref
        const key = `${to} ${job}`
        const tasks = answered.get(key) ?? new Map<string, string[]>()
        answered.set(key, tasks.set(`${kind}/${task}`, [...tasks.get(`${kind}/${task}`) ?? [], from]))
      },
      finish () {
        for (const errand of user.errands) {
          const { plan, end } = errand
          const expected = oracles.get(plan)
          if (end?.state !== 'succeeded' || expected === undefined) continue
          if (end.result === undefined) violated(`${end.job} succeeded without a result`)
          else if (isDeterministic(plan)) checkBytes(errand, end, expected)
          else if (dishonest.size === 0) checkKeys(end, expected)
        }
      }
    }
  }
}

function sameBytes (a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

function keysOf (part: Uint8Array): string[] {
  return new TextDecoder().decode(part).split('\n').map(line => line.split(' ')[0]!)
}
