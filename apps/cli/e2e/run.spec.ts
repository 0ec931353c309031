import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { expectBadUsage } from './bad-usage.ts'
import { ABSENT } from './cid.ts'
import { countWords, linesOf, sampleText } from './text.ts'
import { succeeded, workbench } from './workbench.ts'
import type { Workbench } from './workbench.ts'

let bench: Workbench
const text = sampleText(3000)
const expected = countWords(text)
const results = new Set<string>()
/** Where the program is what is tested: each mapper more is two processes that start. */
const FEW = ['--mappers', '1']

beforeAll(() => {
  bench = workbench()
  bench.write('sample.txt', text)
})
afterAll(async () => { await bench.remove() })

describe('ipmr run word-count', () => {
  it('is exact, writes the parts and _SUCCESS, and prints the CID alone', async () => {
    const stdout = succeeded(await bench.ipmr('run', 'word-count', 'sample.txt', '--output', 'out'))
    expect(stdout).toMatch(/^baf\w+\n$/)
    results.add(stdout.trim())
    expect(bench.read('out', '_SUCCESS')).toBe('')
    expect(linesOf(...bench.parts('out'))).toEqual(expected)
    expect((await bench.ipmr('cat', stdout.trim())).stdout).toBe(bench.parts('out').join(''))
  })

  it.each([['1k', '4k', '1'], ['16k', '16k', '3']])('gives the same result CID at chunks of %s, splits of %s, %s mappers', async (chunk, split, mappers) => {
    const { exit, stdout, stderr } = await bench.ipmr('run', 'word-count', 'sample.txt', '--chunk-size', chunk, '--split-size', split, '--mappers', mappers, '--quiet')
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
    results.add(stdout.trim())
    expect([...results]).toHaveLength(1)
  })

  it('--json prints one object: result, record, counters, tasks, attempts, splits and seconds', async () => {
    const stdout = succeeded(await bench.ipmr('run', 'word-count', 'sample.txt', '--json', '--chunk-size', '4k', '--split-size', '16k', '--reducers', '3'))
    const report = JSON.parse(stdout) as Record<string, unknown>
    const words = text.match(/\p{L}+/gu)?.length
    expect(report).toMatchObject({
      state: 'succeeded',
      result: expect.stringMatching(/^baf\w+$/),
      record: expect.stringMatching(/^baf\w+$/),
      job: expect.any(String),
      reducers: 3,
      counters: { 'map.input.records': text.split('\n').length, 'map.output.records': words },
      tasks: { reduce: { total: 3, committed: 3 } },
      attempts: { reduce: 3, failed: 0 },
      seconds: { plan: expect.any(Number), map: expect.any(Number), reduce: expect.any(Number), commit: expect.any(Number), total: expect.any(Number) }
    })
    const { tasks, splits } = report as { tasks: { map: { total: number, committed: number } }, splits: { local: number, remote: number } }
    expect(tasks.map.total).toBeGreaterThan(3)
    expect(tasks.map.committed).toBe(tasks.map.total)
    expect(splits.local).toBeGreaterThan(0)
    expect(splits.remote).toBe(0)
    // The services read each other's stores.
    expect(report.fetchedBytes).toBe(0)
  })

  it('takes what ipmr add printed, and several inputs under their names', async () => {
    bench.write('other.txt', 'whale sea whale\n')
    const cid = (await bench.ipmr('add', 'sample.txt')).stdout.trim()
    const stdout = succeeded(await bench.ipmr('run', 'inverted-index', cid, 'other.txt', '--reducers', '1'))
    const index = (await bench.ipmr('cat', stdout.trim())).stdout
    expect(index).toContain(`\nwhale 2 ${[cid, 'other.txt'].join(',')}\n`)
  })

  it('two at once each find their inputs', async () => {
    const both = await Promise.all([bench.ipmr('run', 'word-count', 'sample.txt', '-q'), bench.ipmr('run', 'word-count', 'sample.txt', '-q')])
    for (const { exit, stdout } of both) expect({ exit, stdout }).toEqual({ exit: 0, stdout: `${[...results][0]}\n` })
  })
})

