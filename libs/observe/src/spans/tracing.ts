import { context, SpanKind, SpanStatusCode, trace, type Attributes, type Context, type Span, type SpanContext, type Tracer } from '@opentelemetry/api'
import type { ChosenIds } from './ids.ts'
import type { Failure } from '@ipfs-mapreduce/protocol'

export interface SpanInit {
  name: string
  kind?: SpanKind
  attributes: Attributes
  /** Milliseconds since the epoch. */
  startMs: number
  parent?: SpanContext
  /** What the span itself is to be called; drawn where absent. */
  ids?: SpanContext
}

/** Makes the spans of one service. */
export class Tracing {
  readonly #tracer: Tracer
  readonly #ids: ChosenIds

  constructor (tracer: Tracer, ids: ChosenIds) {
    this.#tracer = tracer
    this.#ids = ids
  }

  start ({ name, kind = SpanKind.INTERNAL, attributes, startMs, parent, ids }: SpanInit): Span {
    const options = { kind, attributes, startTime: startMs, root: parent === undefined }
    const within: Context = parent === undefined ? context.active() : trace.setSpanContext(context.active(), parent)
    const start = (): Span => this.#tracer.startSpan(name, options, within)
    return ids === undefined ? start() : this.#ids.during(ids, start)
  }
}

/** Ends a span that failed, and says why. */
export function endFailed (span: Span, failure: Pick<Failure, 'message'> & Partial<Pick<Failure, 'code'>>, endMs: number): void {
  if (failure.code !== undefined) span.setAttribute('error.type', failure.code)
  span.setStatus({ code: SpanStatusCode.ERROR, message: failure.message })
  span.end(endMs)
}
