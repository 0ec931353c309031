import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Components, Master, MasterWindow } from '@ipfs-mapreduce/actors'
import { serveDashboard } from '@ipfs-mapreduce/dashboard'
import { VERSION, type Http, type ServiceParts } from '@ipfs-mapreduce/service'

export interface HttpInit {
  http: Http
  cluster: string
  master: Master
  window: MasterWindow
  components: Components
  onClose: ServiceParts['onClose']
}

/** The page as it was built: beside the bundle, which is where a master starts from its sources looks for it too. */
function assetsDir (): string {
  const beside = fileURLToPath(new URL('dashboard/', import.meta.url))
  return existsSync(beside) ? beside : fileURLToPath(new URL('../dist/bundle/dashboard/', import.meta.url))
}

/** Serves the dashboard, and prints its address with the token by which it may change something. */
export function showDashboard ({ http: { server, token }, cluster, master, window, components: { network, clock, newId }, onClose }: HttpInit): void {
  const dashboard = serveDashboard({ http: server, master, window, assetsDir: assetsDir(), about: { cluster, peer: network.peer, version: VERSION }, now: clock.now, newId })
  onClose('dashboard', dashboard.close)
  process.stdout.write(`dashboard  ${server.url}/#token=${token}\n`)
}
