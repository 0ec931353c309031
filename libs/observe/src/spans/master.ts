import { SpanKind, type Span } from '@opentelemetry/api'
import { attemptSpan, jobSpan } from './ids.ts'
import { endFailed, type Tracing } from './tracing.ts'
import { attemptName, taskName } from '../attempt-name.ts'
import type { Step } from '../steps.ts'
import type { Watch, WatchedJob } from '@ipfs-mapreduce/actors'
import type { AttemptRef } from '@ipfs-mapreduce/protocol'

/** A job, its tasks and their attempts, as the master sees them. A task that is made again has a span for each life. */
export function masterSpans (tracing: Tracing, now: () => number): { watch: Watch, onStep: (step: Step) => void } {
  const jobs = new Map<string, { job: WatchedJob, span: Span }>()
  const tasks = new Map<string, Span>()
  const attempts = new Map<string, Span>()
  /** What is applied again after a restart had its spans before it. */
  const isReplaying = (job: string): boolean => jobs.get(job)?.job.isReplaying === true
  const startAttempt = (ref: AttemptRef, worker: string): Span => {
    const parent = tasks.get(taskName(ref))?.spanContext() ?? jobSpan(ref.job)
    return tracing.start({
      name: `${ref.kind} attempt`, kind: SpanKind.CLIENT, ids: attemptSpan(ref), parent, startMs: now(),
      attributes: { ...attributesOf(ref), 'ipmr.attempt': ref.attempt, 'ipmr.worker': worker }
    })
  }
  return {
    watch: {
      jobOpened: job => {
        const { spec: { program, programName, input, reducers }, priority } = job.status()
        const span = tracing.start({
          name: 'job', ids: jobSpan(job.id), startMs: job.startedMs,
          attributes: { 'ipmr.job': job.id, 'ipmr.program': program, 'ipmr.program.name': programName, 'ipmr.input': input, 'ipmr.reducers': reducers, 'ipmr.priority': priority }
        })
        jobs.set(job.id, { job, span })
      },
      jobTicked: () => {},
      jobEnded: job => {
        const span = jobs.get(job.id)?.span
        if (span === undefined) return
        jobs.delete(job.id)
        const { state, failure, result, inputBytes, records } = job.status()
        span.setAttributes({ 'ipmr.state': state, 'ipmr.input.bytes': inputBytes, 'ipmr.input.records': records, ...result !== undefined && { 'ipmr.result': result } })
        if (failure !== undefined) endFailed(span, failure, now())
        else span.end(now())
      },
      attemptStarted: (ref, { worker, backup, local }) => {
        attempts.set(attemptName(ref), startAttempt(ref, worker).setAttributes({ 'ipmr.backup': backup, 'ipmr.local': local }))
      },
      attemptEnded: (ref, { worker, outcome, failure }) => {
        if (isReplaying(ref.job)) return
        // One that nobody took is a moment long.
        const span = attempts.get(attemptName(ref)) ?? startAttempt(ref, worker)
        attempts.delete(attemptName(ref))
        const overtaken = failure?.code === 'ABORTED'
        span.setAttribute('ipmr.outcome', overtaken ? 'overtaken' : outcome)
        if (failure !== undefined && !overtaken) endFailed(span, failure, now())
        else span.end(now())
      }
    },
    onStep: step => {
      if (step.machine !== 'task') return
      const { from, to, done, context: { job, kind, task, failure } } = step
      const name = taskName({ job, kind, task })
      if (from === undefined && !isReplaying(job)) tasks.set(name, tracing.start({ name: `${kind} task`, parent: jobSpan(job), startMs: now(), attributes: attributesOf({ job, kind, task }) }))
      if (!done) return
      const span = tasks.get(name)
      if (span === undefined) return
      tasks.delete(name)
      span.setAttribute('ipmr.state', to)
      if (to === 'failed' && failure !== undefined) endFailed(span, failure, now())
      else span.end(now())
    }
  }
}

function attributesOf ({ job, kind, task }: Omit<AttemptRef, 'attempt'>): Record<string, string | number> {
  return { 'ipmr.job': job, 'ipmr.kind': kind, 'ipmr.task': task }
}
