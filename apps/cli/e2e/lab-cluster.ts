import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { JobStatus } from '@ipfs-mapreduce/protocol'
import { until } from './processes.ts'
import { launch, succeeded } from './workbench.ts'
import type { Finished, Running, Workbench } from './workbench.ts'

const APPS = fileURLToPath(new URL('../..', import.meta.url))

export interface LabWorker {
  role: 'mapper' | 'reducer'
  slots: number
  /** More options of its n-th start, from 1. */
  args?: (start: number) => string[]
}

export interface LabClusterInit {
  bench: Workbench
  /** Its name on the network, and that of its data directories. */
  name: string
  workers: LabWorker[]
}

/** Services as a person starts them, each a process with a data directory of its own. */
export interface LabCluster {
  run: (...args: string[]) => Promise<Finished>
  status: (job: string) => Promise<JobStatus>
  /** Starts every worker again whenever it ends, until it is told to stop; counts how often that was. */
  keepUp: () => { stop: () => Promise<number> }
  /** Ctrl-C at each: they drain and leave. */
  drain: () => Promise<Finished[]>
  kill: () => Promise<void>
}

/** Starts a master and the workers, and waits until all have joined. */
export async function labCluster ({ bench, name, workers }: LabClusterInit): Promise<LabCluster> {
  const serve = (role: string, ...args: string[]): Running => launch(spawn(process.execPath, [
    join(APPS, role, 'dist', 'bundle', 'main.mjs'), '--cluster', name, '--no-mdns', '--listen', '/ip4/127.0.0.1/tcp/0', '--log-level', 'warn', ...args
  ], { cwd: bench.dir, env: { ...bench.env, IPMR_EXIT_WITH_PARENT: '1' }, stdio: ['pipe', 'pipe', 'pipe'] }))
  // Builds what is missing or stale, so that the services are there to be started.
  await bench.ipmr('--version')
  const master = serve('master', '--data-dir', join(bench.dir, name, 'master'))
  const [address] = await master.says(/\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/\w+/)
  const starts = workers.map(() => 0)
  const start = (n: number): Running => {
    const { role, slots, args } = workers[n]!
    starts[n]!++
    return serve(role, '--data-dir', join(bench.dir, name, `${role}-${n}`), '--slots', String(slots), '--bootstrap', address, ...args?.(starts[n]!) ?? [])
  }
  const running = workers.map((_, n) => start(n))
  const connected = (...args: string[]): string[] => [...args, '--connect', address, '--cluster', name]
  await Promise.all(running.map(worker => worker.says(/ ready /)))
  await until('workers', async () => succeeded(await bench.ipmr(...connected('peers', '--json'))),
    peers => (JSON.parse(peers) as unknown[]).length === workers.length)
  return {
    run: async (...args) => await bench.ipmr(...connected('run', ...args)),
    status: async job => JSON.parse(succeeded(await bench.ipmr(...connected('status', job, '--json')))) as JobStatus,
    keepUp: () => keepUp(running, start),
    drain: async () => {
      for (const { child } of [...running, master]) child.kill('SIGINT')
      return await Promise.all([...running, master].map(async ({ ended }) => await ended))
    },
    kill: async () => {
      for (const { child } of [...running, master]) child.kill('SIGKILL')
      await Promise.all([...running, master].map(async ({ ended }) => await ended))
    }
  }
}

/** As the lab's script does: `while job runs; do start worker; done`, one such loop for each worker. */
function keepUp (running: Running[], start: (n: number) => Running): { stop: () => Promise<number> } {
  let stopped = false
  let restarts = 0
  const halted = Promise.withResolvers<void>()
  const loops = running.map(async (_, n) => {
    for (;;) {
      await Promise.race([running[n]!.ended, halted.promise])
      if (stopped) return
      restarts++
      running[n] = start(n)
    }
  })
  return {
    stop: async () => {
      stopped = true
      halted.resolve()
      await Promise.all(loops)
      return restarts
    }
  }
}
