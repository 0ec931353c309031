import { DEFAULT_TIMING } from '@ipfs-mapreduce/state-machines'
import type { CheckerOf } from './checker.ts'
import { namedPeer } from '../network/peer.ts'
import { ENDED } from '../scenario/user.ts'

interface Promised { job: string, master: string, mapTask: number }

/** A committed run stays where reducers are told that it is, until its job ends or its map task runs again. */
export const runs: CheckerOf = ({ scenario, world, taken, wiped, crashed }, violated) => {
  /** By holder and CID: for which map tasks it is kept. */
  const promised = new Map<string, Promised[]>()
  /** By worker and master: when the one last got something of the other. */
  const heardMs = new Map<string, number>()
  /** Where two masters run a job, workers keep nothing more for it when one of them says that it has ended: the other makes again what it lacks. */
  const ended = new Set<string>()
  /** Worker, job and CID of the runs that were reported in this life of the worker's process: what it kept before, it has forgotten. */
  const reported = new Set<string>()
  const { awayMs } = { ...DEFAULT_TIMING, ...scenario.cluster.timing }

  /** Reported lost: the map task runs again. */
  const release = (job: string, lost: (each: Promised, cid: string) => boolean): void => {
    for (const [key, all] of promised) {
      const kept = all.filter(each => each.job !== job || !lost(each, key.slice(key.indexOf('/') + 1)))
      if (kept.length === 0) promised.delete(key)
      else if (kept.length < all.length) promised.set(key, kept)
    }
  }

  return {
    name: 'committed runs stay',
    observe (occurrence) {
      if (occurrence.type === 'ended') for (const key of reported) if (key.startsWith(`${occurrence.peer} `)) reported.delete(key)
      // What a stranger says is no statement of the cluster.
      if (occurrence.type === 'sent' && occurrence.consignment.cargo.kind === 'request' && world.role(occurrence.consignment.from) !== 'client') {
        const { from, cargo: { message } } = occurrence.consignment as typeof occurrence.consignment & { cargo: { kind: 'request' } }
        if (message.type === 'runsCommitted' && !ended.has(message.ref.job)) {
          for (const { run: { cid, mapTask }, providers } of message.runs) {
            for (const provider of providers) {
              const peer = namedPeer(provider)
              if (peer === undefined) continue
              const key = `${peer}/${cid}`
              const known = promised.get(key) ?? []
              if (!known.some(each => each.job === message.ref.job && each.master === from && each.mapTask === mapTask)) promised.set(key, [...known, { job: message.ref.job, master: from, mapTask }])
            }
          }
        }
        if (message.type === 'attemptCompleted') for (const { cid } of message.runs) reported.add(`${from} ${message.ref.job} ${cid}`)
        if (message.type === 'jobEnded') {
          ended.add(message.job)
          release(message.job, () => true)
        }
        if (message.type === 'runLost') release(message.ref.job, ({ mapTask }) => mapTask === message.mapTask)
        if (message.type === 'attemptFailed' && message.failure.code === 'INPUT_LOST') release(message.ref.job, (_, cid) => cid === message.failure.cid)
      }
      if (occurrence.type === 'delivery' && occurrence.delivery.lost === undefined) heardMs.set(`${occurrence.delivery.to} ${occurrence.delivery.from}`, occurrence.delivery.atMs)
      if (occurrence.type === 'dropped') {
        const { peer, cid } = occurrence
        if (taken(peer, cid)) return
        for (const { job, master, mapTask } of promised.get(`${peer}/${cid}`) ?? []) {
          if (crashed(peer) && !reported.has(`${peer} ${job} ${cid}`)) continue
          // A worker need not wait for ever for a master that is away.
          if (world.clock.now() - (heardMs.get(`${peer} ${master}`) ?? 0) >= awayMs) continue
          const actor = world.master(master)
          const status = actor?.job(job)
          const forgotten = status === undefined && (!scenario.cluster.journaled || wiped(master))
          if (!forgotten && !(status !== undefined && ENDED.has(status.state))) violated(`${peer} dropped the run ${cid} of map ${mapTask} of ${job}, which is ${status?.state ?? (actor === undefined ? 'in the journal of a master that is down' : 'unknown')}`)
        }
        promised.delete(`${peer}/${cid}`)
      }
    },
    finish () {}
  }
}
