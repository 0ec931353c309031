import { freeSlots, type WorkerEntry, type WorkerTable } from './worker-table.ts'
import type { TaskRecord, TaskTable } from './task-table.ts'

/** A task for a worker. */
export interface Placement {
  record: TaskRecord
  worker: WorkerEntry
}

/**
 * Places waiting tasks on free slots: first each worker takes those whose blocks it holds, then what slots are left
 * take any (Dean and Ghemawat 2004, section 3.4). Workers take turns, so that load spreads. A task that failed at a worker
 * goes to another one where there is one. Each placement must be reserved by `place` before the next is made.
 */
export function schedule (table: TaskTable, workers: WorkerTable, place: (placement: Placement) => void): void {
  if (table.pending === 0) return
  const ready = workers.ready(table.kind === 'map' ? 'mapper' : 'reducer')
  const avoidsBy = (worker: WorkerEntry) => (record: TaskRecord): boolean =>
    record.attempts.at(-1)?.worker === worker.peer && ready.some(other => other !== worker && freeSlots(other) > 0)
  takeTurns(ready, worker => table.takeLocal(worker.peer, avoidsBy(worker)), place)
  takeTurns(ready, worker => table.take(avoidsBy(worker)), place)
}

function takeTurns (workers: WorkerEntry[], take: (worker: WorkerEntry) => TaskRecord | undefined, place: (placement: Placement) => void): void {
  let placed = true
  while (placed) {
    placed = false
    for (const worker of workers) {
      if (freeSlots(worker) === 0) continue
      const record = take(worker)
      if (record === undefined) continue
      place({ record, worker })
      placed = true
    }
  }
}
