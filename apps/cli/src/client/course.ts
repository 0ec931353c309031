import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { CourseAttempt, CoursePlace } from '@ipfs-mapreduce/protocol'
import { askCourse } from './ask.ts'
import type { MasterLink } from './ask.ts'

/** Something that happened to an attempt, at a time in milliseconds since its job's start. */
export interface CourseEvent {
  ms: number
  what: 'begun' | 'ended'
  attempt: CourseAttempt
}

/** Reads the course of a job, bit by bit. */
export class CourseReader {
  readonly #job: string
  readonly #attempts = new Map<string, CourseAttempt>()
  #place: CoursePlace = { begun: 0, ended: 0 }
  #isKept = true

  constructor (job: string) {
    this.#job = job
  }

  /** All attempts that were read, in the order of their begin; undefined where the master does not keep the job's course, or no longer. */
  get attempts (): CourseAttempt[] | undefined {
    return this.#isKept ? [...this.#attempts.values()] : undefined
  }

  /** What has happened since it was asked last, in its order. */
  async next (link: MasterLink, signal: AbortSignal): Promise<CourseEvent[]> {
    const events: CourseEvent[] = []
    for (let more = this.#isKept; more;) {
      try {
        const course = await askCourse(link, this.#job, this.#place, signal)
        for (const attempt of course.attempts) events.push(...this.#note(attempt))
        this.#place = course.next
        more = course.more
      } catch (error) {
        if (!(error instanceof MapReduceError) || error.code !== 'REFUSED') throw error
        this.#isKept = false
        more = false
      }
    }
    // A begin and an end come together where both are new.
    return events.sort((a, b) => a.ms - b.ms)
  }

  #note (attempt: CourseAttempt): CourseEvent[] {
    const key = `${attempt.kind}.${attempt.task}.${attempt.attempt}`
    const before = this.#attempts.get(key)
    this.#attempts.set(key, attempt)
    return [
      ...before === undefined ? [{ ms: attempt.beginMs, what: 'begun' as const, attempt }] : [],
      ...attempt.endMs === undefined || before?.endMs !== undefined ? [] : [{ ms: attempt.endMs, what: 'ended' as const, attempt }]
    ]
  }
}
