import type { Fault } from '../faults/fault.ts'
import type { ClusterShape } from '../world/shape.ts'
import { PLAIN_CLUSTER, PLAIN_JOB } from './plain.ts'
import type { Scenario } from './scenario.ts'

const FAULTS_MS = 120_000
/** The second attempt at `m2` is a backup: of the task that `m1` is so slow with. It begins at some 4 s. */
const SLOW_PAIR: Fault[] = [
  { kind: 'process', peer: 'm1', faults: 'slow:execute,ms=60s' },
  { kind: 'process', peer: 'm2', faults: 'slow:execute,ms=60s,nth=2' }
]

const rare = (name: string, faults: Fault[], cluster: Partial<ClusterShape> = {}): Scenario =>
  ({ seed: name, cluster: { ...PLAIN_CLUSTER, ...cluster }, jobs: [PLAIN_JOB], faults, faultsMs: FAULTS_MS })

/** Paths that drawn schedules seldom take: each scenario is written for transitions that need several faults in their order. */
export const RARE: readonly Scenario[] = [
  rare('a master back while a task and its backup run', [...SLOW_PAIR, { kind: 'crash', peer: 'master', disk: 'kept', atMs: 6_000, forMs: 1_000 }]),
  rare('a master back, and neither a task nor its backup', [
    ...SLOW_PAIR,
    { kind: 'crash', peer: 'master', disk: 'kept', atMs: 6_000, forMs: 1_000 },
    { kind: 'crash', peer: 'm1', disk: 'kept', atMs: 6_000, forMs: 40_000 },
    { kind: 'crash', peer: 'm2', disk: 'kept', atMs: 6_000, forMs: 40_000 }
  ]),
  rare('a backup whose worker does not answer', [...SLOW_PAIR, { kind: 'drop', of: 're:attemptAssigned', p: 1, atMs: 3_000, forMs: 3_000 }], { timing: { offerMs: 4_000 } }),
  rare('a backup that is handed back', [
    ...SLOW_PAIR,
    { kind: 'drop', of: 'block', p: 1, atMs: 3_000, forMs: 6_000 },
    { kind: 'drain', peer: 'm2', atMs: 5_000, forMs: 4_000 }
  ]),
  rare('a backup that stalls', [
    { kind: 'process', peer: 'm1', faults: 'stall:execute' },
    { kind: 'process', peer: 'm2', faults: 'stall:execute,nth=2' }
  ], { timing: { attemptMs: 20_000, executeMs: 100_000 } }),
  rare('a backup whose worker falls silent', [...SLOW_PAIR, { kind: 'partition', from: ['m2'], to: ['master'], atMs: 5_000, forMs: 20_000 }]),
  rare('an output that cannot be fetched in time', [{ kind: 'drop', of: 'block', p: 1, atMs: 765, forMs: 12_000 }], { timing: { secureMs: 8_000 } }),
  rare('a lie found out when a reduce has read it and committed', [
    { kind: 'process', peer: 'm1', faults: 'lie:output' },
    { kind: 'cut', from: ['m1'], to: ['r2'], atMs: 300, forMs: 60_000 },
    { kind: 'crash', peer: 'm1', disk: 'wiped', atMs: 2_000, forMs: 60_000 }
  ], { mappers: 3 })
]
