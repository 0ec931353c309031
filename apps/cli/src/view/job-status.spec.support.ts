import type { JobStatus, TaskCounts } from '@ipfs-mapreduce/protocol'

export function tasks (total: number, committed: number, changes: Partial<TaskCounts> = {}): TaskCounts {
  return { total, pending: total - committed, running: 0, committed, failed: 0, attempts: committed, failedAttempts: 0, backups: 0, ...changes }
}

/** A job that runs: a quarter of its maps are done, one attempt has failed. */
export function jobStatus (changes: Partial<JobStatus> = {}): JobStatus {
  return {
    job: 'j1',
    state: 'running',
    spec: { program: 'bafyprogram', programName: 'word-count', inputFormat: 'lines', input: 'bafyinput', reducers: 2, args: {}, separator: ' ', splitBytes: 0, skipBadRecords: 0 },
    maps: tasks(8, 2, { pending: 4, running: 2, attempts: 5, failedAttempts: 1 }),
    reduces: tasks(2, 0),
    counters: { 'map.input.records': 1234567 },
    phases: [{ name: 'plan', ms: 120 }, { name: 'total', ms: 2300 }],
    localSplits: 7,
    remoteSplits: 1,
    fetchedBytes: 262144,
    inputBytes: 2000000,
    records: 98765,
    warnings: [],
    priority: 'normal',
    blacklist: [],
    skipped: [],
    ...changes
  }
}
