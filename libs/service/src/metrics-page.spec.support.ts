import { createNetwork } from '@ipfs-mapreduce/network'
import { createMetrics, PREFIX, type Metrics } from '@ipfs-mapreduce/observe/metrics'
import type { ServiceRole } from './options.ts'

export interface Metric {
  name: string
  type: string
  labels: string[]
  help: string
  /** Which services have it. */
  on: ServiceRole[]
}

const ROLES: ServiceRole[] = ['master', 'mapper', 'reducer']

/** What the services' registries hold: our own metrics, and those of Node and libp2p, as they are when a node has started. */
export async function registered (): Promise<Metric[]> {
  const found = new Map<string, Metric>()
  for (const role of ROLES) {
    for (const { name, type, labelNames = [], help } of await metricsOf(createMetrics({ role, version: '0', cluster: 'local', now: Date.now }))) {
      const known = found.get(name)
      if (known !== undefined) known.on.push(role)
      else found.set(name, { name, type: String(type), labels: [...labelNames], help: help.trim(), on: [role] })
    }
  }
  return [...found.values()]
}

interface Registered {
  name: string
  type: unknown
  labelNames?: readonly string[]
  help: string
}

async function metricsOf (metrics: Metrics): Promise<Registered[]> {
  const network = await createNetwork({ cluster: 'local', metrics: metrics.libp2p })
  try {
    return metrics.registry.getMetricsAsArray() as unknown as Registered[]
  } finally {
    await network.close()
  }
}

export function isOurs ({ name }: Pick<Metric, 'name'>): boolean {
  return name.startsWith(PREFIX)
}

/** The tables of docs/METRICS.md. */
export function tables (metrics: readonly Metric[]): string {
  const ours = metrics.filter(isOurs).map(({ name, type, labels, on, help }) => `| \`${name}\` | ${type} | ${code(labels)} | ${where(on)} | ${help} |`)
  const others = metrics.filter(metric => !isOurs(metric)).map(({ name, type, labels }) => `| \`${name}\` | ${type} | ${code(labels)} |`)
  return [
    '## Of this project', '', '| metric | type | labels | at | what |', '|---|---|---|---|---|', ...ours, '',
    '## Of the process, Node and libp2p', '', 'As `prom-client` and `@libp2p/prometheus-metrics` name them, at each service. libp2p adds some when it first has something to count.', '',
    '| metric | type | labels |', '|---|---|---|', ...others, ''
  ].join('\n')
}

function code (labels: readonly string[]): string {
  return labels.map(label => `\`${label}\``).join(' ')
}

function where (roles: readonly ServiceRole[]): string {
  return roles.length === ROLES.length ? 'all' : roles.includes('master') ? 'master' : 'workers'
}
