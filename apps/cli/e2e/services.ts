import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launch } from './workbench.ts'
import type { Running, Workbench } from './workbench.ts'

const APPS = fileURLToPath(new URL('../..', import.meta.url))

/** Services of one cluster, each as a person starts it, in a terminal of its own. */
export interface Services {
  /** Where the master listens; without its peer id, so that whoever comes to listen there is the master. */
  master: () => string
  /** Starts a master, at a port that is its own if none is given; `name` is that of its data directory. */
  startMaster: (name: string, port?: number) => Promise<Running>
  startWorker: (role: 'mapper' | 'reducer', name: string) => Promise<Running>
  /** A command line that asks this master. */
  connected: (...args: string[]) => string[]
  /** Ends all of them at once. */
  kill: () => Promise<void>
}

export function services (bench: Workbench, cluster: string): Services {
  const started: Running[] = []
  let master = ''
  const serve = async (role: string, name: string, ...args: string[]): Promise<Running> => {
    const service = launch(spawn(process.execPath, [
      join(APPS, role, 'dist', 'bundle', 'main.mjs'), '--cluster', cluster, '--no-mdns', '--data-dir', join(bench.dir, name), ...args
    ], { cwd: bench.dir, env: { ...bench.env, IPMR_EXIT_WITH_PARENT: '1' }, stdio: ['pipe', 'pipe', 'pipe'] }))
    started.push(service)
    await service.says(/ ready /)
    return service
  }
  return {
    master: () => master,
    startMaster: async (name, port = 0) => {
      // Builds what is missing or stale, so that the services are there to be started.
      await bench.ipmr('--version')
      const service = await serve('master', name, '--listen', `/ip4/127.0.0.1/tcp/${port}`)
      master = (await service.says(/\/ip4\/127\.0\.0\.1\/tcp\/\d+/))[0]
      return service
    },
    startWorker: async (role, name) => await serve(role, name, '--slots', '1', '--listen', '/ip4/127.0.0.1/tcp/0', '--bootstrap', master),
    connected: (...args) => [...args, '--connect', master, '--cluster', cluster],
    kill: async () => {
      for (const { child } of started) child.kill('SIGKILL')
      await Promise.all(started.map(async ({ ended }) => await ended))
    }
  }
}
