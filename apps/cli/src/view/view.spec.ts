import { describe, expect, it } from '@jest/globals'
import type { JobStatus, Status } from '@ipfs-mapreduce/protocol'
import { formatDuration } from './format.ts'
import { renderLive } from './live.ts'
import type { Style } from './live.ts'
import { renderPlain } from './plain.ts'
import { progressOf } from './progress.ts'
import { renderJob, renderStatus, renderWorkers } from './status-page.ts'
import { renderTable } from './table.ts'

const plain: Style = (_, text) => text

function jobStatus (changes: Partial<JobStatus> = {}): JobStatus {
  return {
    job: 'j1',
    state: 'running',
    spec: { program: 'bafyprogram', programName: 'word-count', inputFormat: 'lines', input: 'bafyinput', reducers: 2, args: {}, separator: ' ', splitBytes: 0, skipBadRecords: 0 },
    maps: { total: 8, pending: 4, running: 2, committed: 2, failed: 0, attempts: 5, failedAttempts: 1, backups: 0 },
    reduces: { total: 2, pending: 2, running: 0, committed: 0, failed: 0, attempts: 0, failedAttempts: 0, backups: 0 },
    counters: { 'map.input.records': 1234567 },
    phases: [{ name: 'plan', ms: 120 }, { name: 'total', ms: 2300 }],
    localSplits: 7,
    remoteSplits: 1,
    fetchedBytes: 262144,
    inputBytes: 2000000,
    records: 98765,
    warnings: [],
    priority: 'normal',
    blacklist: [],
    skipped: [],
    ...changes
  }
}

describe('a running job on a terminal', () => {
  it('is a bar for each phase, with tasks done, running and failed, and the time', () => {
    expect(renderLive(progressOf(jobStatus(), 1400), 100, plain).split('\n')).toEqual([
      'word-count · job j1  1.4 s  98,765 records read',
      `  map     ${'█'.repeat(7)}${'▒'.repeat(7)}${'░'.repeat(14)}      2/8  2 running  1 attempt failed`,
      `  reduce  ${'░'.repeat(28)}      0/2`,
      `  commit  ${'░'.repeat(28)}`
    ])
  })

  it('fits a narrow terminal', () => {
    for (const line of renderLive(progressOf(jobStatus(), 1400), 60, plain).split('\n')) expect(line.length).toBeLessThanOrEqual(60)
  })

  it('says that it plans, and what it waits for', () => {
    const none = { total: 0, pending: 0, running: 0, committed: 0, failed: 0, attempts: 0, failedAttempts: 0, backups: 0 }
    const text = renderLive(progressOf(jobStatus({ state: 'planning', maps: none, reduces: none, records: 0, waiting: 'a mapper' }), 61_000), 80, plain)
    expect(text).toContain('planning')
    expect(text).toContain('waiting: a mapper')
    expect(text).toContain('1 min 01 s')
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
    expect(lines[1]).toMatch(/^j1 +word-count +running +2\/8 +0\/2 +2\.3 s$/)
    expect(lines[2]).toMatch(/^j2 .* map threw$/)
    expect(lines[5]).toMatch(/^12D3KooWx +mapper +ready +4 +2 +\/ip4/)
  })

  it('tell how to get workers where there are none', () => {
    expect(renderWorkers({ type: 'status', jobs: [], workers: [] })).toContain('npx nx serve mapper')
  })

  it('show one job\'s tasks by state, and its counters', () => {
    const page = renderJob(jobStatus())
    expect(page).toMatch(/map +8 +4 +2 +2 +0 +5 +1/)
    expect(page).toMatch(/map\.input\.records +1,234,567/)
    expect(page).toContain('7 local, 1 remote, 262,144 bytes fetched')
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
