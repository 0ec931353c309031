import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it } from '@jest/globals'
import { inProcessExecutor } from '@ipfs-mapreduce/mapreduce'
import type { Executor, Program, RunRef } from '@ipfs-mapreduce/mapreduce'
import { bundleSource } from './bundle-program.ts'
import { bundledExecutor } from './bundled-executor.spec.support.ts'
import { bytesOf, collect, mapWork, options, program, reading, testSandbox } from './sandbox.spec.support.ts'
import type { TestSandbox } from './sandbox.spec.support.ts'

const MIB = 1024 * 1024
const TOTAL_BYTES = 64 * MIB

const executor = bundledExecutor()

let test: TestSandbox
afterEach(() => test.remove())

const WORD_COUNT = `import { defineProgram, sum } from '@ipfs-mapreduce/mapreduce'
export default defineProgram<'lines', string, number>({
  input: 'lines',
  map ({ value }, emit, { count }) { count('lines'); for (const word of value.match(/\\p{L}+/gu) ?? []) emit(word, 1) },
  combine: (key, values, emit) => emit(key, sum(values)),
  reduce: (key, values, emit) => emit(key, sum(values))
})`

/** Runs, output and counters of a map and a reduce, in one value. */
async function mapAndReduce (executor: Executor, bundle: Uint8Array, text: Uint8Array) {
  const map = await executor.execute(mapWork(text.length, { reducers: 3 }), options(bundle, { read: reading({ text }) }))
  const runs = await Promise.all(map.outputs.map(output => collect(output.content())))
  const ref: RunRef = { mapTask: 0, cid: 'run', bytes: runs[0]!.length }
  const reduce = await executor.execute({ kind: 'reduce', task: map.outputs[0]!.partition, args: {}, separator: ' ', runs: [ref], skipBadRecords: 0 }, options(bundle, { read: reading({ run: runs[0]! }) }))
  const output = await collect(reduce.outputs[0]!.content())
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
  const made = map.outputs.map(({ partition, bytes, records }, n) => ({ partition, bytes, records, run: hex(runs[n]!) }))
  await Promise.all([map.release(), reduce.release()])
  return { made, output: Buffer.from(output).toString(), counters: [map.counters, reduce.counters] }
}

describe('a map and a reduce', () => {
  it('in an executor of sources and in one of a bundle are what they are in this process', async () => {
    const { bundle } = await bundleSource('word-count.ts', WORD_COUNT)
    const text = bytesOf('Call me Ishmael.\r\nSome years ago, never mind how long. Ärger ÄRGER\n'.repeat(3000))
    const load = async (source: Uint8Array) => (await import(`data:text/javascript;base64,${Buffer.from(source).toString('base64')}`) as { default: Program }).default
    const expected = await mapAndReduce(inProcessExecutor({ load }), bundle, text)
    expect(expected.output).toMatch(/^\S+ 3000\n/)
    test = testSandbox({ entry: executor.entry })
    expect(await mapAndReduce(test.sandbox, bundle, text)).toEqual(expected)
    await test.remove()
    test = testSandbox()
    expect(await mapAndReduce(test.sandbox, bundle, text)).toEqual(expected)
  })

  it('of 64 MiB are held in memory neither as they are read nor as they are written', async () => {
    test = testSandbox({ entry: executor.entry, maxHeapMiB: 256 })
    const line = bytesOf(`${'x'.repeat(65_535)}\n`)
    const lines = TOTAL_BYTES / line.length
    const before = heldBytes()
    let grown = 0
    let seen = 0
    const look = (bytes: number) => {
      seen += bytes
      if (seen % (8 * MIB) < bytes) grown = Math.max(grown, heldBytes() - before)
    }
    const read = async function * () {
      for (let n = 0; n < lines; n++) {
        look(line.length)
        yield line
      }
    }
    const { outputs, release } = await test.sandbox.execute(mapWork(lines * line.length), options(program('emit(offset, value)'), { read }))
    let bytes = 0
    for await (const piece of outputs[0]!.content()) {
      look(piece.length)
      bytes += piece.length
    }
    expect(bytes).toBe(outputs[0]!.bytes)
    expect(outputs[0]!.records).toBe(lines)
    expect(bytes).toBeGreaterThan(TOTAL_BYTES)
    await release()
    expect(grown).toBeLessThan(TOTAL_BYTES / 4)
    // Its sort buffer and its heap.
    if (process.platform === 'linux') expect(peakKib(test.pids()[0]!)).toBeLessThan(400 * 1024)
  }, 60_000)
})

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Memory of this process that something still refers to. */
function heldBytes (): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** The most memory that a process has had, by Linux. */
function peakKib (pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}
