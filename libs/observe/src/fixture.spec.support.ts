import { attemptMachine, DEFAULT_TIMING, MachineActor, taskMachine, workerMachine, type Attempt, type MachineActorInit } from '@ipfs-mapreduce/state-machines'
import type { Components, WatchedJob } from '@ipfs-mapreduce/actors'
import type { AttemptCompleted, AttemptRef, JobStatus, TaskCounts, TaskKind } from '@ipfs-mapreduce/protocol'

type Inspect = NonNullable<Components['inspect']>

const none: TaskCounts = { total: 0, pending: 0, running: 0, committed: 0, failed: 0, attempts: 0, failedAttempts: 0, backups: 0 }

export function jobStatus (job: string, changed: Partial<JobStatus> = {}): JobStatus {
  return {
    job, state: 'running',
    spec: { program: 'bafkreiprogram', programName: 'word-count', input: 'bafkreiinput', inputFormat: 'lines', reducers: 1, args: {}, separator: ' ', splitBytes: 0, skipBadRecords: 0 },
    maps: none, reduces: none, counters: {}, phases: [], localSplits: 0, remoteSplits: 0, fetchedBytes: 0, inputBytes: 0, records: 0,
    warnings: [], priority: 'normal', blacklist: [], skipped: [], ...changed
  }
}

/** A job as a master shows it to who watches; `status` and whether it is replaying may change. */
export function watchedJob (status: () => JobStatus, startedMs: number, isReplaying = (): boolean => false): WatchedJob {
  const tasks = { table: { records: [] }, machineOf: () => undefined }
  return { id: status().job, startedMs, maps: tasks, reduces: tasks, machine: undefined, status, get isReplaying () { return isReplaying() } }
}

export function refOf (kind: TaskKind, task: number, attempt = 1): AttemptRef {
  return { job: 'j', kind, task, attempt }
}

/** An attempt at its worker, started. */
export function attemptActor (ref: AttemptRef, inspect: Inspect): MachineActor<typeof attemptMachine> {
  return started(attemptMachine, { ref, timing: DEFAULT_TIMING }, inspect)
}

/** A membership with a master, started. */
export function workerActor (inspect: Inspect): MachineActor<typeof workerMachine> {
  return started(workerMachine, { address: '/ip4/127.0.0.1/tcp/1', timing: DEFAULT_TIMING }, inspect)
}

/** A task in flight at the master, started; `attempts` are of earlier lives. */
export function taskActor ({ kind, task }: AttemptRef, inspect: Inspect, attempts: Attempt[] = []): MachineActor<typeof taskMachine> {
  return started(taskMachine, { job: 'j', kind, task, maxAttempts: 4, attempts, failures: 0, losses: 0, timing: DEFAULT_TIMING }, inspect)
}

/** Time stands still. */
function started<M extends typeof attemptMachine | typeof workerMachine | typeof taskMachine> (machine: M, input: MachineActorInit<M>['input'], inspect: Inspect): MachineActor<M> {
  const actor = new MachineActor(machine, { clock: { setTimeout: () => 0, clearTimeout: () => {} }, input, inspect, onCommand: () => {} })
  actor.start()
  return actor
}

export function completed (ref: AttemptRef): AttemptCompleted {
  return { type: 'attemptCompleted', ref, runs: [], outputBytes: 0, counters: {}, skipped: [], fetchedBytes: 0, fetchedBlocks: 0 }
}
