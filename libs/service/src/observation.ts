import type { Components } from '@ipfs-mapreduce/actors'
import type { Store } from '@ipfs-mapreduce/blocks'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { Libp2pNetwork, NetworkInit } from '@ipfs-mapreduce/network'
import type { HttpServer, Observer } from '@ipfs-mapreduce/observe'
import type { Metrics, NetworkSource, Sources } from '@ipfs-mapreduce/observe/metrics'
import type { Closers } from './closers.ts'
import { systemClock } from './clock.ts'
import type { ServiceLog } from './log.ts'
import type { ServiceOptions, ServiceRole } from './options.ts'
import { VERSION } from './version.ts'

/** Where a service shows itself, and the token that it prints for whoever may change something. */
export interface Http {
  server: HttpServer
  token: string
}

/** How a service is looked at: by Prometheus and people over HTTP, and by a collector of OpenTelemetry. Nothing of it is loaded where nobody asks for it. */
export interface Observation {
  http: Http | undefined
  /** For the node, when it is made. */
  libp2p: NetworkInit['metrics']
  /** Begins to look at a node and a store. */
  open: (node: Libp2pNetwork, store: Store, addCloser: Closers['add']) => Promise<void>
  /** The same components, looked at. */
  components: (components: Components) => Components
  /** By whom what the role adds is looked at: with others of the role's own. */
  observer: (others: Observer[]) => Observer
  /** The node, whose door is looked at; from `open` on. */
  node: () => Pick<Libp2pNetwork, 'offences' | 'offenders'> | undefined
  /** Tells of what can be read now. */
  read: (sources: Sources) => void
}

export interface ObservationInit {
  role: ServiceRole
  options: Pick<ServiceOptions, 'http' | 'cluster'>
  log: ServiceLog
  addCloser: Closers['add']
  /** Why the service cannot do its work; undefined where it can. */
  waitsFor: () => string | undefined
}

/** Listens where `--http` says, and gets ready for what the options and the environment ask for. */
export async function observe (init: ObservationInit): Promise<Observation> {
  const { options: { cluster }, role, waitsFor } = init
  const shown = await show(init)
  const metrics = shown?.metrics
  metrics?.read({ waitsFor })
  const observers: Observer[] = metrics === undefined ? [] : [metrics]
  let opened: Libp2pNetwork | undefined
  let together: (observers: Observer[]) => Observer = () => ({})
  return {
    http: shown?.http,
    libp2p: metrics?.libp2p,
    node: () => opened,
    open: async (node, store, addCloser) => {
      opened = node
      metrics?.read({ network: sourceOf(node), store: () => store.usage() })
      if (sendsSpans()) {
        const { createSpans } = await import('@ipfs-mapreduce/observe/spans')
        const spans = createSpans({ role, cluster, version: VERSION, peer: node.peer, now: systemClock.now, log: init.log })
        addCloser('spans', spans.close)
        observers.push(spans)
      }
      if (observers.length > 0) together = (await import('@ipfs-mapreduce/observe')).together
    },
    components: components => {
      const { network, files, inspect } = together(observers)
      return { ...components, network: network?.(components.network) ?? components.network, files: files?.(components.files) ?? components.files, ...inspect !== undefined && { inspect } }
    },
    observer: others => together([...observers, ...others]),
    read: sources => { metrics?.read(sources) }
  }
}

async function show ({ role, options: { http: at, cluster }, log, addCloser, waitsFor }: ObservationInit): Promise<{ http: Http, metrics: Metrics } | undefined> {
  if (at === undefined) return undefined
  const [{ createHttpServer, createToken, isLoopback, serveHealth }, { createMetrics }] = await Promise.all([import('@ipfs-mapreduce/observe'), import('@ipfs-mapreduce/observe/metrics')])
  const token = createToken()
  const server = await createHttpServer({ ...at, token, log }).catch((cause: unknown) => {
    throw new MapReduceError('BAD_INPUT', `--http cannot listen at ${at.host} port ${at.port}: ${(cause as Error).message}; give another --http, 0 for any free port, or an address of this machine as --http-host`, { cause })
  })
  addCloser('http', server.close)
  serveHealth(server, waitsFor)
  const metrics = createMetrics({ role, cluster, version: VERSION, now: systemClock.now })
  metrics.serve(server)
  if (!isLoopback(at.host)) log.warn({ url: server.url }, `metrics and health are served beyond this machine, to whoever reaches ${server.url}`)
  return { http: { server, token }, metrics }
}

/** As OpenTelemetry has it. */
function sendsSpans (): boolean {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: all = '', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces = '', OTEL_SDK_DISABLED: disabled = '' } = process.env
  return (all !== '' || traces !== '') && disabled.toLowerCase() !== 'true'
}

function sourceOf ({ libp2p, offences }: Libp2pNetwork): NetworkSource {
  return {
    offences,
    peers: () => libp2p.getPeers().length,
    streams: () => {
      const open = new Map<string, number>()
      for (const connection of libp2p.getConnections()) {
        for (const { protocol } of connection.streams) open.set(protocol, (open.get(protocol) ?? 0) + 1)
      }
      return open
    }
  }
}
