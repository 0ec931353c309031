import { createHash } from 'node:crypto'
import { TraceFlags, type SpanContext } from '@opentelemetry/api'
import { RandomIdGenerator, type IdGenerator } from '@opentelemetry/sdk-trace'
import { attemptName } from '../attempt-name.ts'
import type { AttemptRef } from '@ipfs-mapreduce/protocol'

/** Hexadecimal digits, as the W3C's trace context has them. */
const TRACE_ID_DIGITS = 32
const SPAN_ID_DIGITS = 16

function digest (text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits)
}

/** A job is a trace: its id follows from the job's, so that every service knows it and no message has to carry it. */
export function traceIdOf (job: string): string {
  return digest(`trace ${job}`, TRACE_ID_DIGITS)
}

/** The master's span of a job. */
export function jobSpan (job: string): SpanContext {
  return { traceId: traceIdOf(job), spanId: digest(`job ${job}`, SPAN_ID_DIGITS), traceFlags: TraceFlags.SAMPLED, isRemote: true }
}

/** The master's span of an attempt: a worker's spans of it are below. */
export function attemptSpan (ref: AttemptRef): SpanContext {
  return { traceId: traceIdOf(ref.job), spanId: digest(`attempt ${attemptName(ref)}`, SPAN_ID_DIGITS), traceFlags: TraceFlags.SAMPLED, isRemote: true }
}

/** Gives the next span the ids that it is to have; others' are drawn. */
export class ChosenIds implements IdGenerator {
  readonly #drawn = new RandomIdGenerator()
  #next: SpanContext | undefined

  /** Starts one span within, that has these ids. */
  during<T> (ids: SpanContext, start: () => T): T {
    this.#next = ids
    try {
      return start()
    } finally {
      this.#next = undefined
    }
  }

  generateTraceId = (): string => this.#next?.traceId ?? this.#drawn.generateTraceId()
  generateSpanId = (): string => this.#next?.spanId ?? this.#drawn.generateSpanId()
}
