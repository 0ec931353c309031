import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { until } from './processes.ts'
import { services } from './services.ts'
import { slowWordCount } from './slow-program.ts'
import { countWords, linesOf, sampleText } from './text.ts'
import { succeeded, workbench } from './workbench.ts'
import type { Services } from './services.ts'
import type { Finished, Running, Workbench } from './workbench.ts'

const MIB = 2 ** 20
const text = sampleText(300)

/** A word count whose words, and so its runs and its result, have a prefix. */
const PREFIXED = `
export default {
  input: 'lines',
  map ({ value }, emit, { args }) { for (const word of value.match(/\\p{L}+/gu) ?? []) emit(args.prefix + word, 1) },
  reduce (word, counts, emit) { let sum = 0; for (const n of counts) sum += n; emit(word, sum) }
}
`
/** Reads much and makes little, or as much as it reads. */
const LINES = `
export default {
  input: 'lines',
  map ({ value }, emit, { args }) { emit(args.keep === 'all' ? value : 'lines', 1) },
  reduce (key, counts, emit) { let sum = 0; for (const n of counts) sum += n; emit(key.length > 9 ? 'line' : key, sum) }
}
`

const LINES_OF_LARGE = 70_000
/** 19 MiB of lines that differ: long ones, since each takes its time. */
function largeText (): string {
  return Array.from({ length: LINES_OF_LARGE }, (_, i) => `line ${i} ${Math.imul(i, 0x9e3779b1) >>> 0} ${'x'.repeat(260)}\n`).join('')
}

let bench: Workbench
let cluster: Services
let mounted: string[]

beforeEach(() => {
  bench = workbench()
  mounted = []
})

afterEach(async () => {
  // Its services still run, and end with their workbench.
  for (const disk of mounted) execFileSync('umount', ['--lazy', disk])
  await bench.remove()
})

async function startCluster (name: string, ...mapperArgs: string[]): Promise<Running> {
  cluster = services(bench, `${name}-${process.pid}`)
  await cluster.startMaster('master')
  const mapper = cluster.serveWorker('mapper', 'mapper', '--slots', '1', ...mapperArgs)
  await Promise.all([mapper.says(/ ready /), cluster.startWorker('reducer', 'reducer')])
  return mapper
}

const run = async (program: string, input: string, ...args: string[]): Promise<Finished> => await bench.ipmr(...cluster.connected('run', program, input, ...args))

/** The names of the block files of a store, which tell the content. */
function blocks (...store: string[]): string[] {
  const dir = join(bench.dir, ...store, 'blocks')
  return existsSync(dir) ? readdirSync(dir, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile() && entry.name.endsWith('.data')).map(({ name }) => name).sort() : []
}

function bytesOf (...store: string[]): number {
  const dir = join(bench.dir, ...store, 'blocks')
  return readdirSync(dir, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile() && entry.name.endsWith('.data')).reduce((sum, { name, parentPath }) => sum + statSync(join(parentPath, name), { throwIfNoEntry: false })!.size, 0)
}

/** What ipmr has on this machine: the input, the program, and results that it fetched. */
const here = (): Set<string> => new Set(blocks('home', '.ipmr', 'cli', '1'))

