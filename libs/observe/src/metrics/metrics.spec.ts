import { beforeEach, describe, expect, it } from '@jest/globals'
import { MapReduceError, ProgramError } from '@ipfs-mapreduce/mapreduce'
import { timed } from './clock.ts'
import { createMetrics, type Metrics } from './index.ts'
import { attemptActor, jobStatus, refOf, watchedJob, workerActor } from '../fixture.spec.support.ts'

let nowMs: number
let metrics: Metrics
beforeEach(() => { nowMs = 1000 })

function start (role: 'master' | 'mapper'): void {
  metrics = createMetrics({ role, version: '1', cluster: 'lab', now: () => nowMs })
}

/** Samples of ours by name and labels, without those that are nought. */
async function samples (pattern: RegExp): Promise<Record<string, number>> {
  const lines = (await metrics.registry.metrics()).split('\n').map(line => /^(ipmr_[^ ]+) (\S+)$/.exec(line) ?? [])
  return Object.fromEntries(lines.flatMap(([, name = '', value]) => pattern.test(name) && Number(value) !== 0 ? [[name.replace('ipmr_', ''), Number(value)]] : []))
}

describe('metrics of a master', () => {
  beforeEach(() => { start('master') })

  it('count attempts by how they ended, those too that no worker took', async () => {
    const { watch } = metrics
    watch!.attemptStarted(refOf('map', 0), { worker: 'a', backup: false, local: true })
    nowMs += 2000
    watch!.attemptStarted(refOf('map', 0, 2), { worker: 'b', backup: true, local: false })
    nowMs += 1000
    watch!.attemptEnded(refOf('map', 0, 2), { worker: 'b', outcome: 'completed' })
    watch!.attemptEnded(refOf('map', 0), { worker: 'a', outcome: 'lost', failure: { code: 'ABORTED', message: 'another attempt was first' } })
    watch!.attemptEnded(refOf('reduce', 0), { worker: 'c', outcome: 'refused', failure: { code: 'TRANSIENT', message: 'no slots' } })
    expect(await samples(/^ipmr_attempts_/)).toEqual({
      'attempts_started_total{kind="map",local="true",backup="false"}': 1, 'attempts_started_total{kind="map",local="false",backup="true"}': 1,
      'attempts_ended_total{kind="map",outcome="completed"}': 1, 'attempts_ended_total{kind="map",outcome="overtaken"}': 1, 'attempts_ended_total{kind="reduce",outcome="refused"}': 1
    })
    expect(await samples(/^ipmr_attempt_duration_seconds_(sum|count)/)).toEqual({
      'attempt_duration_seconds_sum{kind="map",outcome="completed"}': 1, 'attempt_duration_seconds_count{kind="map",outcome="completed"}': 1,
      'attempt_duration_seconds_sum{kind="map",outcome="overtaken"}': 3, 'attempt_duration_seconds_count{kind="map",outcome="overtaken"}': 1
    })
  })

  it('count what is applied again after a restart no second time, and what goes on then', async () => {
    let replaying = true
    const { watch } = metrics
    watch!.jobOpened(watchedJob(() => jobStatus('j'), 0, () => replaying))
    watch!.attemptEnded(refOf('map', 0), { worker: 'a', outcome: 'completed' })
    watch!.attemptStarted(refOf('map', 1), { worker: 'a', backup: false, local: true })
    replaying = false
    watch!.attemptEnded(refOf('map', 1), { worker: 'a', outcome: 'completed' })
    expect(await samples(/^ipmr_attempts_ended/)).toEqual({ 'attempts_ended_total{kind="map",outcome="completed"}': 1 })
  })

  it('count jobs that end, and read those that have not from its tables', async () => {
    const counts = { total: 9, pending: 3, running: 2, committed: 4, failed: 0, attempts: 6, failedAttempts: 0, backups: 0 }
    const jobs = [jobStatus('a', { maps: counts }), jobStatus('b', { maps: counts, state: 'queued' }), jobStatus('over', { maps: counts, state: 'failed' })]
    const worker = { peer: 'p', role: 'mapper' as const, slots: 4, running: 3, state: 'suspect', addresses: [], attempts: [] }
    expect(await samples(/^ipmr_(jobs|tasks|workers|slots)/)).toEqual({})
    metrics.read({ master: { status: () => ({ type: 'status', jobs, workers: [worker] }) }, waitsFor: () => undefined })
    metrics.watch!.jobEnded(watchedJob(() => jobStatus('over', { state: 'failed', inputBytes: 100, records: 7 }), 400))
    expect(await samples(/^ipmr_(jobs|tasks|workers|slots|ready|job_input|job_duration_seconds_sum)/)).toEqual({
      'ready': 1, 'jobs{state="running"}': 1, 'jobs{state="queued"}': 1, 'tasks{kind="map",state="waiting"}': 6, 'tasks{kind="map",state="running"}': 4, 'tasks{kind="map",state="committed"}': 8,
      'workers{role="mapper",state="suspect"}': 1, 'slots{role="mapper"}': 4, 'slots_taken{role="mapper"}': 3,
      'jobs_ended_total{state="failed"}': 1, 'job_duration_seconds_sum{state="failed"}': 0.6, 'job_input_bytes_total': 100, 'job_input_records_total': 7
    })
  })

  it('tell outcomes by the codes that failures have, and no others', async () => {
    const outcomes: string[] = []
    const done = (outcome: string): void => { outcomes.push(outcome) }
    const failures = [new MapReduceError('UNREACHABLE', 'gone'), new ProgramError('it threw', ''), Object.assign(new Error('odd'), { code: 'ECONNRESET' }), 'text', undefined]
    for (const failure of failures) await timed(() => Promise.reject(failure as Error), done).then(() => { throw new Error('it was passed over') }, (error: unknown) => { expect(error).toBe(failure) })
    expect(await timed(() => Promise.resolve(7), done)).toBe(7)
    expect(outcomes).toEqual(['UNREACHABLE', 'PROGRAM', 'OTHER', 'OTHER', 'OTHER', 'ok'])
  })

  it('have offences and streams as they are kept elsewhere', async () => {
    let strangers = 2
    metrics.read({ network: { peers: () => 3, streams: () => new Map([['/x/1', 2]]), offences: () => ({ stranger: strangers, forged: 0 }) } })
    expect(await samples(/^ipmr_(peers|streams|offences)/)).toEqual({ 'peers': 3, 'streams{protocol="/x/1"}': 2, 'offences_total{offence="stranger"}': 2 })
    strangers = 5
    expect(await samples(/^ipmr_offences/)).toEqual({ 'offences_total{offence="stranger"}': 5 })
  })
})