describe('a program of one\'s own', () => {
  it('is a TypeScript module, with arguments, imports and a separator', async () => {
    bench.write('own/length.ts', 'export const lengthOf = (word: string): number => [...word].length\n')
    const path = bench.write('own/lengths.ts', `
import { defineProgram, sum } from '@ipfs-mapreduce/mapreduce'
import { lengthOf } from './length.ts'

export default defineProgram({
  input: 'lines',
  map ({ value }, emit, { args }) {
    for (const word of value.match(/\\p{L}+/gu) ?? []) emit(lengthOf(word), Number(args.weight))
  },
  reduce: (length, counts, emit) => emit(length, sum(counts))
})
`)
    bench.write('few.txt', 'ab abc ab\nx\n')
    succeeded(await bench.ipmr('run', path, 'few.txt', ...FEW, '--arg', 'weight=10', '--separator', '\\t', '--reducers', '1', '-o', 'lengths'))
    expect(bench.read('lengths', 'part-r-00000')).toBe('1\t10\n2\t20\n3\t10\n')
  })

  it('that throws fails the job: exit 1, its own stack, and the record that it threw at', async () => {
    const path = bench.write('own/throws.js', `
export default {
  input: 'lines',
  map ({ value }) { if (value === 'bad') blameMe(value) },
  reduce () {}
}
function blameMe (value) { throw new TypeError('cannot stand ' + value) }
`)
    bench.write('bad.txt', 'good\nbad\n')
    const { exit, stdout, stderr } = await bench.ipmr('run', path, 'bad.txt', ...FEW, '--attempts', '2', '-o', 'never')
    expect(exit).toBe(1)
    expect(stdout).toBe('')
    const lines = stderr.trim().split('\n').filter(line => !/^ipmr: (job \S+ accepted|running|planning|failed|warning: map)/.test(line))
    expect(lines[0]).toMatch(/^ipmr: job \S+ failed: .*bad\.txt.*offset 5.*TypeError: cannot stand bad/)
    expect(stderr).toMatch(/ at blameMe \(/)
    expect(() => bench.read('never', '_SUCCESS')).toThrow('ENOENT')
  })

  it('that throws for a few records runs without these where it may, and says which they were', async () => {
    const path = bench.write('own/finicky.js', `
export default {
  input: 'lines',
  map ({ value }, emit) {
    emit(value, 1)
    if (value.startsWith('bad')) throw new TypeError('cannot stand ' + value)
  },
  reduce (key, values, emit) {
    emit(key, [...values].length)
    if (key === 'worse') throw new RangeError('nor this')
  }
}
`)
    bench.write('finicky.txt', 'good\nbad 1\nworse\ngood\nbad 2\n')
    const stdout = succeeded(await bench.ipmr('run', path, 'finicky.txt', ...FEW, '--skip-bad-records', '3', '--reducers', '1', '-o', 'finicky'))
    expect(bench.read('finicky', 'part-r-00000')).toBe('good 2\n')
    const { exit, stdout: json, stderr } = await bench.ipmr('run', path, 'finicky.txt', ...FEW, '--skip-bad-records', '3', '--reducers', '1', '--json')
    expect(exit).toBe(0)
    expect(stderr).toContain('ipmr: 2 records and 1 key skipped: finicky.txt at byte 5: TypeError: cannot stand bad 1; finicky.txt at byte 22: TypeError: cannot stand bad 2; key "worse": RangeError: nor this\n')
    expect(JSON.parse(json)).toMatchObject({
      result: stdout.trim(),
      counters: { 'map.input.records': 5, 'map.skipped.records': 2, 'map.output.records': 3, 'reduce.skipped.groups': 1, 'reduce.output.records': 1 },
      skipped: [
        { file: 'finicky.txt', offset: 5, message: 'TypeError: cannot stand bad 1' },
        { file: 'finicky.txt', offset: 22, message: 'TypeError: cannot stand bad 2' },
        { key: '"worse"', message: 'RangeError: nor this' }
      ]
    })
    const failed = await bench.ipmr('run', path, 'finicky.txt', ...FEW, '--skip-bad-records', '1', '--attempts', '1')
    expect(failed.exit).toBe(1)
    expect(failed.stderr).toMatch(/ipmr: job \S+ failed: .*finicky\.txt, offset 22: TypeError: cannot stand bad 2.*--skip-bad-records allows 1/)
  })

  it('that does not compile is bad usage, with file, line and column', async () => {
    const { exit, stderr } = await bench.ipmr('run', bench.write('own/syntax.ts', 'export default {\n  input: }\n'), 'few.txt')
    expect(exit).toBe(2)
    expect(stderr).toMatch(/syntax\.ts:2:\d+/)
  })

  it('that is no program is bad usage', async () => {
    const { exit, stderr } = await bench.ipmr('run', bench.write('own/empty.ts', 'export const x = 1\n'), 'few.txt')
    expect(exit).toBe(2)
    expect(stderr).toContain('empty')
  })
})

describe('what cannot be run', () => {
  it('an output directory that holds something is refused before anything starts', async () => {
    bench.write('full/precious.txt', 'x')
    const { exit, stderr } = await bench.ipmr('run', 'word-count', 'sample.txt', '--output', 'full')
    expect(exit).toBe(2)
    expect(stderr).toBe('ipmr: the output directory full is not empty: choose another, such as --output full-2, or remove it\n')
  })

  it.each([
    [['run', 'word-cuont', 'sample.txt'], 'did you mean word-count?'],
    [['run', 'word-count', 'absent.txt'], 'there is no input absent.txt'],
    [['run', 'word-count', 'sample.txt', '--reducers', '0'], 'from 1 to 4096'],
    [['run', 'word-count', 'sample.txt', './sample.txt'], 'both named sample.txt'],
    [['run', 'word-count', 'sample.txt', '--connect', 'local', '--mappers', '3'], '--mappers is of the local cluster'],
    [['run', 'grep', 'sample.txt'], 'grep needs --arg pattern=']
  ])('%j is bad usage', async (args, why) => { await expectBadUsage(bench, args, why) })

  it('an input that is nowhere fails soon, and names its CID', async () => {
    const { exit, stdout } = await bench.ipmr('run', 'word-count', ABSENT, '--json', '-q')
    expect(exit).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ state: 'failed', error: { code: 'BLOCK_UNAVAILABLE', message: expect.stringContaining(ABSENT) } })
  })

  it('leaves nothing behind, as nothing else here did', async () => {
    expect(bench.leftovers()).toEqual([])
    expect(await bench.processes()).toEqual([])
  })
})
