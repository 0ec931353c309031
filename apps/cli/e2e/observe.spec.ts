import { once } from 'node:events'
import { connect } from 'node:net'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { collector, type CollectedSpan, type Collector } from './collector.ts'
import { until } from './processes.ts'
import { scrape, type Samples } from './scrape.ts'
import { services } from './services.ts'
import type { Services } from './services.ts'
import { slowWordCount } from './slow-program.ts'
import { sampleText } from './text.ts'
import { succeeded, workbench } from './workbench.ts'
import type { Running, Workbench } from './workbench.ts'

interface Told { job: string, counters: Record<string, number>, maps: { total: number, attempts: number }, reduces: { total: number }, inputBytes: number }

const CUTS = ['--chunk-size', '1k', '--split-size', '4k', '--reducers', '3']
const THROWS = `export default { input: 'lines', map () { throw new Error('the whale is gone') }, reduce () {} }`

let bench: Workbench
beforeEach(() => {
  bench = workbench()
  bench.write('sample.txt', sampleText(400))
  bench.write('throws.js', THROWS)
})
afterEach(async () => { await bench.remove() })

/** Where a service that was started with `--http` shows itself. */
async function shownAt (service: Running): Promise<string> {
  const [, url = ''] = await service.says(/^metrics {2}(http:\S+)\/metrics$/m)
  return url
}

const ready = async (url: string): Promise<{ status: number, body: string }> => {
  const response = await fetch(`${url}/readyz`)
  return { status: response.status, body: await response.text() }
}

const sum = (samples: Samples, pattern: RegExp): number => [...samples].reduce((total, [name, value]) => total + (pattern.test(name) ? value : 0), 0)

/** The status of the one job that the master knows. */
async function told ({ connected }: Services): Promise<Told> {
  const jobs = JSON.parse(succeeded(await bench.ipmr(...connected('jobs', '--json')))) as Told[]
  return JSON.parse(succeeded(await bench.ipmr(...connected('status', jobs[0]!.job, '--json')))) as Told
}

/** Ends a service as a person does, so that it tells what it has to tell; it ends well. */
async function leave (...all: Running[]): Promise<void> {
  for (const { child } of all) child.kill('SIGINT')
  for (const { ended } of all) succeeded(await ended)
}

