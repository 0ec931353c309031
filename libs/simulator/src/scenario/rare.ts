import type { Fault } from '../faults/fault.ts'
import type { ClusterShape } from '../world/shape.ts'
import { PLAIN_CLUSTER, PLAIN_JOB } from './plain.ts'
import type { JobPlan, Scenario } from './scenario.ts'

const FAULTS_MS = 120_000
/** The second attempt at `m2` is a backup: of the task that `m1` is so slow with. It begins at some 4 s. */
const SLOW_PAIR: Fault[] = [
  { kind: 'process', peer: 'm1', faults: 'slow:execute,ms=60s' },
  { kind: 'process', peer: 'm2', faults: 'slow:execute,ms=60s,nth=2' }
]

/** Two maps of four have committed when the first checkpoint is announced, at some 5 s. */
const WITH_SPARE: Partial<ClusterShape> = { spares: 1, executeMs: { min: 4_000, max: 4_000 } }
const LONGER_JOB: JobPlan = { ...PLAIN_JOB, chunkBytes: 8, splitBytes: 8 }

const rare = (name: string, faults: Fault[], cluster: Partial<ClusterShape> = {}, job = PLAIN_JOB): Scenario =>
  ({ seed: name, cluster: { ...PLAIN_CLUSTER, ...cluster }, jobs: [job], faults, faultsMs: FAULTS_MS })

/** Those of them whose jobs cannot succeed, and why they fail. */
export const FAILING: Readonly<Record<string, RegExp>> = {
  'no reducer for too long': /^no reducer joined within 60 s; start one and submit again$/,
  'a result that does not fit on the master\'s disk': /^cannot write a block: ENOSPC/
}

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
    { kind: 'process', peer: 'm1', faults: 'slow:execute,ms=60s' },
    { kind: 'process', peer: 'm2', faults: 'slow:fetch,ms=30s,nth=2' },
    { kind: 'drain', peer: 'm2', atMs: 5_000, forMs: 4_000 }
  ]),
  rare('a backup that fails', [
    { kind: 'process', peer: 'm1', faults: 'slow:execute,ms=60s' },
    { kind: 'process', peer: 'm2', faults: 'full:disk,nth=2' }
  ]),
  rare('a backup whose worker dies', [...SLOW_PAIR, { kind: 'crash', peer: 'm2', disk: 'kept', atMs: 5_000, forMs: 3_000 }]),
  rare('an offer without an answer', [{ kind: 'drop', of: 're:attemptAssigned', p: 1, atMs: 100, forMs: 400 }], { timing: { offerMs: 4_000 } }),
  rare('a fetch and a store that take too long', [
    { kind: 'process', peer: 'm1', faults: 'slow:fetch,ms=30s,nth=1' },
    { kind: 'process', peer: 'm2', faults: 'slow:store,ms=30s,nth=1' }
  ], { timing: { fetchMs: 5_000, storeMs: 5_000 } }),
  rare('a worker that drains while its master is away', [
    { kind: 'crash', peer: 'master', disk: 'kept', atMs: 500, forMs: 3_000 },
    { kind: 'drain', peer: 'm1', atMs: 400, forMs: 20_000 },
    { kind: 'drain', peer: 'm2', atMs: 1_500, forMs: 20_000 }
  ]),
  rare('a result that does not fit on the master\'s disk', [{ kind: 'process', peer: 'master', faults: 'full:disk,nth=1' }]),
  rare('no reducer for too long', [{ kind: 'crash', peer: 'r1', disk: 'kept', atMs: 50, forMs: 100_000 }], { reducers: 1 }),
  rare('a backup whose worker leaves', [...SLOW_PAIR, { kind: 'stop', peer: 'm2', atMs: 5_000, forMs: 3_000 }]),
  rare('a run that is lost', [
    { kind: 'drop', of: 'block', p: 1, atMs: 300, forMs: 300 },
    { kind: 'crash', peer: 'm1', disk: 'wiped', atMs: 560, forMs: 20_000 }
  ]),
  // It waits for maps, has run out of its lease, and holds the only slot.
  rare('a reducer that was given up and is back', [
    { kind: 'process', peer: 'm1', faults: 'slow:execute,ms=25s' },
    { kind: 'process', peer: 'm2', faults: 'slow:execute,ms=25s' },
    { kind: 'partition', from: ['r1'], to: ['master'], atMs: 1_000, forMs: 5_500 }
  ], { reducers: 1 }),
  ...[3, 5, 8].map(ms => rare(`a master that dies ${ms} ms after it was given a report`, [{ kind: 'process', peer: 'master', faults: `crash:attemptCompleted,nth=1,ms=${ms}` }], { diskMs: 20 })),
  rare('a master that is away for too long', [{ kind: 'crash', peer: 'master', disk: 'kept', atMs: 350, forMs: 20_000 }], { timing: { awayMs: 5_000 } }),
  rare('a master that dies as it makes an offer', [{ kind: 'process', peer: 'master', faults: 'crash:attemptAssigned,nth=1,ms=5' }], { diskMs: 20 }),
  // Its task is backed up; the honest answer is late, and comes while the reduces execute that have read the lie.
  rare('a lie that is contradicted while it is read', [
    { kind: 'process', peer: 'm1', faults: 'lie:output; slow:execute,ms=7s,nth=1' },
    { kind: 'delay', of: 'attemptCompleted', p: 1, ms: 2_000, atMs: 7_000, forMs: 1_000 }
  ], { mappers: 3, executeMs: { min: 1_500, max: 1_500 } }),
  // Its adverts arrive while the address that was named is tried in vain.
  rare('two ways to one master', [{ kind: 'drop', of: 'join', p: 1, atMs: 0, forMs: 42_000 }], { named: false }),
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
  ], { mappers: 3 }),
  // It asks a master behind a cut how its job is, and is given work by another one before it gives up to be answered.
  rare('a worker that asks the old master as the new one takes over', [
    { kind: 'process', peer: 'r1', faults: 'slow:execute,ms=20s' },
    { kind: 'process', peer: 'r2', faults: 'slow:execute,ms=20s' },
    { kind: 'partition', from: ['m1'], to: ['master'], atMs: 6_400, forMs: 60_000 },
    { kind: 'takeover', peer: 'master', by: 'master2', atMs: 6_500, resumeMs: 100 }
  ], { ...WITH_SPARE, timing: { awayMs: 5_000, checkpointMs: 500 } }, LONGER_JOB),
  // As few refusals as the job bears are soon had, of workers that are busy for the other master.
  rare('two masters that share the slots of one job', [
    { kind: 'process', peer: 'r1', faults: 'slow:execute,ms=20s' },
    { kind: 'process', peer: 'r2', faults: 'slow:execute,ms=20s' },
    { kind: 'rival', peer: 'master', by: 'master2', atMs: 6_500, resumeMs: 1_000, forMs: 4_000 }
  ], { ...WITH_SPARE, timing: { checkpointMs: 500 } }, { ...LONGER_JOB, maxAttempts: 1 }),
  rare('a master that comes back to a job that another one has taken up', [
    { kind: 'rival', peer: 'master', by: 'master2', atMs: 6_500, resumeMs: 1_000, forMs: 4_000 }
  ], { ...WITH_SPARE, timing: { checkpointMs: 500 } }, LONGER_JOB)
]
