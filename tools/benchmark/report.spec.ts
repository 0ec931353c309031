import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { chart } from './chart.ts'
import { compare } from './compare.ts'
import { keepResults } from './keep.ts'
import { page } from './page.ts'
import { reportTargets, reportWorkload } from './report.ts'
import type { ContenderResult, Results, WorkloadResult } from './results.ts'
import { OURS_IN_WASM } from './contender.ts'
import { COREUTILS, GNU_GREP, TWO_PROCESSES } from './rivals/names.ts'
import { GIB, MIB } from './size.ts'

const contender = (name: string, median: number, largestMiB = 100): ContenderResult => ({
  name,
  seconds: { median, least: median * 0.9, most: median * 1.2, runs: 3 },
  footprint: { largestMiB, largest: 'mapper-1 executor', sumMiB: 2 * largestMiB, peakMiB: { 'mapper-1 executor': largestMiB, master: 50 }, cpuSeconds: { 'mapper-1 executor': median, master: 1 } }
})
const result = (workload: string, size: number, contenders: ContenderResult[], at = '2026-01-02T03:04:05.000Z'): WorkloadResult => ({ workload, size, unit: 'bytes', at, contenders, notes: [] })
const wordCount = (seconds: number, size = 256 * MIB): WorkloadResult => {
  const times = size / (256 * MIB)
  return result('word-count', size, [contender('cluster', seconds, 390), contender(TWO_PROCESSES, 9 * times), contender(COREUTILS, 26 * times)])
}
const noOp = (seconds: number): WorkloadResult => ({ ...result('no-op', 1, [contender('cluster', seconds)]), unit: 'jobs' })
const results = (commit: string, workloads: WorkloadResult[]): Results => ({
  commit, workloads, machine: { cpu: 'Chip', cores: 2, memoryMiB: 8192, system: 'Linux 6', node: 'v24.0.0' }
})

describe('the report of a workload', () => {
  it('tells medians, spread, throughput, ratios and memory', () => {
    const [title, ...rows] = reportWorkload(wordCount(10)).split('\n').map(line => line.trim().replaceAll(/ {2,}/g, '  '))
    expect(title).toBe('word-count, 256 MiB')
    expect(rows).toEqual([
      'cluster  10.0 s  (9.00 s–12.0 s)  25.6 MiB/s  11.0 processor s  largest process 390 MiB (mapper-1 executor), all 780 MiB',
      'two-process Node  9.00 s  (8.10 s–10.8 s)  28.4 MiB/s  cluster is 0.90 times as fast  10.0 processor s, cluster 1.10 times that  largest process 100 MiB (mapper-1 executor), all 200 MiB',
      'tr | sort | uniq -c  26.0 s  (23.4 s–31.2 s)  9.8 MiB/s  cluster is 2.60 times as fast  27.0 processor s, cluster 0.41 times that  largest process 100 MiB (mapper-1 executor), all 200 MiB',
      'processor seconds: mapper-1 executor 10.00, master 1.00',
      'peak MiB: mapper-1 executor 390, master 50',
      ''
    ])
  })
})

describe('targets', () => {
  it('are met or missed, each by its own measure', () => {
    const met = [wordCount(10), wordCount(41, GIB), noOp(0.149), result('grep', GIB, [contender('cluster', 2.9), contender(GNU_GREP, 1)])]
    expect(reportTargets(met)).not.toContain('MISSED')
    expect(reportTargets(met).split('\n').filter(line => line.startsWith('  met'))).toHaveLength(9)
    const missed = [wordCount(11), wordCount(55, GIB), noOp(0.151), result('grep', GIB, [contender('cluster', 3.1, 401), contender(GNU_GREP, 1)])]
    expect(reportTargets(missed)).toContain('MISSED  word-count, 256 MiB: at least 0.85 times the throughput of two-process Node: 0.82 times')
    expect(reportTargets(missed)).toContain('MISSED  word-count: time in proportion from 256 MiB to 1 GiB, within 15 %: +25 %')
    expect(reportTargets(missed)).toContain('MISSED  grep, 1 GiB: within 3 times the time of GNU grep: 3.10 times')
    expect(reportTargets(missed)).toContain('MISSED  grep, 1 GiB: no process over 400 MiB resident: 401 MiB (mapper-1 executor)')
    expect(reportTargets(missed)).toMatch(/MISSED {2}no-op.*151 ms/)
    expect(reportTargets([])).toBe('')
  })

  it('beside coreutils are met by either of two programs that do the same', () => {
    const told = (script: number, wasm: number): string => {
      const counted = wordCount(script)
      return reportTargets([{ ...counted, contenders: [...counted.contenders, contender(OURS_IN_WASM, wasm)] }])
    }
    expect(told(13, 10)).toContain('  met     word-count, 256 MiB: at least 2.5 times the throughput of tr | sort | uniq -c: 2.60 times with the program in WebAssembly, 2.00 in TypeScript')
    expect(told(10, 13)).toMatch(/met .*2\.00 times with the program in WebAssembly, 2\.60 in TypeScript/)
    expect(told(13, 13)).toMatch(/MISSED .*2\.00 times with the program in WebAssembly, 2\.00 in TypeScript/)
  })
})

