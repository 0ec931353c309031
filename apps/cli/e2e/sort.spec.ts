import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { until } from './processes.ts'
import { services } from './services.ts'
import { sampleText } from './text.ts'
import { succeeded, workbench } from './workbench.ts'
import type { Workbench } from './workbench.ts'

const RECORD_BYTES = 100
const KEY_BYTES = 10

let bench: Workbench
/** Lines that occur twice, `\r` at their end, and bytes that are no UTF-8. */
const text = Buffer.concat([Buffer.from(`${sampleText(2000)}\n${sampleText(500, 3)}\r\n`), Buffer.of(0xff, 0x0a, 0xc3, 0x28, 0x0a, 0x0a), Buffer.from(sampleText(1000))])

beforeAll(() => {
  bench = workbench()
  bench.write('texts/a.txt', text)
  bench.write('texts/b.txt', Buffer.from(sampleText(300, 5)))
})
afterAll(async () => { await bench.remove() })

/** The parts of an output, in order. */
function partsOf (output: string): Buffer[] {
  return readdirSync(join(bench.dir, output)).filter(name => name.startsWith('part-r-')).sort().map(name => readFileSync(join(bench.dir, output, name)))
}

/** By the system's own sort where it has one, and otherwise by hand. */
function sortedLines (...names: string[]): Buffer {
  const { status, stdout } = spawnSync('sort', names, { cwd: bench.dir, env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 64 * 1024 * 1024 })
  if (status === 0) return stdout
  const lines = names.flatMap(name => readFileSync(join(bench.dir, name), 'latin1').replace(/\n$/, '').split('\n'))
  return Buffer.from(lines.sort().map(line => `${line}\n`).join(''), 'latin1')
}

/** Records whose keys have few different bytes, the same each time. */
function records (count: number): Buffer {
  const made = Buffer.alloc(count * RECORD_BYTES)
  let state = 7
  for (let at = 0; at < made.length; at++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    made[at] = at % RECORD_BYTES < KEY_BYTES ? 0x7e + (state >>> 16) % 5 : state >>> 24
  }
  return made
}

describe('ipmr run sort', () => {
  it('has the lines in total order over its parts, as sort has them, of about one size', async () => {
    const cid = succeeded(await bench.ipmr('run', 'sort', 'texts', '--reducers', '4', '--chunk-size', '4k', '--split-size', '32k', '--output', 'sorted', '--quiet'))
    const parts = partsOf('sorted')
    expect(parts).toHaveLength(4)
    const all = Buffer.concat(parts)
    expect(all.equals(sortedLines('texts/a.txt', 'texts/b.txt'))).toBe(true)
    for (const part of parts) expect(part.length).toBeGreaterThan(all.length / 16)

    const other = await bench.ipmr('run', 'sort', 'texts', '--reducers', '4', '--chunk-size', '64k', '--split-size', '256k', '--mappers', '1', '--separator', ',', '--quiet')
    expect(succeeded(other)).toBe(cid)
  })

  it('of records of 100 bytes gives them unchanged, by their first ten', async () => {
    const input = records(5000)
    bench.write('records', input)
    succeeded(await bench.ipmr('run', 'sort-records', 'records', '--reducers', '3', '--chunk-size', '7k', '--split-size', '64k', '--output', 'by-key', '--quiet'))
    const parts = partsOf('by-key')
    const recordsOf = (bytes: Buffer): Buffer[] => Array.from({ length: bytes.length / RECORD_BYTES }, (_, i) => bytes.subarray(i * RECORD_BYTES, (i + 1) * RECORD_BYTES))
    const expected = recordsOf(input).sort((a, b) => Buffer.compare(a.subarray(0, KEY_BYTES), b.subarray(0, KEY_BYTES)))
    expect(Buffer.concat(parts).equals(Buffer.concat(expected))).toBe(true)
    expect(Math.min(...parts.map(part => part.length % RECORD_BYTES === 0 ? part.length : 0))).toBeGreaterThan(input.length / 6)
  })

  it('samples an input that only a mapper has', async () => {
    const cid = succeeded(await bench.ipmr('add', 'texts', '--data-dir', join(bench.dir, 'stocked'))).trim()
    const cluster = services(bench, `e2e-sort-${process.pid}`)
    await cluster.startMaster('master')
    await Promise.all([cluster.startWorker('mapper', 'stocked/1'), cluster.startWorker('reducer', 'reducer-1')])
    await until('workers', async () => (await bench.ipmr(...cluster.connected('peers', '--json'))).stdout, stdout => stdout !== '' && (JSON.parse(stdout) as unknown[]).length === 2)
    succeeded(await bench.ipmr(...cluster.connected('run', 'sort', cid, '--reducers', '3', '--output', 'connected', '--data-dir', join(bench.dir, 'empty'), '--quiet')))
    expect(Buffer.concat(partsOf('connected')).equals(sortedLines('texts/a.txt', 'texts/b.txt'))).toBe(true)
  })
})

describe('a program of one\'s own that partitions by range', () => {
  const program = (map: string): string => `export default { input: 'lines', partition: 'range', map ({ value }, emit) { ${map} }, reduce (key, values, emit) { emit(key, [...values].length) } }`

  it('has its lines in order over the parts', async () => {
    bench.write('lengths.js', program('emit(value.length, 1)'))
    succeeded(await bench.ipmr('run', 'lengths.js', 'texts/a.txt', '--reducers', '3', '--output', 'lengths', '--quiet'))
    const keys = Buffer.concat(partsOf('lengths')).toString().trimEnd().split('\n').map(line => line.split(' ')[0])
    expect(keys.length).toBeGreaterThan(10)
    expect(keys).toEqual([...keys].sort())
  })

  it('is shown with its stack where it throws on the sample, and no job is made', async () => {
    bench.write('broken.js', program('throw new TypeError("oh no")'))
    const { exit, stdout, stderr } = await bench.ipmr('run', 'broken.js', 'texts/b.txt')
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' })
    expect(stderr).toMatch(/ipmr: map threw at .*, offset 0: TypeError: oh no\n +TypeError: oh no\n +at .*program\.mjs:\d+:/)
    expect(stderr).not.toMatch(/accepted/)
    expect(bench.leftovers()).toEqual([])
  })
})
