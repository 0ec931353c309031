import { MAX_MAP_TASKS } from '@ipfs-mapreduce/mapreduce'
import type { ErrorCode } from '@ipfs-mapreduce/mapreduce'
import { MAX_ATTEMPTS, MAX_NAME_CHARS, MAX_REASON_CHARS, MAX_SLOTS, MAX_STACK_CHARS } from '../constants.ts'
import type { AttemptProgress, AttemptRef, Failure, Priority, Role, TaskKind } from '../messages.ts'
import type * as pb from '../pb/messages.ts'
import { cid, cut, list, name, optional, refuse, required, text, whole } from './door.ts'

const ROLES: Record<Role, pb.Role> = { master: 'MASTER', mapper: 'MAPPER', reducer: 'REDUCER', worker: 'WORKER', client: 'CLIENT' }
const ROLE_NAMES: Record<pb.Role, Role | undefined> = { NO_ROLE: undefined, MASTER: 'master', MAPPER: 'mapper', REDUCER: 'reducer', WORKER: 'worker', CLIENT: 'client' }
const KINDS: Record<TaskKind, pb.TaskKind> = { map: 'MAP', reduce: 'REDUCE' }
const KIND_NAMES: Record<pb.TaskKind, TaskKind | undefined> = { NO_KIND: undefined, MAP: 'map', REDUCE: 'reduce' }

const PRIORITIES: Record<Priority, pb.Priority> = { low: 'LOW', normal: 'NORMAL', high: 'HIGH' }
const PRIORITY_NAMES: Record<pb.Priority, Priority | undefined> = { NO_PRIORITY: undefined, LOW: 'low', NORMAL: 'normal', HIGH: 'high' }

export const encodeRole = (role: Role): pb.Role => ROLES[role] ?? 'NO_ROLE'
export const decodeRole = (role: pb.Role): Role => required('role', ROLE_NAMES[role])

export const encodePriority = (priority: Priority): pb.Priority => PRIORITIES[priority] ?? 'NO_PRIORITY'
export const decodePriority = (priority: pb.Priority): Priority => required('priority', PRIORITY_NAMES[priority])

export const encodeKind = (kind: TaskKind): pb.TaskKind => KINDS[kind] ?? 'NO_KIND'
export const decodeKind = (field: string, kind: pb.TaskKind): TaskKind => required(field, KIND_NAMES[kind])

/** Codes are spelled alike on both sides. */
export const encodeCode = (code: ErrorCode): pb.Code => code
export function decodeCode (code: pb.Code): ErrorCode {
  if (code === 'NO_CODE') { throw refuse('code', 'is missing') }
  return code
}

export const slots = (value: number): number => whole('slots', value, MAX_SLOTS)
/** A machine's state: words, as its name may have blanks. */
export const state = (value: string): string => text('state', value, MAX_NAME_CHARS, 1)
export const reason = (value: string): string => cut(value, MAX_REASON_CHARS)

export function encodeRef (ref: AttemptRef): pb.AttemptRef {
  return { job: ref.job, kind: encodeKind(ref.kind), task: ref.task, attempt: ref.attempt }
}

export function decodeRef (encoded: pb.AttemptRef | undefined): AttemptRef {
  const ref = required('ref', encoded)
  return {
    job: name('ref.job', ref.job),
    kind: decodeKind('ref.kind', ref.kind),
    task: whole('ref.task', ref.task, MAX_MAP_TASKS - 1),
    attempt: whole('ref.attempt', ref.attempt, MAX_ATTEMPTS, 1)
  }
}

export function encodeFailure (failure: Failure): pb.Failure {
  return {
    code: encodeCode(failure.code),
    message: reason(failure.message),
    stack: cut(failure.stack ?? '', MAX_STACK_CHARS),
    cid: failure.cid ?? ''
  }
}

export function decodeFailure (encoded: pb.Failure | undefined): Failure {
  const failure = required('failure', encoded)
  const stack = optional(failure.stack, value => cut(value, MAX_STACK_CHARS))
  const content = optional(failure.cid, value => cid('failure.cid', value))
  return {
    code: decodeCode(failure.code),
    message: reason(failure.message),
    ...(stack === undefined ? {} : { stack }),
    ...(content === undefined ? {} : { cid: content })
  }
}

export function encodeProgress (progress: AttemptProgress): pb.AttemptProgress {
  return { ref: encodeRef(progress.ref), state: progress.state, records: progress.records }
}

/** The attempts that a worker runs: at most its slots. */
export function decodeRunning (encoded: pb.AttemptProgress[]): AttemptProgress[] {
  return list('running', encoded, MAX_SLOTS).map(progress => ({
    ref: decodeRef(progress.ref),
    state: state(progress.state),
    records: whole('running.records', progress.records)
  }))
}