describe('metrics of a worker', () => {
  beforeEach(() => { start('mapper') })

  it('follow attempts step by step, and count what they read and made once', async () => {
    const attempt = attemptActor(refOf('map', 3), metrics.inspect!)
    attempt.send({ type: 'start' })
    nowMs += 500
    attempt.send({ type: 'fetched', bytes: 10, blocks: 1 })
    nowMs += 250
    attempt.send({ type: 'slotTaken' })
    nowMs += 2000
    attempt.send({ type: 'executed', bytes: 5, blocks: 1 })
    const run = { mapTask: 3, partition: 0, cid: 'bafkreirun', bytes: 64, records: 8 }
    attempt.send({ type: 'stored', outcome: { runs: [run, { ...run, partition: 1 }], outputBytes: 0, counters: { 'map.input.records': 8, 'user.words': 3 }, skipped: [] } })
    // The report is not taken at first: what it tells is counted all the same, once.
    attempt.send({ type: 'reportFailed' })
    attempt.send({ type: 'masterBack' })
    attempt.send({ type: 'reported' })
    const failed = attemptActor(refOf('map', 4), metrics.inspect!)
    failed.send({ type: 'start' })
    failed.send({ type: 'stepFailed', failure: { code: 'BLOCK_UNAVAILABLE', message: 'nobody has it' } })
    failed.send({ type: 'reported' })
    const aborted = attemptActor(refOf('map', 5), metrics.inspect!)
    aborted.send({ type: 'start' })
    aborted.send({ type: 'abort', reason: 'the job ended' })
    expect(await samples(/^ipmr_(worker_attempts|worker_attempt_f|map_input|worker_output|worker_input|worker_attempt_step_duration_seconds_sum)/)).toEqual({
      'worker_attempts_ended_total{kind="map",outcome="done"}': 1, 'worker_attempts_ended_total{kind="map",outcome="failed"}': 1, 'worker_attempts_ended_total{kind="map",outcome="aborted"}': 1,
      'worker_attempt_failures_total{kind="map",code="BLOCK_UNAVAILABLE"}': 1, 'map_input_records_total': 8, 'worker_output_bytes_total{kind="map"}': 128, 'worker_input_fetched_bytes_total{kind="map"}': 15,
      'worker_attempt_step_duration_seconds_sum{kind="map",step="fetching"}': 0.5, 'worker_attempt_step_duration_seconds_sum{kind="map",step="queued"}': 0.25, 'worker_attempt_step_duration_seconds_sum{kind="map",step="executing"}': 2
    })
    expect(await metrics.registry.metrics()).not.toContain('words')
    expect(await samples(/^ipmr_machine_states_entered_total\{machine="attempt",state="(fetching|reporting)"/)).toEqual({
      'machine_states_entered_total{machine="attempt",state="fetching"}': 3, 'machine_states_entered_total{machine="attempt",state="reporting"}': 2
    })
  })

  it('count masters that are won and lost', async () => {
    const link = workerActor(metrics.inspect!)
    link.send({ type: 'joinFailed' })
    expect(await samples(/^ipmr_worker_(joins|masters)/)).toEqual({})
    const again = workerActor(metrics.inspect!)
    again.send({ type: 'welcome', master: 'm', heartbeatMs: 60_000 })
    again.send({ type: 'masterLost' })
    again.send({ type: 'welcome', master: 'm', heartbeatMs: 60_000 })
    again.send({ type: 'drain' })
    again.send({ type: 'idle' })
    link.stop()
    expect(await samples(/^ipmr_worker_(joins|masters)/)).toEqual({ worker_joins_total: 2, worker_masters_lost_total: 1 })
  })

  it('read what is here when somebody asks', async () => {
    const attempts = ['fetching', 'executing', 'executing', 'reporting'].map((state, task) => ({ ref: refOf('map', task), state, records: 0 }))
    metrics.read({
      worker: { status: () => ({ peer: 'p', role: 'mapper', slots: 3, running: 4, state: 'draining', addresses: [], attempts }) },
      executors: () => ({ started: 5, busy: 2, idle: 1, spare: 0, waiting: 1 }),
      store: () => ({ bytes: 100, blocks: 3, maxBytes: 1000 }),
      waitsFor: () => 'the mapper is leaving'
    })
    expect(await samples(/^ipmr_(worker_(state|slots|attempts)|executor|store)/)).toEqual({
      'worker_state{state="draining"}': 1, 'worker_slots': 3, 'worker_attempts{step="fetching"}': 1, 'worker_attempts{step="executing"}': 2, 'worker_attempts{step="reporting"}': 1,
      'executor_starts_total': 5, 'executors{state="busy"}': 2, 'executors{state="idle"}': 1, 'executor_waiting_attempts': 1, 'store_bytes': 100, 'store_blocks': 3, 'store_max_bytes': 1000
    })
    metrics.read({ store: () => undefined })
    expect(await samples(/^ipmr_store/)).toEqual({})
  })
})
