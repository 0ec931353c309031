import { setTimeout as pause } from 'node:timers/promises'
import type { Cluster } from './cluster.ts'

/** Workers that can reach their master have joined within this time: a lease and a few backoffs. */
const JOIN_BOUND_MS = 30_000
const POLL_MS = 200

/**
 * Asks the master until every worker is there and ready.
 *
 * @returns what is wrong where that is not so in time
 */
export async function waitForWorkers (cluster: Cluster): Promise<string | undefined> {
  const all = cluster.workers.length
  const deadlineMs = performance.now() + JOIN_BOUND_MS
  for (;;) {
    const client = cluster.ipmr('peers', 'peers', '--json', ...cluster.connection)
    const { exit } = await client.ended
    const peers = exit === 0 ? JSON.parse(client.stdout()) as Array<{ state: string }> : []
    const ready = peers.filter(({ state }) => state === 'ready').length
    if (ready === all) return undefined
    if (performance.now() > deadlineMs) return `${ready} of ${all} workers are ready after ${JOIN_BOUND_MS / 1000} s in which nothing was done to them`
    await pause(POLL_MS)
  }
}
