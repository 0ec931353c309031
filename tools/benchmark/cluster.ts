import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface Cluster {
  /** Where the master listens. */
  address: string
  /** Peak resident MiB of each process by name; undefined where the system does not tell (only Linux does). */
  peakMiB: () => Promise<Record<string, number> | undefined>
  stop: () => Promise<void>
}

export interface ClusterInit {
  root: string
  /** Where the processes keep what is theirs. */
  directory: string
  /** A block store of this machine that the mappers read. */
  store: string
  mappers: number
  reducers: number
}

/** Starts a master, mappers and reducers as processes of their own, one slot each. */
export async function startCluster ({ root, directory, store, mappers, reducers }: ClusterInit): Promise<Cluster> {
  const processes = new Map<string, ChildProcess>()
  const start = async (name: string, role: string, ...args: string[]): Promise<string> => {
    const child = spawn(process.execPath, [
      join(root, 'apps', role, 'dist/bundle/main.mjs'),
      '--cluster', 'benchmark', '--listen', '/ip4/127.0.0.1/tcp/0', '--no-mdns', '--log-level', 'warn', '--data-dir', join(directory, name), ...args
    ], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, IPMR_EXIT_WITH_PARENT: '1' } })
    processes.set(name, child)
    return await readyAddress(name, child)
  }
  const address = await start('master', 'master')
  const workers = [
    ...Array.from({ length: mappers }, (_, i) => start(`mapper-${i + 1}`, 'mapper', '--slots', '1', '--bootstrap', address, '--store', store)),
    ...Array.from({ length: reducers }, (_, i) => start(`reducer-${i + 1}`, 'reducer', '--slots', '1', '--bootstrap', address))
  ]
  await Promise.all(workers)
  return {
    address,
    peakMiB: () => peakMiB(processes),
    stop: async () => {
      await Promise.all([...processes.values()].map(async child => {
        if (child.exitCode !== null || child.signalCode !== null) return
        const exited = once(child, 'exit')
        child.kill('SIGTERM')
        await exited
      }))
    }
  }
}

/** The multiaddr on a service's ready line. */
async function readyAddress (name: string, child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const address = /\/ip4\/\S+\/p2p\/\S+/.exec(line)?.[0]
    if (address !== undefined) return address
  }
  throw new Error(`${name} ended before it was ready`)
}

/** VmHWM of each process and of its executors (proc(5)). */
async function peakMiB (processes: Map<string, ChildProcess>): Promise<Record<string, number> | undefined> {
  if (process.platform !== 'linux') return undefined
  const peaks: Record<string, number> = {}
  for (const [name, { pid }] of processes) {
    peaks[name] = await residentPeakMiB(pid!)
    const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').filter(Boolean)
    for (const child of children) peaks[`${name} executor`] = Math.max(peaks[`${name} executor`] ?? 0, await residentPeakMiB(Number(child)))
  }
  return peaks
}

async function residentPeakMiB (pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024)
}
