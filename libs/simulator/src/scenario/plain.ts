import type { ClusterShape } from '../world/shape.ts'
import type { JobPlan } from './scenario.ts'

/** A small cluster in which nothing is left to chance: what happens in it happens because of a scenario's faults. */
export const PLAIN_CLUSTER: ClusterShape = {
  masters: 1, mappers: 2, reducers: 2, slots: 1, named: true, journaled: true, timing: {},
  latencyMs: { min: 2, max: 2 }, diskMs: 1, executeMs: { min: 300, max: 300 }, endless: 0
}

/** Two map tasks, two reduces: at 130 ms they are offered, at 450 ms the maps report, at 765 ms the reduces. */
export const PLAIN_JOB: JobPlan = {
  atMs: 100, master: 'master', program: 'word-count', args: {}, files: { 'a.txt': 'the whale\nthe ship\nof the sea\n' },
  chunkBytes: 16, splitBytes: 16, reducers: 2, holders: [], priority: 'normal', maxAttempts: 0, deadlineMs: 0, skipBadRecords: 0
}
