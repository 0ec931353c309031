import { join } from 'node:path'
import { APPS } from './workbench.ts'
import type { Running, Workbench } from './workbench.ts'

export type Role = 'master' | 'mapper' | 'reducer'

/** Services of one cluster on loopback, each as a person starts it, in a terminal of its own. They end with their workbench. */
export interface Services {
  /** Where the master listens; without its peer id, so that whoever comes to listen there is the master. */
  master: () => string
  /** Starts a service; `name` is that of its data directory. */
  serve: (role: Role, name: string, ...args: string[]) => Running
  /** Starts a master, at a port that is its own if none is given, and waits until it is ready. */
  startMaster: (name: string, port?: number, ...args: string[]) => Promise<Running>
  /** Starts a worker of that master. */
  serveWorker: (role: Exclude<Role, 'master'>, name: string, ...args: string[]) => Running
  /** The same, with one slot unless `args` say otherwise, and waits until it is ready. */
  startWorker: (role: Exclude<Role, 'master'>, name: string, ...args: string[]) => Promise<Running>
  /** A command line that asks this master. */
  connected: (...args: string[]) => string[]
}

/** Set once the bundles are known to be there. */
let built = false

/** `env` is added to the services' environment. */
export function services (bench: Workbench, cluster: string, env: Record<string, string> = {}): Services {
  let master = ''
  const serve = (role: Role, name: string, ...args: string[]): Running => bench.launch([
    join(APPS, role, 'dist', 'bundle', 'main.mjs'), '--cluster', cluster, '--no-mdns', '--data-dir', join(bench.dir, name), ...args
  ], { IPMR_EXIT_WITH_PARENT: '1', ...env })
  const serveWorker: Services['serveWorker'] = (role, name, ...args) => serve(role, name, '--listen', '/ip4/127.0.0.1/tcp/0', '--bootstrap', master, ...args)
  const ready = async (service: Running): Promise<Running> => {
    await service.says(/ ready /)
    return service
  }
  return {
    master: () => master,
    serve,
    startMaster: async (name, port = 0, ...args) => {
      // Builds what is missing or stale, so that the services are there to be started.
      if (!built) await bench.ipmr('--version')
      built = true
      const service = await ready(serve('master', name, '--listen', `/ip4/127.0.0.1/tcp/${port}`, ...args))
      master = (await service.says(/\/ip4\/127\.0\.0\.1\/tcp\/\d+/))[0]
      return service
    },
    serveWorker,
    startWorker: async (role, name, ...args) => await ready(serveWorker(role, name, '--slots', '1', ...args)),
    connected: (...args) => [...args, '--connect', master, '--cluster', cluster]
  }
}
