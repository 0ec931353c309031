import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Components, Master, MasterWindow } from '@ipfs-mapreduce/actors'
import { serveDashboard } from '@ipfs-mapreduce/dashboard'
import { createHttpServer, createToken, isLoopback } from '@ipfs-mapreduce/observe'
import { VERSION, type ServiceOptions, type ServiceParts } from '@ipfs-mapreduce/service'

export interface HttpInit {
  at: NonNullable<ServiceOptions['http']>
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
export async function serveHttp ({ at, cluster, master, window, components: { network, clock, newId, log }, onClose }: HttpInit): Promise<void> {
  const token = createToken()
  const http = await createHttpServer({ ...at, token, log })
  onClose('http', http.close)
  const dashboard = serveDashboard({ http, master, window, assetsDir: assetsDir(), about: { cluster, peer: network.peer, version: VERSION }, now: clock.now, newId })
  onClose('dashboard', dashboard.close)
  if (!isLoopback(at.host)) log.warn({ url: http.url }, 'the dashboard is served beyond this machine: whoever reaches it sees jobs, keys of failed records, and peers')
  process.stdout.write(`dashboard  ${http.url}/#token=${token}\n`)
}
