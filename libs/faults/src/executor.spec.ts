import { describe, expect, it } from '@jest/globals'
import { defineProgram, inProcessExecutor, sum, type Executor, type MapWork, type Program, type RangeOptions, type TaskResult, type Work } from '@ipfs-mapreduce/mapreduce'
import { executorCompliance } from '@ipfs-mapreduce/mapreduce/compliance'
import { inject, watch } from './injection.spec.support.ts'

const wordCount = defineProgram({
  input: 'lines',
  map ({ value }, emit) { for (const word of value.match(/\w+/g) ?? []) emit(word, 1) },
  reduce: (word, counts, emit) => { emit(word, sum(counts)) }
})

executorCompliance('an executor whose faults never strike', async () => {
  const executor = inject('crash:execute,p=0; slow:execute,ms=5,p=0; stall:execute,nth=1000000; lie:output,p=0').executor(inProcessExecutor({
    load: async bundle => (await import(`data:text/javascript;base64,${Buffer.from(bundle).toString('base64')}`) as { default: Program }).default,
    pause: async () => { await new Promise(resolve => setImmediate(resolve)) }
  }))
  return { executor, bundle: async source => new TextEncoder().encode(source), teardown: async () => { await executor.close() } }
})

const TEXT = new TextEncoder().encode('the whale and the sea\nthe ship 7\n')
const RUN = 'run of map 0'

/** Content by name, cut into chunks of a few bytes. */
function reader (content: Map<string, Uint8Array>) {
  return async function * (file: string, { offset = 0, length = Infinity }: RangeOptions): AsyncGenerator<Uint8Array> {
    const bytes = content.get(file)!.subarray(offset, offset + length)
    for (let at = 0; at < bytes.length; at += 5) yield bytes.slice(at, at + 5)
  }
}

const mapWork = (offset = 0, length = TEXT.length): MapWork =>
  ({ kind: 'map', task: 0, reducers: 1, args: {}, splits: [{ file: 'text', cid: 'text', offset, length, fileBytes: TEXT.length }], skipBadRecords: 0 })

async function run (executor: Executor, work: Work, content = new Map<string, Uint8Array>([['text', TEXT]]), signal = new AbortController().signal): Promise<TaskResult> {
  return await executor.execute(work, { program: new Uint8Array(), read: reader(content), signal })
}

async function bytesOf ({ outputs }: TaskResult): Promise<Uint8Array> {
  const parts: number[] = []
  for await (const chunk of outputs[0]!.content()) parts.push(...chunk)
  expect(parts.length).toBe(outputs[0]!.bytes)
  return Uint8Array.from(parts)
}

const honest = inProcessExecutor({ load: async () => wordCount })

async function reduced (executor: Executor, run0: Uint8Array): Promise<string> {
  const work: Work = { kind: 'reduce', task: 0, args: {}, separator: ' ', runs: [{ mapTask: 0, cid: RUN, bytes: run0.length }], skipBadRecords: 0 }
  return new TextDecoder().decode(await bytesOf(await run(executor, work, new Map([[RUN, run0]]))))
}

describe('an executor', () => {
  it('is slow by so much', async () => {
    const { executor, time } = inject('slow:execute,minMs=100,maxMs=200')
    const result = watch(run(executor(honest), mapWork()))
    await time.advance(99)
    expect(result.state).toBe('pending')
    await time.advance(101)
    expect(result.state).toBe('resolved')
  })

  it('stalls until it is aborted, or closed', async () => {
    const { executor, time } = inject('stall:execute')
    const inner = inProcessExecutor({ load: async () => wordCount })
    const faulty = executor(inner)
    const aborting = new AbortController()
    const aborted = watch(run(faulty, mapWork(), undefined, aborting.signal))
    const closed = watch(run(faulty, mapWork()))
    await time.advance(10_000_000)
    expect([aborted.state, closed.state]).toEqual(['pending', 'pending'])
    aborting.abort(new Error('its lease is over'))
    await time.advance(0)
    expect(aborted).toMatchObject({ state: 'rejected', error: { code: 'ABORTED', message: expect.stringContaining('its lease is over') } })
    await faulty.close()
    await time.advance(0)
    expect(closed).toMatchObject({ state: 'rejected', error: { code: 'ABORTED' } })
  })

  it('dies before an attempt, or in the midst of one', async () => {
    const { executor, time, crashes } = inject('crash:execute,nth=1,ms=50; crash:execute,nth=2')
    const first = watch(run(executor(honest), mapWork()))
    await time.advance(50)
    expect([first.state, crashes()]).toEqual(['resolved', 1])
    const second = watch(run(executor(honest), mapWork()))
    await time.advance(0)
    expect([second.state, crashes()]).toEqual(['pending', 2])
  })

  it('lies about a map: the run is whole, and wrong', async () => {
    const truth = await bytesOf(await run(honest, mapWork()))
    for (let seed = 1; seed <= 20; seed++) {
      const lie = await bytesOf(await run(inject('lie:output', seed).executor(honest), mapWork()))
      expect(lie).not.toEqual(truth)
      const counts = await reduced(honest, lie)
      expect(counts).toMatch(/^(\w+ \d+\n)+$/)
      expect(counts).not.toBe(await reduced(honest, truth))
    }
  })

  it('lies within its own split', async () => {
    const offset = TEXT.indexOf(0x0a) + 1
    const lie = await reduced(honest, await bytesOf(await run(inject('lie:output').executor(honest), mapWork(offset, TEXT.length - offset))))
    expect(lie).not.toBe('7 1\nship 1\nthe 1\n')
    expect(lie).not.toContain('whale')
  })

  it('lies about a reduce: one byte, or a line more', async () => {
    const truth = await reduced(honest, await bytesOf(await run(honest, mapWork())))
    const { executor, struck } = inject('lie:output')
    const lie = await reduced(executor(honest), await bytesOf(await run(honest, mapWork())))
    expect(lie.length).toBe(truth.length)
    expect([...lie].filter((character, index) => character !== truth[index])).toHaveLength(1)
    const nothing: Work = { kind: 'reduce', task: 0, args: {}, separator: ' ', runs: [], skipBadRecords: 0 }
    expect(await bytesOf(await run(executor(honest), nothing))).toEqual(Uint8Array.of(0x0a))
    expect(struck).toEqual(['lie:output', 'lie:output'])
  })

  it('that no fault concerns is as it was', () => {
    expect(inject('crash:fetch; drop:gossip').executor(honest)).toBe(honest)
  })
})
