import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace'
import { beforeEach, describe, expect, it } from '@jest/globals'
import { attemptSpan, ChosenIds, jobSpan, traceIdOf } from './ids.ts'
import { masterSpans } from './master.ts'
import { Tracing } from './tracing.ts'
import { workerSpans } from './worker.ts'
import { attemptActor, completed, jobStatus, refOf, taskActor, watchedJob } from '../fixture.spec.support.ts'
import { stepsOf } from '../steps.ts'

describe('spans', () => {
  let nowMs: number
  let exporter: InMemorySpanExporter
  let tracing: Tracing
  beforeEach(() => {
    nowMs = 1_000_000
    exporter = new InMemorySpanExporter()
    const ids = new ChosenIds()
    tracing = new Tracing(new TracerProvider({ idGenerator: ids, spanProcessors: [new SimpleSpanProcessor({ exporter })] }).getTracer('test'), ids)
  })

  const ended = (name: string): ReadableSpan[] => exporter.getFinishedSpans().filter(span => span.name === name)
  const ms = ({ duration: [seconds, nanoseconds] }: ReadableSpan): number => seconds * 1000 + nanoseconds / 1e6

  it('have ids that follow from names alone, of the form of the W3C', () => {
    expect(traceIdOf('mh5x2k1a-0f3k9')).toMatch(/^[0-9a-f]{32}$/)
    expect(attemptSpan(refOf('map', 1)).spanId).toMatch(/^[0-9a-f]{16}$/)
    expect(attemptSpan(refOf('map', 1))).toEqual(attemptSpan(refOf('map', 1)))
    expect(new Set([refOf('map', 1), refOf('map', 1, 2), refOf('map', 11), refOf('reduce', 1), { ...refOf('map', 1), job: 'k' }].map(ref => attemptSpan(ref).spanId)).size).toBe(5)
    expect(traceIdOf('j')).not.toBe(traceIdOf('k'))
  })

  it('are a tree at the master: a task for each of its lives, an attempt that nobody took, one that was overtaken', () => {
    const { watch, onStep } = masterSpans(tracing, () => nowMs)
    const inspect = stepsOf(onStep)
    let status = jobStatus('j')
    const job = watchedJob(() => status, nowMs - 500)
    watch.jobOpened(job)
    const first = taskActor(refOf('map', 0), inspect)
    first.send({ type: 'offer', worker: 'a' })
    watch.attemptEnded(refOf('map', 0), { worker: 'a', outcome: 'refused', failure: { code: 'TRANSIENT', message: 'no slots' } })
    watch.attemptStarted(refOf('map', 0, 2), { worker: 'b', backup: false, local: true })
    watch.attemptStarted(refOf('map', 0, 3), { worker: 'c', backup: true, local: false })
    nowMs += 3000
    watch.attemptEnded(refOf('map', 0, 3), { worker: 'c', outcome: 'completed' })
    watch.attemptEnded(refOf('map', 0, 2), { worker: 'b', outcome: 'lost', failure: { code: 'ABORTED', message: 'another attempt was first' } })
    first.send(completed(refOf('map', 0)))
    // Its runs are lost, and it is made again.
    const second = taskActor(refOf('map', 0), inspect, [{ attempt: 1, worker: 'c', outcome: 'completed' }])
    second.send({ type: 'offer', worker: 'd' })
    second.send({ type: 'cancel', reason: 'the job was cancelled' })
    status = jobStatus('j', { state: 'cancelled', failure: { code: 'ABORTED', message: 'cancelled by its client' } })
    watch.jobEnded(job)

    const [root] = ended('job')
    expect(root!.spanContext()).toMatchObject({ traceId: traceIdOf('j'), spanId: jobSpan('j').spanId })
    expect(root!.parentSpanContext).toBeUndefined()
    expect([ms(root!), root!.status, root!.attributes['ipmr.state']]).toEqual([3500, { code: 2, message: 'cancelled by its client' }, 'cancelled'])
    const tasks = ended('map task')
    expect(tasks.map(({ attributes, status: { code }, parentSpanContext }) => [attributes['ipmr.state'], code, parentSpanContext?.spanId])).toEqual([['committed', 0, jobSpan('j').spanId], ['cancelled', 0, jobSpan('j').spanId]])
    expect(tasks[0]!.spanContext().spanId).not.toBe(tasks[1]!.spanContext().spanId)
    const attempts = ended('map attempt')
    expect(attempts.map(span => [span.attributes['ipmr.attempt'], span.attributes['ipmr.outcome'], span.status.code, ms(span)])).toEqual([[1, 'refused', 2, 0], [3, 'completed', 0, 3000], [2, 'overtaken', 0, 3000]])
    for (const span of attempts) expect(span.parentSpanContext?.spanId).toBe(tasks[0]!.spanContext().spanId)
    expect(attempts[1]!.spanContext().spanId).toBe(attemptSpan(refOf('map', 0, 3)).spanId)
  })

  it("hang a worker's steps below the master's attempt, and end with it, however it ends", () => {
    const inspect = stepsOf(workerSpans(tracing, () => nowMs, 'me'))
    const attempt = attemptActor(refOf('reduce', 2), inspect)
    attempt.send({ type: 'start' })
    nowMs += 100
    attempt.send({ type: 'fetched', bytes: 9, blocks: 1 })
    nowMs += 50
    attempt.send({ type: 'slotTaken' })
    nowMs += 200
    attempt.send({ type: 'stepFailed', failure: { code: 'PROGRAM', message: 'it threw' } })
    attempt.send({ type: 'reported' })
    const aborted = attemptActor(refOf('reduce', 3), inspect)
    aborted.send({ type: 'start' })
    aborted.send({ type: 'abort', reason: 'the job ended' })
    const [failed, given] = ended('run reduce attempt')
    expect([failed!.parentSpanContext?.spanId, failed!.spanContext().traceId, failed!.status, failed!.attributes['error.type'], failed!.attributes['ipmr.worker'], ms(failed!)])
      .toEqual([attemptSpan(refOf('reduce', 2)).spanId, traceIdOf('j'), { code: 2, message: 'it threw' }, 'PROGRAM', 'me', 350])
    expect([given!.status.code, given!.attributes['ipmr.outcome']]).toEqual([0, 'aborted'])
    expect(exporter.getFinishedSpans().filter(({ parentSpanContext }) => parentSpanContext?.spanId === failed!.spanContext().spanId).map(span => [span.name, ms(span)])).toEqual([['fetching', 100], ['queued', 50], ['executing', 200], ['reporting', 0]])
    expect(exporter.getFinishedSpans().filter(({ parentSpanContext }) => parentSpanContext?.spanId === given!.spanContext().spanId).map(span => span.name)).toEqual(['fetching'])
  })
})
