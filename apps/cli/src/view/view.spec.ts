import { describe, expect, it } from '@jest/globals'
import type { Status, WorkerStatus } from '@ipfs-mapreduce/protocol'
import { runReport } from '../job/report.ts'
import { fitLine } from './fit.ts'
import type { Style } from './fit.ts'
import { formatDuration } from './format.ts'
import { jobNotes } from './job-notes.ts'
import { jobStatus } from './job-status.spec.support.ts'
import { renderLive } from './live.ts'
import { renderPlain } from './plain.ts'
import { progressOf } from './progress.ts'
import { renderJob, renderStatus, renderWorkers } from './status-page.ts'
import { renderTable } from './table.ts'

const plain: Style = (_, text) => text

function worker (role: WorkerStatus['role'], slots: number, running: number): WorkerStatus {
  return { peer: '12D3KooWx', role, slots, running, state: 'ready', addresses: [], attempts: [] }
}

describe('a running job on a terminal', () => {
  it('is a bar for each phase, with tasks done, running and failed, and the time', () => {
    expect(renderLive(progressOf(jobStatus(), 1400), 100, plain).split('\n')).toEqual([
      'word-count · job j1  1.4 s',
      `  map     ${'█'.repeat(7)}${'▒'.repeat(7)}${'░'.repeat(14)}      2/8  2 running  1 attempt failed`,
      `  reduce  ${'░'.repeat(28)}      0/2`,
      `  commit  ${'░'.repeat(28)}`,
      '  98,765 records read'
    ])
  })

  const busy = progressOf(jobStatus({ warnings: ['first', 'second', 'third', 'two workers gave two answers for map task 3, and a third one will decide'] }), 1400, {
    rates: { recordsPerSecond: 70_123.4, bytesPerSecond: 12.5 * 1024 ** 2, left: { phase: 'map', ms: 12_000 } },
    workers: [worker('mapper', 4, 2), worker('reducer', 2, 0), { ...worker('reducer', 8, 1), state: 'draining' }]
  })

  it('tells how fast it goes, how long it will take, who works, and the last warnings', () => {
    expect(renderLive(busy, 120, plain).split('\n').slice(4)).toEqual([
      '  98,765 records read  70,123 records/s  12.5 MiB/s  map about 12 s more  1 mapper, 1 reducer, 2 of 6 slots busy',
      '  warning: second',
      '  warning: third',
      '  warning: two workers gave two answers for map task 3, and a third one will decide'
    ])
    expect(renderPlain(busy)).toBe('running 1.4 s, map 2/8 (2 running, 1 attempt failed), reduce 0/2, 70,123 records/s, 12.5 MiB/s, map about 12 s more')
  })

  it('that has ended takes no longer', () => {
    const rates = { recordsPerSecond: 5, left: { phase: 'map' as const, ms: 12_000 } }
    for (const render of [renderPlain, (progress: Parameters<typeof renderPlain>[0]) => renderLive(progress, 100, plain)]) {
      expect(render(progressOf(jobStatus({ state: 'cancelled' }), 1400, { rates }))).not.toContain(' more')
      expect(render(progressOf(jobStatus(), 1400, { rates }))).toContain('map about 12 s more')
    }
  })

  it('tells why attempts failed last, as text that a terminal does not act on', () => {
    const failing = progressOf(jobStatus({ warnings: ['first'] }), 1400, { failures: ['map 1 failed: a', 'map 2 failed: b', 'map 3 failed: c\n  d\x1b[2J\r\x9b1m'] })
    expect(renderLive(failing, 80, plain).split('\n').slice(5)).toEqual(['  warning: map 1 failed: a', '  warning: map 2 failed: b', '  warning: map 3 failed: c; d\ufffd[2J\ufffd\ufffd1m'])
  })

  it.each([40, 60, 80, 120])('has no line longer than %i columns', columns => {
    for (const line of renderLive(busy, columns, plain).split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
    expect(renderLive(busy, columns, plain)).toMatch(/map +█+▒+░+ +2\/8/)
  })

  it('is cut apart from its colours', () => {
    const marked: Style = (name, text) => `<${name}>${text}</>`
    expect(fitLine([['bold', 'abc'], ' ', ['red', 'defgh']], 7, marked)).toBe('<bold>abc</> <red>de</>…')
    expect(fitLine([['bold', 'abc'], ' ', ['red', 'def']], 7, marked)).toBe('<bold>abc</> <red>def</>')
    expect(fitLine([['bold', 'abcdef'], ['red', 'g']], 4, marked)).toBe('<bold>abc</>…')
  })

  it('says that it plans, and what it waits for', () => {
    const none = { total: 0, pending: 0, running: 0, committed: 0, failed: 0, attempts: 0, failedAttempts: 0, backups: 0 }
    const text = renderLive(progressOf(jobStatus({ state: 'planning', maps: none, reduces: none, records: 0, waiting: 'for a mapper to join' }), 61_000), 80, plain)
    expect(text).toContain('planning')
    expect(text).toContain('waiting for a mapper to join')
    expect(text).toContain('1 min 01 s')
  })

  it('that is queued says so, and what for', () => {
    const none = { total: 0, pending: 0, running: 0, committed: 0, failed: 0, attempts: 0, failedAttempts: 0, backups: 0 }
    const queued = progressOf(jobStatus({ state: 'queued', maps: none, reduces: none, records: 0, waiting: 'for its turn' }), 1000)
    const text = renderLive(queued, 80, plain)
    expect(text).toMatch(/map +░+ +queued\n/)
    expect(text).toContain('waiting for its turn')
    expect(renderPlain(queued)).toBe('queued 1.0 s, waiting for its turn')
  })

  it('never draws more than the bar, whatever runs', () => {
    const maps = { total: 3, pending: 0, running: 3, committed: 2, failed: 0, attempts: 5, failedAttempts: 0, backups: 0 }
    const line = renderLive(progressOf(jobStatus({ maps }), 0), 100, plain).split('\n')[1] ?? ''
    expect([...line].filter(char => '█▒░'.includes(char))).toHaveLength(28)
  })
})

describe('a running job in a log', () => {
  it('is one line', () => {
    expect(renderPlain(progressOf(jobStatus(), 1400))).toBe('running 1.4 s, map 2/8 (2 running, 1 attempt failed), reduce 0/2')
  })
})

describe('status pages', () => {
  const status: Status = {
    type: 'status',
    jobs: [jobStatus(), jobStatus({ job: 'j2', state: 'failed', reason: 'map threw' })],
    workers: [{ peer: '12D3KooWx', role: 'mapper', slots: 4, running: 2, state: 'ready', addresses: ['/ip4/127.0.0.1/tcp/1/p2p/12D3KooWx'], attempts: [] }]
  }

  it('list jobs and workers', () => {
    const lines = renderStatus(status).split('\n')
    expect(lines[1]).toMatch(/^j1 +word-count +running +normal +2\/8 +0\/2 +2\.3 s$/)
    expect(lines[2]).toMatch(/^j2 .* map threw$/)
    expect(lines[5]).toMatch(/^mapper +ready +4 +2 +12D3KooWx +\/ip4/)
  })

  it('list what jobs wait for, and where running ones can be taken up', () => {
    const jobs = [
      jobStatus({ state: 'queued', priority: 'low', waiting: 'for its turn' }),
      jobStatus({ checkpoint: 'bafyrunning' }),
      jobStatus({ state: 'succeeded', checkpoint: 'bafyold', result: 'bafyresult' })
    ]
    const [, queued, running, ended] = renderStatus({ type: 'status', jobs, workers: [] }).split('\n')
    expect(queued).toMatch(/ queued +low .* waiting for its turn$/)
    expect(running).toMatch(/ checkpoint bafyrunning$/)
    expect(ended).toMatch(/ bafyresult$/)
  })

  it('tell how to get workers where there are none', () => {
    expect(renderWorkers({ type: 'status', jobs: [], workers: [] })).toContain('npx nx serve mapper')
  })

  it('show one job\'s tasks by state, and its counters', () => {
    const page = renderJob(jobStatus())
    expect(page).toMatch(/map +8 +4 +2 +2 +0 +5 +1 +0\n/)
    expect(page).toMatch(/map\.input\.records +1,234,567/)
    expect(page).toContain('7 local, 1 remote, 262,144 bytes fetched')
  })
})

describe('what is told of a job that has ended', () => {
  const skipped = [{ file: 'a.txt', offset: 1234, message: 'TypeError: x' }, { key: '"the"', message: 'RangeError: y' }]

  it('is nothing where there is nothing to tell', () => {
    expect(jobNotes(jobStatus())).toEqual([])
  })

  it('is its warnings, what was skipped, backups and workers that were left out', () => {
    const status = jobStatus({
      warnings: ['two answers for map task 3'],
      counters: { 'map.skipped.records': 3, 'reduce.skipped.groups': 1 },
      skipped,
      maps: { ...jobStatus().maps, backups: 2 },
      blacklist: ['12D3KooWx']
    })
    expect(jobNotes(status)).toEqual([
      'warning: two answers for map task 3',
      '3 records and 1 key skipped: a.txt at byte 1234: TypeError: x; key "the": RangeError: y; and 2 more',
      '2 backup attempts of slow tasks',
      '1 worker got no more of this job after failures: 12D3KooWx'
    ])
    const page = renderJob(status)
    expect(page).toContain('skipped    3 records and 1 key skipped: a.txt at byte 1234: TypeError: x; key "the"')
    expect(page).toMatch(/map +8 +4 +2 +2 +0 +5 +1 +2\n/)
    expect(page).toContain('blacklist  1 worker got no more')
  })

  it('names the first few that were skipped', () => {
    const many = Array.from({ length: 100 }, (_, i) => ({ file: 'a', offset: i, message: 'x' }))
    expect(jobNotes(jobStatus({ counters: { 'map.skipped.records': 1200 }, skipped: many }))).toEqual([
      '1,200 records skipped: a at byte 0: x; a at byte 1: x; a at byte 2: x; a at byte 3: x; a at byte 4: x; and 1,195 more'
    ])
  })

  it('stands in --json as it is', () => {
    expect(runReport(jobStatus({ skipped, blacklist: ['12D3KooWx'], checkpoint: 'bafy', priority: 'high' }))).toMatchObject({
      skipped, blacklist: ['12D3KooWx'], checkpoint: 'bafy', priority: 'high', attempts: { map: 5, reduce: 0, failed: 1, backups: 0 }
    })
  })
})

describe('a checkpoint', () => {
  it('is on the page of a job that runs, and not of one that has ended', () => {
    expect(renderJob(jobStatus({ checkpoint: 'bafycheckpoint' }))).toContain('checkpoint bafycheckpoint')
    expect(renderJob(jobStatus({ checkpoint: 'bafycheckpoint', state: 'succeeded' }))).not.toContain('bafycheckpoint')
  })
})

describe('text', () => {
  it('lines up in columns', () => {
    expect(renderTable(['word', 'n'], [['the', '100'], ['whale', '7']], [false, true])).toBe('word     n\nthe    100\nwhale    7')
  })

  it.each([[450, '0.5 s'], [9_900, '9.9 s'], [12_300, '12 s'], [185_000, '3 min 05 s'], [7_380_000, '2 h 03 min']])('writes %i ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })
})
