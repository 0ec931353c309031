import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { freePort } from './free-port.ts'
import { startService } from './service-process.ts'
import type { ServiceProcess } from './service-process.ts'

const STARTS_BEFORE_OTHERS = 2
const MASTER = 'master'

export interface ClusterOptions {
  /** A temporary directory, for what its processes keep while it lives. */
  dir: string
  mappers: number
  reducers: number
  /** Attempts at once of each worker. */
  slots: number
  /**
   * Starts one worker of each kind, and the others when these have been there for STARTS_BEFORE_OTHERS times as long as they took to
   * start: a small job is over by then, and one that is small but slow gets them all.
   */
  gradual: boolean
  /** Block directories on this machine that the services read from, instead of asking the network. */
  stores: string[]
  /** What every service is told beside this. */
  more: string[]
  /** Shows the services' logs on stderr, this level and worse; otherwise they go to files in `dir`. */
  logLevel?: string
}

/** A master and its workers as processes of this machine, for one job. */
export interface Cluster {
  /** Its name: random, so that it meets no other. */
  readonly name: string
  /** The master's multiaddr. Rejects when it does not start. */
  master: Promise<string>
  /** Rejects when the master ends by itself, or a worker before it was ready. Never resolves. */
  broken: Promise<never>
  /** What the services logged last about trouble, by name. */
  lastWords: () => Promise<string>
  /** Ends every process. */
  stop: () => Promise<void>
  /** The same without waiting for anybody. */
  kill: () => void
}

/** Starts its processes: the workers are told the master's port, and join as soon as it listens. */
export async function startCluster (options: ClusterOptions): Promise<Cluster> {
  return new LocalCluster(options, await freePort())
}

class LocalCluster implements Cluster {
  readonly name = `ipmr-${randomBytes(6).toString('hex')}`
  readonly master: Promise<string>
  readonly broken: Promise<never>
  readonly #options: ClusterOptions
  readonly #port: number
  readonly #services: ServiceProcess[] = []
  /** Folders of blocks by service. */
  readonly #folders: ReadonlyMap<string, string>
  readonly #break: (error: unknown) => void
  /** Until the workers are started that were not at first. */
  #timer: NodeJS.Timeout | undefined
  #stopping = false

  constructor (options: ClusterOptions, port: number) {
    this.#options = options
    this.#port = port
    this.#folders = makeFolders(options)
    const { promise, reject } = Promise.withResolvers<never>()
    promise.catch(() => undefined)
    this.broken = promise
    this.#break = error => { if (!this.#stopping) reject(error as Error) }
    const master = this.#start('master', MASTER, ['--listen', `/ip4/127.0.0.1/tcp/${port}`])
    this.master = master.ready
    master.exited.then(async () => { this.#break(await endOf(master)) }, this.#break)
    this.#startWorkers(options)
  }

  readonly lastWords = async (): Promise<string> => {
    const all = await Promise.all(this.#services.map(async ({ name, lastWords }) => ({ name, words: await lastWords() })))
    return all.filter(({ words }) => words !== '').map(({ name, words }) => `${name}: ${words}`).join('\n')
  }

  readonly stop = async (): Promise<void> => {
    this.#end()
    await Promise.all(this.#services.map(async service => { await service.stop() }))
  }

  readonly kill = (): void => {
    this.#end()
    for (const service of this.#services) service.kill()
  }

  #end (): void {
    this.#stopping = true
    clearTimeout(this.#timer)
  }

  #startWorkers ({ mappers, reducers, gradual }: ClusterOptions): void {
    const startedMs = performance.now()
    const all = (['mapper', 'reducer'] as const).flatMap(role => Array.from({ length: role === 'mapper' ? mappers : reducers }, (_, index) => ({ role, index })))
    const isFirst = ({ index }: { index: number }): boolean => !gradual || index === 0
    const first = all.filter(isFirst).map(worker => this.#startWorker(worker))
    Promise.all(first.map(async ({ ready }) => await ready)).then(() => {
      if (this.#stopping) return
      this.#timer = setTimeout(() => { for (const worker of all) if (!isFirst(worker)) this.#startWorker(worker) }, STARTS_BEFORE_OTHERS * (performance.now() - startedMs))
    }, this.#break)
  }

  #startWorker ({ role, index }: { role: 'mapper' | 'reducer', index: number }): ServiceProcess {
    const worker = this.#start(role, workerName(role, index), [
      '--listen', '/ip4/127.0.0.1/tcp/0', '--bootstrap', `/ip4/127.0.0.1/tcp/${this.#port}`, '--slots', String(this.#options.slots),
      // The person's own program, as with `load-program`.
      '--allow-unwalled-programs'
    ])
    // A worker lost is the master's to bear; one that never came up is the end.
    worker.ready.catch(this.#break)
    return worker
  }

  #start (role: 'master' | 'mapper' | 'reducer', name: string, args: string[]): ServiceProcess {
    const { dir, more, logLevel } = this.#options
    const stores = [...this.#options.stores, ...[...this.#folders].flatMap(([other, folder]) => other === name ? [] : [folder])]
    const logging = logLevel === undefined ? ['--log-format', 'json'] : ['--log-format', 'pretty', '--log-level', logLevel]
    const service = startService({
      name,
      role,
      ...(logLevel === undefined ? { logFile: join(dir, `${name}.log`) } : {}),
      args: ['--cluster', this.name, '--no-mdns', ...logging, ...stores.flatMap(store => ['--store', store]), ...more, '--data-dir', join(dir, name), ...args]
    })
    this.#services.push(service)
    return service
  }
}

/** Where the master of a cluster below a directory keeps its blocks. */
export function masterBlocks (dir: string): string {
  return blocksOf(dir, MASTER)
}

/** Each service reads the blocks of all others where they lie: so they are there before the first of them, which refuses a folder that is not. */
function makeFolders ({ dir, mappers, reducers }: ClusterOptions): ReadonlyMap<string, string> {
  const workers = [...Array.from({ length: mappers }, (_, n) => workerName('mapper', n)), ...Array.from({ length: reducers }, (_, n) => workerName('reducer', n))]
  const folders = new Map([MASTER, ...workers].map(name => [name, blocksOf(dir, name)]))
  for (const folder of folders.values()) mkdirSync(folder, { recursive: true })
  return folders
}

function blocksOf (dir: string, name: string): string {
  return join(dir, name, 'blocks')
}

function workerName (role: 'mapper' | 'reducer', index: number): string {
  return `${role}-${index + 1}`
}

async function endOf (service: ServiceProcess): Promise<MapReduceError> {
  const words = await service.lastWords().catch(() => '')
  return new MapReduceError('TRANSIENT', `the local ${service.name} ended in mid-job${words === '' ? '' : `: ${words}`}`)
}
