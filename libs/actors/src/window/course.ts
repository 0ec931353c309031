import { MAX_COURSE_ATTEMPTS, MAX_COURSE_FAILURES, type Course, type CourseAttempt, type CoursePlace } from '@ipfs-mapreduce/protocol'
import type { JobView } from './job-view.ts'
import type { LoggedAttempt } from './layout.ts'

/** What of a job's course comes after a place: attempts that have begun or ended since, at most as many as one message holds. */
export function courseSince (view: JobView, after: CoursePlace): Course {
  const failures = new Map(view.failures.map(({ kind, task, attempt, code, message, stack, cid }) =>
    [keyOf({ kind, task, attempt }), { code, message, ...stack !== undefined && { stack }, ...cid !== undefined && { cid } }]))
  const told = (logged: LoggedAttempt): CourseAttempt => {
    const { startMs, endMs, ...attempt } = logged
    const failure = endMs < 0 ? undefined : failures.get(keyOf(logged))
    return { ...attempt, beginMs: startMs, ...endMs >= 0 && { endMs }, ...failure !== undefined && { failure } }
  }
  // As many begin as end, at most; fewer where what failed would not fit.
  for (let most = MAX_COURSE_ATTEMPTS / 2; ; most = Math.ceil(most / 2)) {
    const { from, ends, next } = view.attempts.since({ rows: after.begun, ends: after.ended }, most)
    const numbers = [...Array.from({ length: next.rows - from }, (_, i) => from + i), ...ends.filter((_, i) => i % 3 === 0)]
    const attempts = numbers.flatMap(number => view.attempts.at(number) ?? []).map(told)
    if (most > 1 && attempts.filter(({ failure }) => failure !== undefined).length > MAX_COURSE_FAILURES) continue
    return { type: 'course', attempts, next: { begun: next.rows, ended: next.ends }, more: numbers.length >= most }
  }
}

function keyOf ({ kind, task, attempt }: Pick<LoggedAttempt, 'kind' | 'task' | 'attempt'>): string {
  return `${kind}.${task}.${attempt}`
}
