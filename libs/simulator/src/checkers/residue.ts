import type { CheckerOf } from './checker.ts'
import { liars } from './program.ts'
import type { Datum } from '@ipfs-mapreduce/mapreduce'

/**
 * What a job pinned for itself is released when it ends; its result stays. Workers keep nothing but what a client gave; masters
 * have pinned the results and records of what succeeded, and nothing else.
 */
export const residue: CheckerOf = ({ scenario, world, user, jobs, taken, crashed }, violated) => {
  const { files } = world
  const masters = world.names.filter(name => world.role(name) === 'master')
  const workers = world.names.filter(name => world.role(name) === 'mapper' || world.role(name) === 'reducer')

  /** The blocks that a client added: programs and inputs. */
  const given = (): Set<string> => new Set(user.errands.flatMap(({ given }) => given))

  const wrongs = function * (): Generator<string> {
    const kept = given()
    for (const peer of workers) {
      // What a process held for a job, it forgets with its life; a liar's or a full disk's leavings are found all the same.
      if (crashed(peer) || !world.up(peer)) continue
      const left = files.disk(peer).cids().filter(cid => !kept.has(cid))
      if (left.length > 0) yield `${peer} keeps ${left.length} blocks of jobs that have ended: ${left.slice(0, 4).join(' ')}`
      const running = world.worker(peer)?.status().attempts ?? []
      if (running.length > 0) yield `${peer} runs ${running.length} attempts of jobs that have ended`
    }
    for (const master of masters) {
      if ((crashed(master) && !scenario.cluster.journaled) || !world.up(master)) continue
      const results = jobs.all().filter(job => job.master === master).flatMap(({ job }) => {
        const status = world.master(master)?.job(job)
        return status?.state === 'succeeded' ? [status] : []
      })
      const records = results.map(({ record }) => files.record(record ?? ''))
      // A record that a fault has taken cannot tell its pages.
      if (records.includes(undefined)) continue
      const expected = new Set([...results.flatMap(({ result, record }) => [result, record]), ...records.flatMap(pages)])
      const pins = files.disk(master).pins
      const more = [...pins].filter(cid => !expected.has(cid))
      if (more.length > 0) yield `${master} has pinned ${more.length} things beside results: ${more.slice(0, 4).join(' ')}`
    }
  }

  return {
    name: 'pins are released and results stay',
    observe () {},
    settled: () => wrongs().next().done === true,
    finish () {
      for (const wrong of wrongs()) violated(wrong)
      const dishonest = liars(scenario).size > 0
      for (const { master, end } of user.errands) {
        if (end?.state !== 'succeeded' || end.result === undefined || dishonest) continue
        const lost = [end.result, ...files.list(end.result)?.map(({ cid }) => cid) ?? []].filter(cid => !files.disk(master).has(cid) && !taken(master, cid))
        if (lost.length > 0) violated(`${master} does not hold ${lost.join(' ')} of the result of ${end.job}`)
      }
    }
  }
}

/** The pages of tasks that a job record names. */
function pages (record: Datum | undefined): string[] {
  if (typeof record !== 'object' || record === null || Array.isArray(record) || record instanceof Uint8Array) return []
  return [record.maps, record.reduces].flatMap(list => Array.isArray(list) ? list.filter(each => typeof each === 'string') : [])
}
