import { join } from 'node:path'
import type { JobStatus } from '@ipfs-mapreduce/protocol'
import type { LabText } from './lab-texts.ts'
import { until } from './processes.ts'
import { services } from './services.ts'
import { succeeded } from './workbench.ts'
import type { Finished, Running, Workbench } from './workbench.ts'

export interface LabWorker {
  role: 'mapper' | 'reducer'
  slots: number
  /** More options of its n-th start, from 1. */
  args?: (start: number) => string[]
}

export interface LabClusterInit {
  bench: Workbench
  /** Its name on the network. */
  name: string
  /** Written to the folder `texts`. */
  texts: LabText[]
  workers: LabWorker[]
}

/** Services as a person starts them, each a process with a data directory of its own; they end with their workbench. */
export interface LabCluster {
  run: (...args: string[]) => Promise<Finished>
  status: (job: string) => Promise<JobStatus>
  /** Starts every worker again whenever it ends, until it is told to stop; counts how often that was. */
  keepUp: () => { stop: () => Promise<number> }
  /** Ctrl-C at each: they drain and leave. */
  drain: () => Promise<Finished[]>
}

/** Starts a master and the workers, and waits until all have joined. */
export async function labCluster ({ bench, name, texts, workers }: LabClusterInit): Promise<LabCluster> {
  for (const { path, text } of texts) bench.write(join('texts', path), text)
  const cluster = services(bench, name)
  const master = await cluster.startMaster('master')
  const starts = workers.map(() => 0)
  const start = (n: number): Running => {
    const { role, slots, args } = workers[n]!
    starts[n]!++
    return cluster.serveWorker(role, `${role}-${n}`, '--slots', String(slots), ...args?.(starts[n]!) ?? [])
  }
  const running = workers.map((_, n) => start(n))
  await until('workers', async () => succeeded(await bench.ipmr(...cluster.connected('peers', '--json'))),
    peers => (JSON.parse(peers) as unknown[]).length === workers.length)
  return {
    run: async (...args) => await bench.ipmr(...cluster.connected('run', ...args)),
    status: async job => JSON.parse(succeeded(await bench.ipmr(...cluster.connected('status', job, '--json')))) as JobStatus,
    keepUp: () => keepUp(running, start),
    drain: async () => {
      for (const { child } of [...running, master]) child.kill('SIGINT')
      return await Promise.all([...running, master].map(async ({ ended }) => await ended))
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
