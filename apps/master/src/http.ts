import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Components, Master, MasterWindow } from '@ipfs-mapreduce/actors'
import { serveDashboard, type DashboardInit } from '@ipfs-mapreduce/dashboard'
import { MAX_OFFENCE_POINTS } from '@ipfs-mapreduce/network'
import { VERSION, type Http, type Observation, type ServiceParts } from '@ipfs-mapreduce/service'

/** Peers that are shown with what is held against them, the last ones. */
const MAX_SHOWN_OFFENDERS = 16

export interface HttpInit {
  http: Http
  cluster: string
  master: Master
  window: MasterWindow
  components: Components
  node: Observation['node']
  onClose: ServiceParts['onClose']
}

/** The page as it was built: beside the bundle, which is where a master starts from its sources looks for it too. */
function assetsDir (): string {
  const beside = fileURLToPath(new URL('dashboard/', import.meta.url))
  return existsSync(beside) ? beside : fileURLToPath(new URL('../dist/bundle/dashboard/', import.meta.url))
}

/** What the node counts of others' misdeeds. */
function doorOf (node: ReturnType<Observation['node']>): ReturnType<DashboardInit['door']> {
  const counts = Object.entries(node?.offences() ?? {}).filter(([, times]) => times > 0)
  return { counts: Object.fromEntries(counts), offenders: node?.offenders(MAX_SHOWN_OFFENDERS) ?? [], limit: MAX_OFFENCE_POINTS }
}

/** Serves the dashboard, and prints its address with the token by which it may change something. */
export function showDashboard ({ http: { server, token }, cluster, master, window, components: { network, clock, newId }, node, onClose }: HttpInit): void {
  const dashboard = serveDashboard({ http: server, master, window, assetsDir: assetsDir(), door: () => doorOf(node()), about: { cluster, peer: network.peer, version: VERSION }, now: clock.now, newId })
  onClose('dashboard', dashboard.close)
  process.stdout.write(`dashboard  ${server.url}/#token=${token}\n`)
}
