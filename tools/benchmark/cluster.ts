import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ROOT } from './layout.ts'
import type { Processes } from './processes.ts'

const STOP_MS = 10_000
const READY_ADDRESS = /\/ip4\/\S+\/p2p\/\S+/

export interface ClusterInit {
  processes: Processes
  /** Where the processes keep what is theirs. */
  directory: string
  /** A block store of this machine that the mappers read: the data is where they are. */
  store: string
  mappers: number
  reducers: number
  /** Whether services have blocks of each other from the network alone, as on machines of their own. Else they read each other's stores, as `ipmr run` has it. */
  apart?: boolean
  /** Options of Node for the services, such as `--cpu-prof`. */
  nodeArgs?: string[]
}

/** A master, mappers and reducers as processes of their own, one slot each. */
export interface Cluster {
  name: string
  /** The master's multiaddr. */
  master: string
  /** Where the master keeps its blocks. */
  masterStore: string
  workers: number
  /** Names of the running services by process id. */
  pids: () => Map<number, string>
  stop: () => Promise<void>
}

let clusters = 0

/** Starts the services from their bundles; resolves when all listen. */
export async function startCluster ({ processes, directory, store, mappers, reducers, apart = false, nodeArgs = [] }: ClusterInit): Promise<Cluster> {
  const name = `benchmark-${process.pid}-${++clusters}`
  const services = new Map<string, ChildProcess>()
  const labels = ['master', ...numbered('mapper', mappers), ...numbered('reducer', reducers)]
  const folders = new Map(labels.map(label => [label, join(directory, label, 'blocks')]))
  for (const folder of folders.values()) mkdirSync(folder, { recursive: true })
  const start = async (label: string, role: string, ...args: string[]): Promise<string> => {
    const stores = apart ? [] : labels.filter(other => other !== label).flatMap(other => ['--store', folders.get(other)!])
    const child = processes.start({
      command: process.execPath,
      args: [
        ...nodeArgs, join(ROOT, 'apps', role, 'dist/bundle/main.mjs'), '--cluster', name, '--listen', '/ip4/127.0.0.1/tcp/0', '--no-mdns',
        '--log-level', 'error', '--log-format', 'json', '--data-dir', join(directory, label), ...args, ...stores
      ],
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, IPMR_EXIT_WITH_PARENT: '1' }
    })
    services.set(label, child)
    return await readyAddress(label, child)
  }
  const master = await start('master', 'master')
  const worker = (role: string, ...args: string[]) => async (label: string): Promise<string> => await start(label, role, '--slots', '1', '--bootstrap', master, ...args)
  await Promise.all([...numbered('mapper', mappers).map(worker('mapper', '--store', store)), ...numbered('reducer', reducers).map(worker('reducer'))])
  return {
    name,
    master,
    masterStore: join(directory, 'master'),
    workers: mappers + reducers,
    pids: () => new Map([...services].map(([label, { pid }]) => [pid!, label])),
    stop: async () => {
      const workers = [...services].filter(([label]) => label !== 'master')
      await Promise.all(workers.map(async ([label, child]) => { await stopService(label, child) }))
      await stopService('master', services.get('master')!)
    }
  }
}

function numbered (role: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${role}-${n + 1}`)
}

/** The multiaddr on a service's ready line. */
async function readyAddress (label: string, child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const address = READY_ADDRESS.exec(line)?.[0]
    if (address !== undefined) return address
  }
  throw new Error(`the ${label} ended before it was ready`)
}

async function stopService (label: string, child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit', { signal: AbortSignal.timeout(STOP_MS) })
  child.kill('SIGTERM')
  await exited.catch((cause: unknown) => { throw new Error(`the ${label} had not left ${STOP_MS / 1000} s after SIGTERM`, { cause }) })
}
