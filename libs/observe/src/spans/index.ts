import { setTimeout as delay } from 'node:timers/promises'
import { diag } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { ChosenIds } from './ids.ts'
import { masterSpans } from './master.ts'
import { Tracing } from './tracing.ts'
import { workerSpans } from './worker.ts'
import { stepsOf, type Step } from '../steps.ts'
import type { Observer } from '../observer.ts'

/** Spans that wait to be sent; more are dropped. A burst of tasks makes thousands at a time. */
const MAX_WAITING_SPANS = 16_384
/** Spans in one request to the collector. */
const MAX_BATCH_SPANS = 1024
/** Between two requests, in milliseconds: spans are looked at while a job runs. */
const SEND_EVERY_MS = 2000

/** How long a service that leaves waits for the collector, in milliseconds. */
const LAST_SEND_MS = 2000

export interface SpansInit {
  role: 'master' | 'mapper' | 'reducer'
  version: string
  cluster: string
  /** This service's peer id. */
  peer: string
  /** Milliseconds since the epoch. */
  now: () => number
  log: { warn: (fields: object, message: string) => void }
}

export interface Spans extends Observer {
  /** Sends what waits, where the collector takes it soon. */
  close: () => Promise<void>
}

/**
 * Tells a collector of jobs, tasks and attempts as OpenTelemetry spans, by OTLP over HTTP. Where it is, and how it is spoken to, stand in the
 * environment, as OpenTelemetry has it: `OTEL_EXPORTER_OTLP_ENDPOINT`, `…_HEADERS`, `…_TIMEOUT`, `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`.
 */
export function createSpans ({ role, version, cluster, peer, now, log }: SpansInit): Spans {
  // Of an error all its properties are told, as JSON: the message is what a person wants.
  const warn = (told: string): void => { log.warn({ reason: /"message":"([^"]*)"/.exec(told)?.[1] ?? told }, 'OpenTelemetry: spans could not be sent') }
  diag.setLogger({ error: warn, warn, info: () => {}, debug: () => {}, verbose: () => {} })
  const ids = new ChosenIds()
  const provider = new TracerProvider({
    idGenerator: ids,
    resource: resourceFromAttributes({
      'service.name': `ipmr-${role}`, 'service.version': version, 'service.namespace': cluster, 'service.instance.id': peer, 'process.pid': process.pid
    }).merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter(), maxQueueSize: MAX_WAITING_SPANS, maxExportBatchSize: MAX_BATCH_SPANS, scheduledDelayMillis: SEND_EVERY_MS })]
  })
  const tracing = new Tracing(provider.getTracer('ipfs-mapreduce', version), ids)
  const close = async (): Promise<void> => {
    const late = new AbortController()
    const sent = provider.shutdown().then(() => true)
    const isSent = await Promise.race([sent, delay(LAST_SEND_MS, false, { signal: late.signal })]).finally(() => { late.abort() })
    if (!isSent) log.warn({ ms: LAST_SEND_MS }, 'OpenTelemetry: the collector has not taken the last spans in time')
  }
  if (role === 'master') {
    const { watch, onStep } = masterSpans(tracing, now)
    return { watch, inspect: stepsOf(onStep), close }
  }
  const onStep: (step: Step) => void = workerSpans(tracing, now, peer)
  return { inspect: stepsOf(onStep), close }
}
