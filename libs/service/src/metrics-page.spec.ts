import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { isOurs, registered, tables, type Metric } from './metrics-page.spec.support.ts'

const DOCS = fileURLToPath(new URL('../../../docs/', import.meta.url))
const PAGE = `${DOCS}METRICS.md`
const BEGIN = '<!-- Tables made by UPDATE_DOCS=1 npx nx test service --testPathPatterns=metrics-page -->\n'

interface Panel {
  id: number
  title: string
  type: string
  gridPos: { h: number, w: number, x: number, y: number }
  targets?: Array<{ expr: string, legendFormat?: string }>
  panels?: Panel[]
}

interface GrafanaDashboard {
  uid: string
  panels: Panel[]
  templating: { list: Array<{ name: string, type: string, query?: { query: string } }> }
}

let metrics: Metric[]
beforeAll(async () => { metrics = await registered() })

describe('docs/METRICS.md', () => {
  it('lists what the services have, no more and no less', () => {
    const [text = ''] = readFileSync(PAGE, 'utf8').split(BEGIN)
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(PAGE, text + BEGIN + tables(metrics))
    expect(readFileSync(PAGE, 'utf8')).toBe(text + BEGIN + tables(metrics))
  })

  it("follows Prometheus' conventions", () => {
    const ours = metrics.filter(isOurs)
    expect(ours.length).toBeGreaterThan(40)
    for (const { name, type, help, labels } of ours) {
      expect(name).toMatch(/^ipmr_[a-z][a-z0-9]*(_[a-z0-9]+)*$/)
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter'])
      // Base units alone, and last.
      expect(name).not.toMatch(/milliseconds|_ms(_|$)|kilobytes|kib|mib|percent/)
      if (name.includes('seconds')) expect(name).toMatch(/_seconds(_total)?$/)
      if (name.includes('bytes')) expect(name).toMatch(/_bytes(_total)?$/)
      if (type === 'histogram') expect(name).toMatch(/_seconds$/)
      expect([name, help]).toEqual([name, expect.stringMatching(/^[A-Z].*\.$/)])
      for (const label of labels) expect(label).toMatch(/^[a-z]+$/)
    }
  })
})

describe('the dashboard for Grafana', () => {
  const dashboard = JSON.parse(readFileSync(`${DOCS}grafana-dashboard.json`, 'utf8')) as GrafanaDashboard
  const panels = dashboard.panels.flatMap(panel => [panel, ...panel.panels ?? []])
  const queries = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const))

  it('asks for metrics that exist alone, by labels that they have', () => {
    const series = new Map(metrics.flatMap(({ name, type, labels }) => type === 'histogram'
      ? ['_bucket', '_sum', '_count'].map(part => [name + part, part === '_bucket' ? [...labels, 'le'] : labels] as const)
      : [[name, labels] as const]))
    expect(queries.length).toBeGreaterThan(20)
    for (const [title, expr] of queries) {
      const asked = [...expr.matchAll(/\b((?:ipmr|nodejs|process|libp2p)_\w+)(?:\{([^}]*)\})?/g)]
      expect([title, asked.length > 0]).toEqual([title, true])
      const known = new Set(['instance', 'job'])
      for (const [, name = '', matchers = ''] of asked) {
        expect([title, name, series.has(name)]).toEqual([title, name, true])
        for (const label of series.get(name) ?? []) known.add(label)
        for (const [, label = ''] of matchers.matchAll(/(\w+)\s*(?:=~|!=|!~|=)/g)) expect([title, name, ['instance', 'job', ...series.get(name) ?? []].includes(label)]).toEqual([title, name, true])
      }
      for (const [, by = ''] of expr.matchAll(/\bby \(([^)]*)\)/g)) for (const label of by.split(',')) expect([title, known.has(label.trim())]).toEqual([title, true])
    }
  })

  it('shows what a cluster is asked about first, each panel in a place of its own', () => {
    const shown = queries.map(([, expr]) => expr).join(' ')
    for (const name of ['ipmr_jobs', 'ipmr_tasks', 'ipmr_attempts_ended_total', 'ipmr_slots_taken', 'ipmr_shuffle_bytes_total', 'ipmr_journal_write_duration_seconds_bucket', 'ipmr_store_bytes', 'ipmr_offences_total', 'ipmr_peers', 'nodejs_eventloop_lag_p99_seconds', 'process_resident_memory_bytes']) expect(shown).toContain(name)
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => Array.from({ length: w * h }, (_, at) => `${x + at % w},${y + Math.floor(at / w)}`))
    expect(new Set(cells).size).toBe(cells.length)
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true)
  })
})
