import { prometheusMetrics } from '@libp2p/prometheus-metrics'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { contentMetrics, journalMetrics, type StoreUsage } from './content.ts'
import { masterMetrics } from './master.ts'
import { makerOf } from './names.ts'
import { networkMetrics, type NetworkSource } from './network.ts'
import { workerMetrics } from './worker.ts'
import { stepsOf, type Step } from '../steps.ts'
import type { HttpServer } from '../http-server.ts'
import type { Observer } from '../observer.ts'
import type { Master, Worker } from '@ipfs-mapreduce/actors'
import type { ExecutorLoad } from '@ipfs-mapreduce/mapreduce'

export type { StoreUsage } from './content.ts'
export { PREFIX } from './names.ts'
export type { NetworkSource } from './network.ts'

export interface MetricsInit {
  role: 'master' | 'mapper' | 'reducer'
  version: string
  cluster: string
  /** Milliseconds since the epoch. */
  now: () => number
}

/** What metrics are read from when somebody asks; each is told of as soon as it is there. */
export interface Sources {
  network?: NetworkSource
  store?: () => StoreUsage | undefined
  master?: Pick<Master, 'status'>
  worker?: Pick<Worker, 'status'>
  executors?: () => ExecutorLoad
  /** Why the service cannot do its work; undefined where it can. */
  waitsFor?: () => string | undefined
}

/** What a service measures of itself, in a registry of its own. */
export interface Metrics extends Observer {
  registry: Registry
  /** For libp2p's `metrics`: it measures itself into the same registry. */
  libp2p: ReturnType<typeof prometheusMetrics>
  read: (sources: Sources) => void
  /** Answers Prometheus at `/metrics`. */
  serve: (http: HttpServer) => void
}

/** Begins to measure a service. One to a process: libp2p's measurements are the process's. */
export function createMetrics ({ role, version, cluster, now }: MetricsInit): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const maker = makerOf(registry)
  const sources: Sources = {}
  maker.gauges('build_info', 'The release that runs, what it is and in which cluster; always 1.', ['version', 'role', 'cluster'], () => [[{ version, role, cluster }, 1]])
  maker.gauge('ready', 'Whether the service can do its work, as /readyz says it.', () => sources.waitsFor === undefined ? undefined : Number(sources.waitsFor() === undefined))
  const entered = maker.counter('machine_states_entered_total', 'Steps of state machines into each of their outermost states.', ['machine', 'state'])
  const listeners: Array<(step: Step) => void> = [({ machine, to }) => { entered.inc({ machine, state: to }) }]
  if (role !== 'master') listeners.push(workerMetrics(maker, { worker: () => sources.worker, executors: () => sources.executors?.(), now }))
  return {
    registry,
    libp2p: prometheusMetrics({ registry, collectDefaultMetrics: false, preserveExistingMetrics: true }),
    inspect: stepsOf(step => { for (const listener of listeners) listener(step) }),
    network: networkMetrics(maker, () => sources.network),
    files: contentMetrics(maker, () => sources.store?.()),
    ...role === 'master' && { watch: masterMetrics(maker, () => sources.master, now), journal: journalMetrics(maker) },
    read: more => { Object.assign(sources, more) },
    serve: http => {
      http.add({ method: 'GET', path: '/metrics', exposure: 'public', handle: async () => ({ type: registry.contentType, body: await registry.metrics() }) })
    }
  }
}