describe('what a job leaves in the stores of services', () => {
  beforeEach(async () => {
    bench.write('sample.txt', text)
    bench.write('prefixed.js', PREFIXED)
    await startCluster('leaves')
  })

  const job = async (prefix: string): Promise<void> => {
    const finished = await run('prefixed.js', 'sample.txt', '--arg', `prefix=${prefix}`, '--chunk-size', '1k', '--split-size', '4k', '-o', `out-${prefix}`)
    succeeded(finished)
    expect(linesOf(...bench.parts(`out-${prefix}`))).toEqual(countWords(text).map(line => `${prefix}${line}`).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
  }

  it('is its result at the master, and what they fetched of input and program: runs and outputs go', async () => {
    await job('a')
    const fetched = here()
    const mapper = await until('only input and program are left at the mapper', () => blocks('mapper'), left => left.every(name => fetched.has(name)))
    expect(mapper.length).toBeGreaterThan(5)
    const [reducer, master] = [await until('only the program is left at the reducer', () => blocks('reducer'), left => left.length === 1), blocks('master')]
    expect(mapper).toEqual(expect.arrayContaining(reducer))

    await job('b')
    await until('the mapper has what it had', () => blocks('mapper'), left => left.join() === mapper.join())
    await until('the reducer has what it had', () => blocks('reducer'), left => left.join() === reducer.join())
    const [now, known] = [blocks('master'), here()]
    expect(now).toEqual(expect.arrayContaining(master))
    const results = now.filter(name => !master.includes(name))
    // A directory, two parts and the job's record, all of which ipmr has fetched; and the record's pages of maps and of reduces.
    expect([results.length, results.filter(name => known.has(name)).length]).toEqual([6, 4])
    expect(results.filter(name => mapper.includes(name))).toEqual([])
  })

  it('is nothing more where it is cancelled', async () => {
    bench.write('slow.js', slowWordCount(20))
    const running = bench.start(...cluster.connected('run', 'slow.js', 'sample.txt', '--chunk-size', '1k', '--split-size', '2k'))
    const [, id = ''] = await running.says(/job (\S+) accepted/)
    await running.says(/map [1-9]\d*\/\d+ \(\d running/)
    await until('a run is at the mapper', () => blocks('mapper'), held => held.some(name => !here().has(name)))
    succeeded(await bench.ipmr(...cluster.connected('cancel', id)))
    await running.ended
    const fetched = here()
    for (const role of ['mapper', 'reducer', 'master']) await until(`only input and program are left at the ${role}`, () => blocks(role), left => left.every(name => fetched.has(name)))
  })
})

describe('a mapper with --max-storage', () => {
  it('maps input that is larger, and fails an attempt whose runs do not fit: it stays, and runs the next job', async () => {
    bench.write('large.txt', largeText())
    bench.write('lines.js', LINES)
    const mapper = await startCluster('bounded', '--max-storage', '16MiB')
    const count = async (output: string): Promise<void> => {
      succeeded(await run('lines.js', 'large.txt', '--arg', 'keep=none', '-r', '1', '--split-size', '8m', '-o', output))
      expect(bench.read(output, 'part-r-00000')).toBe(`lines ${LINES_OF_LARGE}\n`)
      expect(bytesOf('mapper')).toBeLessThanOrEqual(16 * MIB)
    }
    await count('first')
    const { exit, stderr } = await run('lines.js', 'large.txt', '--arg', 'keep=all', '-r', '1', '--split-size', '8m', '--attempts', '2', '-q')
    expect(exit).toBe(1)
    expect(stderr).toMatch(/does not fit: .* of 16 MiB in .*mapper\/blocks are used.*--max-storage/)
    await count('second')
    expect(mapper.child.exitCode).toBeNull()
  })
})

const unable = process.platform !== 'linux' ? 'only Linux has tmpfs' : process.getuid?.() !== 0 ? 'only root may mount one' : undefined
if (unable !== undefined) it.todo(`a mapper on a disk that is full: skipped, because ${unable}`)
else {
  describe('a mapper on a disk that is full', () => {
    it.each([
      ['its input', ['--max-storage', '1GiB'], /cannot write block baf\w+ .*ENOSPC: no space left on device/],
      ['what it spills', ['--max-storage', '1GiB', '--store', join('home', '.ipmr', 'cli', '1')], /cannot write to scratch: .*ENOSPC.*is the disk full\?/]
    ])('fails the attempt that has no room for %s, says so, stays, and runs the next job', async (_, args, reason) => {
      const disk = join(bench.dir, 'mapper')
      mkdirSync(disk)
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${12 * MIB}`, 'tmpfs', disk])
      mounted.push(disk)
      bench.write('large.txt', largeText())
      bench.write('sample.txt', text)
      bench.write('lines.js', LINES)
      succeeded(await bench.ipmr('add', 'large.txt'))
      const mapper = await startCluster('full', ...args)
      const { exit, stderr } = await run('lines.js', 'large.txt', '--arg', 'keep=all', '--split-size', '64m', '--attempts', '1', '-q')
      expect(exit).toBe(1)
      expect(stderr).toMatch(reason)
      succeeded(await run('word-count', 'sample.txt', '-o', 'out'))
      expect(linesOf(...bench.parts('out'))).toEqual(countWords(text))
      expect(mapper.child.exitCode).toBeNull()
    })
  })
}
