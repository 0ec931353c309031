import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { freePort } from './free-port.ts'
import { startService } from './service-process.ts'
import type { ServiceProcess } from './service-process.ts'

export interface ClusterOptions {
  /** A temporary directory, for what its processes keep while it lives. */
  dir: string
  mappers: number
  reducers: number
  /** Attempts at once of each worker. */
  slots: number
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
  /** Rejects when a process that the job cannot do without ends by itself. Never resolves. */
  broken: Promise<never>
  /** What the services logged last about trouble, by name. */
  lastWords: () => Promise<string>
  /** Ends every process. */
  stop: () => Promise<void>
  /** The same without waiting for anybody. */
  kill: () => void
}

/** Starts all processes at once: the workers are told the master's port, and join as soon as it listens. */
export async function startCluster ({ dir, mappers, reducers, slots, stores, more, logLevel }: ClusterOptions): Promise<Cluster> {
  const name = `ipmr-${randomBytes(6).toString('hex')}`
  const port = await freePort()
  const logging = logLevel === undefined ? ['--log-format', 'json'] : ['--log-format', 'pretty', '--log-level', logLevel]
  const shared = ['--cluster', name, '--no-mdns', ...logging, ...stores.flatMap(store => ['--store', store]), ...more]
  const start = (role: 'master' | 'mapper' | 'reducer', label: string, args: string[]): ServiceProcess => startService({
    name: label,
    role,
    ...(logLevel === undefined ? { logFile: join(dir, `${label}.log`) } : {}),
    args: [...shared, '--data-dir', join(dir, label), ...args]
  })
  const master = start('master', 'master', ['--listen', `/ip4/127.0.0.1/tcp/${port}`])
  const workers = (['mapper', 'reducer'] as const).flatMap(role =>
    Array.from({ length: role === 'mapper' ? mappers : reducers }, (_, index) => start(role, `${role}-${index + 1}`, [
      '--listen', '/ip4/127.0.0.1/tcp/0', '--bootstrap', `/ip4/127.0.0.1/tcp/${port}`, '--slots', String(slots),
      // The person's own program, as with `load-program`.
      '--allow-unwalled-programs'
    ])))
  const services = [master, ...workers]
  let stopping = false
  const kill = (): void => {
    stopping = true
    for (const service of services) service.kill()
  }
  return {
    name,
    master: master.ready,
    broken: whenBroken(master, workers, () => stopping),
    lastWords: async () => await lastWordsOf(services),
    kill,
    stop: async () => {
      stopping = true
      await Promise.all(services.map(async service => { await service.stop() }))
    }
  }
}

/** A worker lost is the master's to bear; a master lost, or all workers of a kind that never came up, is the end. */
async function whenBroken (master: ServiceProcess, workers: ServiceProcess[], expected: () => boolean): Promise<never> {
  const broken = new Promise<never>((_, reject) => {
    const report = (service: ServiceProcess): void => {
      if (expected()) return
      service.lastWords().catch(() => '').then(words => {
        reject(new MapReduceError('TRANSIENT', `the local ${service.name} ended in mid-job${words === '' ? '' : `: ${words}`}`))
      }, reject)
    }
    master.exited.then(() => { report(master) }, reject)
    for (const worker of workers) worker.ready.catch((error: unknown) => { if (!expected()) reject(error as Error) })
  })
  broken.catch(() => undefined)
  return await broken
}

async function lastWordsOf (services: ServiceProcess[]): Promise<string> {
  const all = await Promise.all(services.map(async service => ({ name: service.name, words: await service.lastWords() })))
  return all.filter(({ words }) => words !== '').map(({ name, words }) => `${name}: ${words}`).join('\n')
}
