import type { Cluster } from './cluster.ts'
import type { Kind } from './kinds.ts'
import type { Fault } from './schedule.ts'

/** Undoes a fault. */
export type Heal = () => Promise<void>

type Effect = (cluster: Cluster, fault: Fault) => Promise<Heal>

const killed = (fresh: boolean): Effect => async (cluster, { victim }) => {
  await cluster.kill(victim)
  return () => cluster.restart(victim, { fresh })
}

const stopped: Effect = async (cluster, { victim }) => {
  cluster.signal(victim, 'SIGSTOP')
  return async () => { cluster.signal(victim, 'SIGCONT') }
}

const drained: Effect = async (cluster, { victim }) => {
  await cluster.drain(victim)
  return () => cluster.restart(victim, { fresh: true })
}

const impaired: Effect = async (cluster, { victim, line = {} }) => {
  cluster.setLine(victim, line)
  return async () => { cluster.setLine(victim, {}) }
}

/** What each kind of fault does to a cluster. */
export const EFFECTS: Record<Kind, Effect> = {
  'kill-worker': killed(false),
  'lose-disk': killed(true),
  'kill-master': killed(false),
  drain: drained,
  'stop-short': stopped,
  'stop-long': stopped,
  partition: impaired,
  'one-way': impaired,
  loss: impaired,
  delay: impaired,
  rate: impaired
}
