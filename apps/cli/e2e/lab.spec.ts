import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { invertedIndex, wordCount } from '@ipfs-mapreduce/programs'
import { labCluster } from './lab-cluster.ts'
import type { LabCluster } from './lab-cluster.ts'
import { mostAtOnce, spansOf, TIMED_MAPS, TIMED_REDUCES, UNEVEN_COUNT } from './lab-programs.ts'
import { FIRST_SEED, ROUNDS } from './lab-rounds.ts'
import { labTexts, oracle } from './lab-texts.ts'
import { spread } from './spread.ts'
import { countWords, linesOf } from './text.ts'
import { succeeded, workbench } from './workbench.ts'
import type { Workbench } from './workbench.ts'

/** The cases of the MapReduce lab of MIT's course 6.5840, on this system's processes. The seventh, crash, is in lab-crash.spec.ts. */

const REDUCERS = 4
const MAPPER_SLOTS = 2
const REDUCER_SLOTS = 2
/** Small enough that the maps of each case are many. */
const CUTS = ['--chunk-size', '4k', '--split-size', '16k', '--reducers', String(REDUCERS)]
/** One map for each file, however small. */
const BY_FILE = ['--chunk-size', '1k', '--split-size', '1k', '--reducers', '1']

interface RunReport { job: string, result: string, attempts: { map: number, reduce: number, failed: number } }

describe.each(ROUNDS)('the lab, round %i', round => {
  const seed = FIRST_SEED + round
  const texts = labTexts(8, 24 * 1024, seed)
  let bench: Workbench
  let cluster: LabCluster

  beforeAll(async () => {
    bench = workbench()
    cluster = await labCluster({ bench, name: `lab-${process.pid}-${round}`, texts, workers: [
      { role: 'mapper', slots: MAPPER_SLOTS }, { role: 'mapper', slots: MAPPER_SLOTS },
      { role: 'reducer', slots: REDUCER_SLOTS }, { role: 'reducer', slots: REDUCER_SLOTS }
    ] })
  })
  afterAll(async () => { await bench.remove() })

  const runJson = async (...args: string[]): Promise<RunReport> => JSON.parse(succeeded(await cluster.run(...args, '--json', '--quiet'))) as RunReport

  it('1. word count: the output is what one process makes of the texts', async () => {
    await runJson('word-count', 'texts', ...CUTS, '-o', 'counts')
    expect(bench.parts('counts')).toEqual(await oracle(wordCount, texts, REDUCERS))
    expect(linesOf(...bench.parts('counts'))).toEqual(countWords(...texts.map(({ text }) => text)))
  })

  it('2. indexer: each word with the files that it occurs in', async () => {
    await runJson('inverted-index', 'texts', ...CUTS, '-o', 'index')
    expect(bench.parts('index')).toEqual(await oracle(invertedIndex, texts, REDUCERS))
  })

  it('3. map parallelism: two mappers map at once', async () => {
    const files = Array.from({ length: 2 * MAPPER_SLOTS }, (_, n) => `timed/${n}.txt`)
    for (const file of files) bench.write(file, '1000'.padEnd(1024))
    await runJson(bench.write('timed-maps.js', TIMED_MAPS), 'timed', ...BY_FILE, '-o', 'map-times')
    const spans = spansOf(...bench.parts('map-times'))
    expect(spans).toHaveLength(files.length)
    // More at once than one mapper has slots.
    expect(mostAtOnce(spans)).toBeGreaterThan(MAPPER_SLOTS)
  })

  it('4. reduce parallelism: two reducers reduce at once', async () => {
    const reduces = 2 * REDUCER_SLOTS
    bench.write('keys.txt', 'x')
    await runJson(bench.write('timed-reduces.js', TIMED_REDUCES), 'keys.txt', '--reducers', String(reduces), '--arg', `reduces=${reduces}`, '--arg', 'ms=2500', '-o', 'reduce-times')
    const spans = spansOf(...bench.parts('reduce-times'))
    expect(spans).toHaveLength(reduces)
    expect(mostAtOnce(spans)).toBeGreaterThan(REDUCER_SLOTS)
  })

  it('5. job count: eight maps of 2 to 5 s run exactly eight times', async () => {
    for (let n = 0; n < 8; n++) bench.write(`slow/${n}.txt`, String(2000 + Math.floor(spread(seed + n) * 3000)).padEnd(1024))
    const { job, attempts } = await runJson(bench.write('slow-maps.js', TIMED_MAPS), 'slow', ...BY_FILE, '-o', 'slow-times')
    expect(attempts).toMatchObject({ map: 8, reduce: 1, failed: 0 })
    expect((await cluster.status(job)).maps).toMatchObject({ total: 8, committed: 8, attempts: 8, failedAttempts: 0, backups: 0 })
    expect(spansOf(...bench.parts('slow-times'))).toHaveLength(8)
  })

  // The last on this cluster, because it ends it.
  it('6. early exit: when ipmr run exits the output is whole, and nothing that runs later changes it', async () => {
    const program = bench.write('uneven-count.js', UNEVEN_COUNT)
    const { result } = await runJson(program, 'texts', ...CUTS, '--arg', 'ms=2000', '-o', 'early')
    const atExit = bench.parts('early')
    expect(linesOf(...atExit)).toEqual(countWords(...texts.map(({ text }) => text)))
    expect(readdirSync(join(bench.dir, 'early')).sort()).toEqual(['_SUCCESS', ...atExit.map((_, n) => `part-r-0000${n}`)])
    for (const { exit, stderr } of await cluster.drain()) expect({ exit, stderr }).toMatchObject({ exit: 0 })
    expect(bench.parts('early')).toEqual(atExit)
    // The client holds all of it: no other process is left to ask.
    expect(succeeded(await bench.ipmr('cat', result))).toBe(atExit.join(''))
    expect(await bench.processes()).toEqual([])
  })
})
