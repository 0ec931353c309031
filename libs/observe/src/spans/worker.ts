import { SpanKind, type Span } from '@opentelemetry/api'
import { attemptSpan } from './ids.ts'
import { endFailed, type Tracing } from './tracing.ts'
import type { Step } from '../steps.ts'

/** An attempt at its worker, below the master's span of it: a span for it, and one for each step. */
export function workerSpans (tracing: Tracing, now: () => number, peer: string): (step: Step) => void {
  const open = new WeakMap<object, { attempt: Span, step?: Span }>()
  return step => {
    if (step.machine !== 'attempt') return
    const { actor, from, to, done, context: { ref, failure, outcome, fetchedBytes } } = step
    const nowMs = now()
    if (from === undefined) {
      const { job, kind, task, attempt } = ref
      const attributes = { 'ipmr.job': job, 'ipmr.kind': kind, 'ipmr.task': task, 'ipmr.attempt': attempt, 'ipmr.worker': peer }
      open.set(actor, { attempt: tracing.start({ name: `run ${kind} attempt`, kind: SpanKind.SERVER, parent: attemptSpan(ref), startMs: nowMs, attributes }) })
    }
    const spans = open.get(actor)
    if (spans === undefined) return
    spans.step?.end(nowMs)
    delete spans.step
    if (!done) {
      if (to !== 'accepted') spans.step = tracing.start({ name: to, parent: spans.attempt.spanContext(), startMs: nowMs, attributes: {} })
      return
    }
    open.delete(actor)
    spans.attempt.setAttributes({ 'ipmr.outcome': to, 'ipmr.fetched.bytes': fetchedBytes, ...outcome?.counters })
    if (failure !== undefined && to === 'failed') endFailed(spans.attempt, failure, nowMs)
    else spans.attempt.end(nowMs)
  }
}