describe('a service with --http', () => {
  it('says when it can do its work, and measures the work that it does', async () => {
    const cluster = services(bench, 'measured')
    const first = await cluster.startMaster('master', 0, '--http', '0')
    const port = Number(cluster.master().split('/').at(-1))
    first.child.kill('SIGKILL')
    await first.ended

    const workers = (['mapper', 'reducer'] as const).map(role => cluster.serveWorker(role, role, '--slots', '2', '--http', '0'))
    const [mapper = '', reducer = ''] = await Promise.all(workers.map(shownAt))
    for (const url of [mapper, reducer]) {
      expect((await fetch(`${url}/healthz`)).status).toBe(200)
      expect(await until('its reason', () => ready(url), ({ body }) => body.includes('joining'))).toEqual({ status: 503, body: 'not ready: no master has welcomed it: it is joining\n' })
    }
    expect((await scrape(`${mapper}/metrics`)).get('ipmr_ready')).toBe(0)

    const running = await cluster.startMaster('master', port, '--http', '0')
    const master = await shownAt(running)
    for (const url of [master, mapper, reducer]) await until('ready', () => ready(url), ({ status }) => status === 200)
    succeeded(await bench.ipmr(...cluster.connected('run', 'word-count', 'sample.txt', ...CUTS, '-q')))
    const { counters, maps, reduces, inputBytes } = await told(cluster)
    expect(maps.total).toBeGreaterThan(3)

    const seen = await scrape(`${master}/metrics`)
    expect(Object.fromEntries(['ipmr_jobs_ended_total{state="succeeded"}', 'ipmr_attempts_ended_total{kind="map",outcome="completed"}', 'ipmr_attempts_ended_total{kind="reduce",outcome="completed"}', 'ipmr_job_input_bytes_total', 'ipmr_job_input_records_total', 'ipmr_slots{role="mapper"}', 'ipmr_workers{role="reducer",state="ready"}', 'ipmr_jobs{state="running"}'].map(name => [name, seen.get(name)]))).toEqual({
      'ipmr_jobs_ended_total{state="succeeded"}': 1, 'ipmr_attempts_ended_total{kind="map",outcome="completed"}': maps.total, 'ipmr_attempts_ended_total{kind="reduce",outcome="completed"}': reduces.total,
      'ipmr_job_input_bytes_total': inputBytes, 'ipmr_job_input_records_total': counters['map.input.records'], 'ipmr_slots{role="mapper"}': 2, 'ipmr_workers{role="reducer",state="ready"}': 1, 'ipmr_jobs{state="running"}': 0
    })
    expect(sum(seen, /^ipmr_attempts_started_total\{kind="map"/)).toBe(maps.total)
    expect(sum(seen, /^ipmr_journal_write_duration_seconds_count\{operation="append",outcome="ok"\}/)).toBeGreaterThanOrEqual(maps.total + reduces.total)
    expect(sum(seen, /^ipmr_announcements_received_total\{announcement="heartbeat"\}/)).toBeGreaterThan(0)
    expect(seen.get('ipmr_peers')).toBeGreaterThanOrEqual(2)
    expect(seen.get('ipmr_store_blocks')).toBeGreaterThanOrEqual(reduces.total)
    expect(sum(seen, /^libp2p_data_transfer_bytes_total/)).toBeGreaterThan(0)

    const mapped = await scrape(`${mapper}/metrics`)
    for (const [metric, counter] of [['map_input_records', 'map.input.records'], ['map_input_bytes', 'map.input.bytes'], ['map_output_records', 'map.output.records'], ['spilled_records', 'spilled.records']] as const) {
      expect([metric, mapped.get(`ipmr_${metric}_total`)]).toEqual([metric, counters[counter]])
    }
    expect(mapped.get('ipmr_worker_attempts_ended_total{kind="map",outcome="done"}')).toBe(maps.total)
    expect(mapped.get('ipmr_worker_attempt_step_duration_seconds_count{kind="map",step="executing"}')).toBe(maps.total)
    expect(mapped.get('ipmr_executor_starts_total')).toBeGreaterThan(0)
    expect(mapped.get('ipmr_worker_output_bytes_total{kind="map"}')).toBe(mapped.get('ipmr_stored_bytes_total'))
    const reduced = await scrape(`${reducer}/metrics`)
    expect(reduced.get('ipmr_reduce_output_records_total')).toBe(counters['reduce.output.records'])
    expect(reduced.get('ipmr_shuffle_bytes_total')).toBe(counters['shuffle.bytes'])
    expect(reduced.get('ipmr_worker_input_fetched_bytes_total{kind="reduce"}')).toBe(mapped.get('ipmr_stored_bytes_total'))

    expect((await bench.ipmr(...cluster.connected('run', 'throws.js', 'sample.txt', '--attempts', '2', '-q'))).exit).not.toBe(0)
    const failed = await scrape(`${master}/metrics`)
    expect(failed.get('ipmr_jobs_ended_total{state="failed"}')).toBe(1)
    expect(failed.get('ipmr_attempts_ended_total{kind="map",outcome="failed"}')).toBeGreaterThanOrEqual(2)
    expect((await scrape(`${mapper}/metrics`)).get('ipmr_worker_attempt_failures_total{kind="map",code="PROGRAM"}')).toBeGreaterThanOrEqual(2)

    // Somebody who knocks and goes is a stranger; a worker that is killed is one less.
    const strangers = 'ipmr_offences_total{offence="stranger"}'
    const known = failed.get(strangers)!
    const stranger = connect(port, '127.0.0.1')
    await once(stranger, 'connect')
    stranger.destroy()
    await until('a stranger is counted', () => scrape(`${master}/metrics`), samples => samples.get(strangers)! > known)
    workers[0]!.child.kill('SIGKILL')
    await until('the mapper is gone', () => scrape(`${master}/metrics`), samples => samples.get('ipmr_workers{role="mapper",state="ready"}') === 0)
    expect((await scrape(`${master}/metrics`)).get('ipmr_workers{role="reducer",state="ready"}')).toBe(1)
  })
})

describe('a service that nobody looks at', () => {
  /** Writes down each module that is loaded. */
  const HOOK = `import { appendFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
registerHooks({ load (url, context, next) { appendFileSync(process.env.LOADED, url + '\\n'); return next(url, context) } })
`

  it('loads nothing for it, and what is asked for alone otherwise', async () => {
    const hook = pathToFileURL(bench.write('hook.mjs', HOOK)).href
    const loaded = async (name: string, env: Record<string, string>, ...args: string[]): Promise<string[]> => {
      const cluster = services(bench, 'loaded', { NODE_OPTIONS: `--import=${hook}`, LOADED: bench.write(name, ''), ...env })
      await leave(await cluster.startMaster(`${name}-data`, 0, ...args))
      const names = bench.read(name).split('\n').map(url => url.split('/').at(-1)!)
      expect(names).toContain('main.mjs')
      return names.filter(module => module.startsWith('observe'))
    }
    expect(await loaded('plain', {})).toEqual([])
    expect(await loaded('shown', {}, '--http', '0')).toEqual(['observe.mjs', 'observe-metrics.mjs'])
    expect((await loaded('traced', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })).sort()).toEqual(['observe-spans.mjs', 'observe.mjs'])
    expect(await loaded('disabled', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_SDK_DISABLED: 'true' })).toEqual([])
  })
})

