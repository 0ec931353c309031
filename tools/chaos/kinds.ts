import { LEASE_MS } from '@ipfs-mapreduce/protocol'

/** Shortest and longest, in milliseconds. */
export type Span = readonly [least: number, most: number]

export interface KindSpec {
  meaning: string
  /** Whom it may strike. */
  victims: 'workers' | 'master' | 'all'
  /** What the machine must be able to do. */
  /** Whether it takes network namespaces. */
  network?: boolean
  /** How long it lasts; one of them is drawn, then a time in it. */
  lasts: readonly Span[]
}

const SECOND = 1000
/** From noticed at once to given up: a worker is away for less and for more than its lease. */
const AROUND_LEASE: readonly Span[] = [[1 * SECOND, LEASE_MS - 2 * SECOND], [LEASE_MS + 1 * SECOND, LEASE_MS + 4 * SECOND]]
const BAD_LINE: readonly Span[] = [[5 * SECOND, 10 * SECOND]]
const DOWN: readonly Span[] = [[100, 3 * SECOND]]

/** Every fault that is injected, in the order of the report. */
export const KINDS = {
  'kill-worker': { meaning: 'kill -9 of a worker, which is started again with its data', victims: 'workers', lasts: DOWN },
  'lose-disk': { meaning: 'kill -9 of a worker, which is started again with nothing', victims: 'workers', lasts: DOWN },
  'kill-master': { meaning: 'kill -9 of the master, which is started again with its data', victims: 'master', lasts: DOWN },
  drain: { meaning: 'SIGTERM of a worker, which finishes its attempts and leaves; a new one takes its place', victims: 'workers', lasts: [[0, 0]] },
  'stop-short': { meaning: 'SIGSTOP of a process for less than a lease, then SIGCONT', victims: 'all', lasts: AROUND_LEASE.slice(0, 1) },
  'stop-long': { meaning: 'SIGSTOP of a process for longer than a lease, then SIGCONT', victims: 'all', lasts: AROUND_LEASE.slice(1) },
  partition: { meaning: 'nothing passes to or from a process', victims: 'all', network: true, lasts: AROUND_LEASE },
  'one-way': { meaning: 'nothing passes from a process, or nothing to it', victims: 'all', network: true, lasts: AROUND_LEASE },
  loss: { meaning: '2 to 20 % of the packets to and from a process are lost', victims: 'all', network: true, lasts: BAD_LINE },
  delay: { meaning: 'packets to and from a process take 50 to 500 ms each way, half as much more or less', victims: 'all', network: true, lasts: BAD_LINE },
  rate: { meaning: '128 to 2048 kbit/s each way, with a second of queue', victims: 'all', network: true, lasts: BAD_LINE }
} as const satisfies Record<string, KindSpec>

export type Kind = keyof typeof KINDS

export const ALL_KINDS = Object.keys(KINDS) as Kind[]

export function specOf (kind: Kind): KindSpec {
  return KINDS[kind]
}
