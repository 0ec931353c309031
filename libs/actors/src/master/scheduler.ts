import { freeSlots, type WorkerEntry, type WorkerRole, type WorkerTable } from './worker-table.ts'
import type { TaskRecord, TaskTable } from './task-table.ts'

/** A task for a worker. */
export interface Placement {
  record: TaskRecord
  worker: WorkerEntry
}

/** The tasks of one kind of one job, as they compete for slots. */
export interface Claimant {
  table: TaskTable
  /** Its share relative to the others'. */
  weight: number
  /** Slots that it holds. */
  running: () => number
  /** A task that must not run at a worker. */
  forbids: (record: TaskRecord, worker: WorkerEntry) => boolean
  /** A task that should run at another worker where there is one with a free slot. */
  avoids: (record: TaskRecord, worker: WorkerEntry) => boolean
  /** Reserves the worker's slot before it returns. */
  place: (placement: Placement) => void
}

/**
 * Places waiting tasks on the free slots of a role. Slots are shared fairly: each goes to the job that has the fewest for
 * its weight (max-min fairness). A worker takes a task whose blocks it holds first; what slots are left take any (Dean
 * and Ghemawat 2004, section 3.4). Workers take turns, so that load spreads.
 *
 * It runs after every event, so it must not look at every worker each time: one that no waiting task suits is passed over
 * until another task waits, or the worker is heard of again.
 */
export function schedule (role: WorkerRole, claimants: Claimant[], workers: WorkerTable): void {
  const waiting = claimants.filter(({ table }) => table.pending > 0)
  if (waiting.length === 0) return
  const version = waiting.reduce((sum, { table }) => sum + table.version, 0)
  const free = workers.free(role, version)
  takeTurns(role, free, waiting, { localOnly: true })
  takeTurns(role, free, waiting, { localOnly: false })
  if (waiting.every(({ table }) => table.pending === 0)) return
  for (const worker of free) if (freeSlots(worker, role) > 0) worker.passedOver[role] = version
}

function takeTurns (role: WorkerRole, free: WorkerEntry[], claimants: Claimant[], { localOnly }: { localOnly: boolean }): void {
  let placed = true
  while (placed) {
    placed = false
    for (const worker of free) {
      if (freeSlots(worker, role) === 0) continue
      placed = placeOne(role, worker, free, claimants, localOnly) || placed
    }
  }
}

/** For locality only the job whose turn it is counts: a job of remote blocks must not wait for those with local ones. */
function placeOne (role: WorkerRole, worker: WorkerEntry, free: WorkerEntry[], claimants: Claimant[], localOnly: boolean): boolean {
  const neediest = claimants.filter(({ table }) => table.pending > 0).sort((a, b) => a.running() / a.weight - b.running() / b.weight)
  for (const claimant of localOnly ? neediest.slice(0, 1) : neediest) {
    const { table, forbids, avoids, place } = claimant
    const refuses = (record: TaskRecord): boolean => forbids(record, worker) ||
      (avoids(record, worker) && free.some(other => other !== worker && freeSlots(other, role) > 0 && !forbids(record, other) && !avoids(record, other)))
    const record = localOnly ? table.takeLocal(worker.peer, refuses) : table.take(refuses)
    if (record === undefined) continue
    place({ record, worker })
    return true
  }
  return false
}