describe('where OTEL_EXPORTER_OTLP_ENDPOINT is set', () => {
  let traces: Collector
  beforeEach(async () => { traces = await collector() })
  afterEach(async () => { await traces.close() })

  const named = (name: string): CollectedSpan[] => traces.spans.filter(span => span.name === name)

  it('jobs, tasks and attempts are spans of one trace, across services', async () => {
    const cluster = services(bench, 'traced', { OTEL_EXPORTER_OTLP_ENDPOINT: traces.url, OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test' })
    const all = [await cluster.startMaster('master'), ...await Promise.all([cluster.startWorker('mapper', 'mapper'), cluster.startWorker('reducer', 'reducer')])]
    succeeded(await bench.ipmr(...cluster.connected('run', 'word-count', 'sample.txt', ...CUTS, '-q')))
    const { job, maps, reduces } = await told(cluster)
    // What waits to be sent is sent when a service leaves.
    await leave(...all.reverse())

    const [root, ...more] = named('job')
    expect(more).toEqual([])
    expect(root).toMatchObject({ service: 'ipmr-master', status: 0, attributes: { 'ipmr.job': job, 'ipmr.state': 'succeeded', 'ipmr.program.name': 'word-count', 'ipmr.reducers': 3 } })
    expect(root!.parentSpanId).toBeUndefined()
    expect(new Set(traces.spans.map(({ traceId }) => traceId))).toEqual(new Set([root!.traceId]))
    expect(new Set(traces.spans.map(({ spanId }) => spanId)).size).toBe(traces.spans.length)
    expect(traces.spans.filter(({ status }) => status === 2)).toEqual([])

    const byId = new Map(traces.spans.map(span => [span.spanId, span]))
    const parents = (name: string): string[] => [...new Set(named(name).map(({ parentSpanId = '' }) => byId.get(parentSpanId)?.name ?? 'nobody'))]
    for (const [kind, { total }, service] of [['map', maps, 'ipmr-mapper'], ['reduce', reduces, 'ipmr-reducer']] as const) {
      expect([named(`${kind} task`).length, named(`${kind} attempt`).length, named(`run ${kind} attempt`).length]).toEqual([total, total, total])
      expect([parents(`${kind} task`), parents(`${kind} attempt`), parents(`run ${kind} attempt`)]).toEqual([['job'], [`${kind} task`], [`${kind} attempt`]])
      expect(new Set(named(`${kind} task`).map(({ attributes }) => attributes['ipmr.task'])).size).toBe(total)
      for (const span of named(`run ${kind} attempt`)) {
        const asked = byId.get(span.parentSpanId!)!
        expect(span).toMatchObject({ service, attributes: { 'ipmr.task': asked.attributes['ipmr.task'], 'ipmr.attempt': 1, 'ipmr.worker': asked.attributes['ipmr.worker'], 'ipmr.outcome': 'done' } })
      }
    }
    for (const step of ['fetching', 'executing', 'storing', 'reporting']) {
      expect(named(step).length).toBe(maps.total + reduces.total)
      expect(parents(step).sort()).toEqual(['run map attempt', 'run reduce attempt'])
    }
    for (const span of traces.spans) {
      expect(span.endMs).toBeGreaterThanOrEqual(span.startMs)
      if (span.service === 'ipmr-master') expect(span.startMs).toBeGreaterThanOrEqual(root!.startMs)
    }
  })

  it('go on in one trace when the master is killed and started again, which counts nothing twice', async () => {
    bench.write('slow.js', slowWordCount(10))
    const cluster = services(bench, 'traced', { OTEL_EXPORTER_OTLP_ENDPOINT: traces.url })
    const first = await cluster.startMaster('master', 0, '--http', '0')
    const workers = await Promise.all([cluster.startWorker('mapper', 'mapper'), cluster.startWorker('reducer', 'reducer')])
    const url = await shownAt(first)
    const running = bench.start(...cluster.connected('run', 'slow.js', 'sample.txt', ...CUTS, '-q'))
    const before = (await until('two maps have committed', () => scrape(`${url}/metrics`), samples => (samples.get('ipmr_tasks{kind="map",state="committed"}') ?? 0) >= 2)).get('ipmr_tasks{kind="map",state="committed"}')!
    first.child.kill('SIGKILL')
    await first.ended
    const second = await cluster.startMaster('master', Number(cluster.master().split('/').at(-1)), '--http', '0')
    succeeded(await running.ended)
    const { job, maps } = await told(cluster)
    const seen = await scrape(`${await shownAt(second)}/metrics`)
    expect(seen.get('ipmr_jobs_ended_total{state="succeeded"}')).toBe(1)
    expect(seen.get('ipmr_attempts_ended_total{kind="map",outcome="completed"}')).toBeLessThanOrEqual(maps.total - before)
    expect(seen.get('ipmr_attempts_ended_total{kind="map",outcome="completed"}')).toBeGreaterThan(0)
    await leave(...workers, second)

    expect(named('job')).toMatchObject([{ attributes: { 'ipmr.job': job, 'ipmr.state': 'succeeded' } }])
    expect(new Set(traces.spans.map(({ traceId }) => traceId)).size).toBe(1)
    expect(traces.spans.length - new Set(traces.spans.map(({ spanId }) => spanId)).size).toBe(0)
    // The spans that the killed master had open, or had not sent, are gone; it ran each map once all the same.
    expect(named('run map attempt').length).toBeGreaterThanOrEqual(maps.total)
    expect(named('map task').length).toBeLessThanOrEqual(maps.total)
    expect(named('map task').filter(({ startMs, endMs }) => endMs - startMs < 5)).toEqual([])
  })

  it('say why what failed has failed', async () => {
    const cluster = services(bench, 'traced', { OTEL_EXPORTER_OTLP_ENDPOINT: traces.url })
    const all = [await cluster.startMaster('master'), ...await Promise.all([cluster.startWorker('mapper', 'mapper'), cluster.startWorker('reducer', 'reducer')])]
    expect((await bench.ipmr(...cluster.connected('run', 'throws.js', 'sample.txt', '--attempts', '2', '-q'))).exit).not.toBe(0)
    await leave(...all.reverse())
    expect(named('job')).toMatchObject([{ status: 2, message: expect.stringContaining('the whale is gone'), attributes: { 'ipmr.state': 'failed', 'error.type': 'PROGRAM' } }])
    expect(named('map task').filter(({ attributes }) => attributes['ipmr.state'] === 'failed')).toMatchObject([{ status: 2 }])
    expect(named('map attempt').filter(({ attributes }) => attributes['ipmr.outcome'] === 'failed').length).toBeGreaterThanOrEqual(2)
    expect(named('run map attempt').filter(({ status }) => status === 2).every(({ message }) => message.includes('the whale is gone'))).toBe(true)
    // The reduces that waited for the maps were given up with the job: that is no failure of theirs.
    expect(traces.spans.filter(({ attributes, status }) => attributes['ipmr.kind'] === 'reduce' && status === 2)).toEqual([])
  })

  it('are lost without harm where no collector listens', async () => {
    const { url } = traces
    await traces.close()
    const cluster = services(bench, 'traced', { OTEL_EXPORTER_OTLP_ENDPOINT: url })
    const all = [await cluster.startMaster('master'), ...await Promise.all([cluster.startWorker('mapper', 'mapper'), cluster.startWorker('reducer', 'reducer')])]
    succeeded(await bench.ipmr(...cluster.connected('run', 'word-count', 'sample.txt', ...CUTS, '-q')))
    await leave(...all.reverse())
    expect(all.some(service => service.said().stderr.includes('OpenTelemetry: '))).toBe(true)
    traces = await collector()
  })
})