describe('what has changed', () => {
  it('is told by time, and by the standing beside the first rival', () => {
    expect(compare(results('abc', [wordCount(20)]), [wordCount(10), result('sort', GIB, [contender('cluster', 1)])]))
      .toBe('beside abc\n  word-count, 256 MiB: 20.0 s → 10.0 s, 2.00 times as fast; of two-process Node\'s speed 0.45 → 0.90\n')
  })
})

describe('a chart', () => {
  it('has a bar for each contender in proportion, a line for its spread, and follows light and dark', () => {
    const svg = chart(wordCount(13))
    const widths = [...svg.matchAll(/<rect class="bar[^"]*" x="\d+" y="\d+" width="([\d.]+)"/g)].map(([, width]) => Number(width))
    expect(widths).toHaveLength(3)
    expect(widths[0]! / widths[2]!).toBeCloseTo(0.5, 2)
    expect(svg.match(/class="spread"/g)).toHaveLength(3)
    expect(svg.match(/class="bar ours"/g)).toHaveLength(1)
    expect(svg).toContain('@media (prefers-color-scheme: dark)')
    expect(svg).toContain('aria-label="word-count, 256 MiB: cluster 13.0 s, two-process Node 9.00 s, tr | sort | uniq -c 26.0 s"')
  })

  it('writes names as text, whatever is in them', () => {
    expect(chart(result('grep', GIB, [contender('<a & "b">', 1)]))).toContain('&#60;a &#38; &#34;b&#34;&#62;')
  })
})

describe('the page', () => {
  it('has targets, a chart and a table for each workload, and what earlier commits had', () => {
    const text = page([results('new', [wordCount(10)]), results('old', [wordCount(20)])])
    expect(text).toContain('| word-count, 256 MiB: at least 0.85 times the throughput of two-process Node | 0.90 times | met |')
    expect(text).toContain('](word-count-256MiB.svg)')
    expect(text).toContain('| tr \\| sort \\| uniq -c | 26.0 s | 23.4 s–31.2 s | 3 | 9.8 | 2.60 times as fast |')
    expect(text).toContain('| word-count, 256 MiB | 10.0 s | 20.0 s |')
  })

  it('is kept beside its JSON and charts; what is measured again takes the place of what was', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'ipmr-results-'))
    try {
      await writeFile(join(directory, 'stale-1GiB.svg'), '')
      await keepResults(directory, results('one', [wordCount(30), result('grep', GIB, [contender('cluster', 5)])]))
      await keepResults(directory, results('one', [wordCount(20)]))
      await keepResults(directory, results('two', [{ ...wordCount(10), at: '2026-02-01T00:00:00.000Z' }]))
      expect((await readdir(directory)).sort()).toEqual(['README.md', 'one.json', 'two.json', 'word-count-256MiB.svg'])
      const one = JSON.parse(await readFile(join(directory, 'one.json'), 'utf8')) as Results
      expect(one.workloads.map(({ workload, contenders }) => [workload, contenders[0]!.seconds.median])).toEqual([['word-count', 20], ['grep', 5]])
      expect(await readFile(join(directory, 'README.md'), 'utf8')).toContain('| word-count, 256 MiB | 10.0 s | 20.0 s |')
    } finally {
      await rm(directory, { recursive: true })
    }
  })
})
