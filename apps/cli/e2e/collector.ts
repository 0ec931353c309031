import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface CollectedSpan {
  service: string
  name: string
  traceId: string
  spanId: string
  parentSpanId?: string
  kind: number
  startMs: number
  endMs: number
  /** 2 where it failed. */
  status: number
  message: string
  attributes: Record<string, string | number | boolean>
}

/** A collector of OpenTelemetry: takes spans by OTLP over HTTP, as JSON. */
export interface Collector {
  url: string
  spans: CollectedSpan[]
  close: () => Promise<void>
}

interface Value { stringValue?: string, intValue?: number | string, doubleValue?: number, boolValue?: boolean }
interface KeyValue { key: string, value: Value }
interface Sent {
  resourceSpans: Array<{
    resource: { attributes: KeyValue[] }
    scopeSpans: Array<{ spans: Array<{ traceId: string, spanId: string, parentSpanId?: string, name: string, kind: number, startTimeUnixNano: string, endTimeUnixNano: string, attributes: KeyValue[], status: { code?: number, message?: string } }> }>
  }>
}

const NANOSECONDS_PER_MS = 1e6

function attributesOf (pairs: KeyValue[]): Record<string, string | number | boolean> {
  return Object.fromEntries(pairs.map(({ key, value: { stringValue, intValue, doubleValue, boolValue } }) => [key, stringValue ?? boolValue ?? Number(intValue ?? doubleValue)]))
}

export async function collector (): Promise<Collector> {
  const spans: CollectedSpan[] = []
  const take = ({ resourceSpans }: Sent): void => {
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = String(attributesOf(resource.attributes)['service.name'])
      for (const { traceId, spanId, parentSpanId, name, kind, startTimeUnixNano, endTimeUnixNano, attributes, status } of scopeSpans.flatMap(scope => scope.spans)) {
        spans.push({
          service, traceId, spanId, name, kind, attributes: attributesOf(attributes), status: status.code ?? 0, message: status.message ?? '',
          startMs: Number(startTimeUnixNano) / NANOSECONDS_PER_MS, endMs: Number(endTimeUnixNano) / NANOSECONDS_PER_MS,
          ...parentSpanId !== undefined && parentSpanId !== '' && { parentSpanId }
        })
      }
    }
  }
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => { body += chunk }).on('end', () => {
      const isTraces = request.method === 'POST' && request.url === '/v1/traces' && request.headers['content-type'] === 'application/json'
      if (isTraces) take(JSON.parse(body) as Sent)
      response.writeHead(isTraces ? 200 : 400, { 'content-type': 'application/json' }).end('{}')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    close: async () => {
      server.closeAllConnections()
      await new Promise(resolve => { server.close(resolve) })
    }
  }
}
