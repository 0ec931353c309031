import { MAX_MAP_TASKS } from '@ipfs-mapreduce/mapreduce'
import { MAX_ATTEMPTS, MAX_COURSE_ATTEMPTS } from '../constants.ts'
import type { Course, CourseAttempt, CoursePlace } from '../messages.ts'
import type * as pb from '../pb/messages.ts'
import { decodeFailure, decodeKind, encodeFailure, encodeKind, state } from './attempt.ts'
import { duration, list, name, required, whole } from './door.ts'

export function decodePlace (field: string, encoded: pb.CoursePlace | undefined): CoursePlace {
  const { begun, ended } = required(field, encoded)
  return { begun: whole(`${field}.begun`, begun), ended: whole(`${field}.ended`, ended) }
}

function encodeAttempt ({ kind, failure, ...attempt }: CourseAttempt): pb.CourseAttempt {
  return { ...attempt, kind: encodeKind(kind), failure: failure === undefined ? undefined : encodeFailure(failure) }
}

function decodeAttempt ({ kind, task, attempt, worker, beginMs, endMs, outcome, backup, local, failure }: pb.CourseAttempt): CourseAttempt {
  return {
    kind: decodeKind('attempts.kind', kind),
    task: whole('attempts.task', task, MAX_MAP_TASKS - 1),
    attempt: whole('attempts.attempt', attempt, MAX_ATTEMPTS, 1),
    worker: name('attempts.worker', worker),
    beginMs: duration('attempts.beginMs', beginMs),
    ...endMs !== undefined && { endMs: duration('attempts.endMs', endMs) },
    outcome: state(outcome),
    backup,
    local,
    ...failure !== undefined && { failure: decodeFailure(failure) }
  }
}

export const encodeCourse = ({ attempts, next, more }: Course): pb.Course =>
  ({ attempts: attempts.map(encodeAttempt), next, more })

export const decodeCourse = ({ attempts, next, more }: pb.Course): Course =>
  ({ type: 'course', attempts: list('attempts', attempts, MAX_COURSE_ATTEMPTS).map(decodeAttempt), next: decodePlace('next', next), more })
