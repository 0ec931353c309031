import { freeSlots, type WorkerEntry, type WorkerRole, type WorkerTable } from './worker-table.ts'
import type { TaskRecord, TaskTable } from './task-table.ts'
import type { Trust } from './trust.ts'
import type { TaskKind } from '@ipfs-mapreduce/protocol'

export interface StaffingInit {
  workers: WorkerTable
  trust: Trust
}

/** Which workers may run which tasks of one job. */
export class Staffing {
  readonly #workers: WorkerTable
  readonly #trust: Trust

  constructor ({ workers, trust }: StaffingInit) {
    this.#workers = workers
    this.#trust = trust
  }

  /** Gave a false answer, or one of those that another worker has to decide between. */
  forbids ({ rivals }: TaskRecord, { peer }: WorkerEntry): boolean {
    return this.#trust.isBanned(peer) || rivals.some(({ worker }) => worker === peer)
  }

  /** Failed too often, and there are others for tasks of the kind. */
  isUnwanted (kind: TaskKind, { peer }: WorkerEntry): boolean {
    return this.#trust.isBlacklisted(peer) && this.#workers.hasReady(roleOf(kind), other => !this.#trust.isBlacklisted(other.peer))
  }

  /** Nobody else is there that could decide, if this worker's answer contradicts one of its own. */
  isAlone (kind: TaskKind, peer: string): boolean {
    return !this.#workers.hasReady(roleOf(kind), other => other.peer !== peer && !this.#trust.isBanned(other.peer))
  }

  /** Whom the tasks wait for, in words; nothing where they wait for nobody that is not there. */
  missing (table: TaskTable): string | undefined {
    const role = roleOf(table.kind)
    if (table.waiting > 0 && !this.#workers.hasReady(role, ({ peer }) => !this.#trust.isBanned(peer))) return role
    const contested = table.contested()
    if (contested.length === 0 || contested.some(record => this.#workers.hasReady(role, worker => !this.forbids(record, worker)))) return undefined
    return `other ${role} to decide between two outputs`
  }

  /** Calls `place` for each of the slow tasks that a free worker could run as well; one that holds its blocks is taken first. */
  backUp (kind: TaskKind, slow: TaskRecord[], place: (record: TaskRecord, worker: WorkerEntry) => void): void {
    if (slow.length === 0) return
    const role = roleOf(kind)
    const free = this.#workers.free(role).filter(({ peer }) => !this.#trust.isBlacklisted(peer))
    for (const record of slow) {
      const fits = (worker: WorkerEntry): boolean => freeSlots(worker, role) > 0 && !this.forbids(record, worker) &&
        record.attempts.every(attempt => attempt.outcome !== 'active' || attempt.worker !== worker.peer)
      const worker = free.find(one => record.holders.includes(one.peer) && fits(one)) ?? free.find(fits)
      if (worker !== undefined) place(record, worker)
    }
  }
}

function roleOf (kind: TaskKind): WorkerRole {
  return kind === 'map' ? 'mapper' : 'reducer'
}
