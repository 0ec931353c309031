import { describe, expect, it } from '@jest/globals'
import type { InputFormat } from '@ipfs-mapreduce/mapreduce'
import { wordCount } from '@ipfs-mapreduce/programs'
import { HEARTBEAT_MS } from '@ipfs-mapreduce/protocol'
import { compareText } from '../files/text-order.ts'
import { destroy, loseRequests } from './afflictions.spec.support.ts'
import { expectSequential, keys, parts } from './exact.spec.support.ts'
import { A_LINE_A_TASK, LINE_BYTES, lines } from './lines.spec.support.ts'
import { byHost, byUrl, counting, echo, ordered, picky } from './paper-programs.spec.support.ts'
import { createJournaledPaperWorld, createPaperWorld, mapTakes } from './paper.spec.support.ts'
import { allMapped, NO_BACKUPS } from './world.spec.support.ts'

/** Section 4, Refinements, of the paper whose section 3 `mapreduce-paper.spec.ts` reads. */

describe('4.1 partitioning function', () => {
  it('a program may have its own, such as hash(hostname(url)) mod R: a host\'s URLs end up in one file', async () => {
    const input = { 'urls.txt': Array.from({ length: 60 }, (_, i) => `https://host${i % 7}.example/page/${i}\n`).join('') }
    const w = await createPaperWorld({ seed: '4.1', programs: { byUrl, byHost } })
    const filesOfHost = async (program: string): Promise<number[]> => {
      const status = await w.runExact(program, input, { reducers: 4 })
      const hosts = parts(w, status).map(part => new Set(keys(part).map(url => new URL(url).hostname)))
      return Array.from({ length: 7 }, (_, i) => hosts.filter(of => of.has(`host${i}.example`)).length)
    }
    expect(await filesOfHost('byHost')).toEqual([1, 1, 1, 1, 1, 1, 1])
    expect(Math.min(...await filesOfHost('byUrl'))).toBeGreaterThan(1)
  })
})

describe('4.2 ordering guarantees', () => {
  it('within a partition the pairs are processed in increasing order of their keys', async () => {
    const words = ['zebra', 'z', 'é', '鯨', '𝒳', '～', 'a', 'Z', 'aa', 'ab', 'łódź', 'Ω']
    const reduced: string[] = []
    // Each map task sees another end of the list first.
    const input = { 'a.txt': words.map((_, i) => [...words.slice(i), ...words.slice(0, i)].join(' ')).join('\n') }
    const w = await createPaperWorld({ seed: '4.2', programs: { ordered: ordered(reduced) } })
    const status = await w.run('ordered', input, { chunkBytes: 16, reducers: 1 })
    expect(status.maps.total).toBeGreaterThan(20)
    expect(reduced).toEqual([...words].sort(compareText))
    expect(parts(w, status).map(keys)).toEqual([[...words].sort(compareText)])
    await expectSequential(w, status, input)
  })
})

describe('4.3 combiner function', () => {
  it('merges partially before anything is sent: fewer bytes, the same output', async () => {
    const { combine, ...plain } = wordCount
    expect(combine).toBeDefined()
    const w = await createPaperWorld({ seed: '4.3', programs: { plain } })
    const input = { 'a.txt': 'the whale and the ship and the sea\n'.repeat(40) }
    const combined = await w.run('word-count', input, { chunkBytes: 256 })
    const uncombined = await w.run('plain', input, { chunkBytes: 256 })
    expect(combined.result).toBe(uncombined.result)
    expect(combined.counters['map.output.records']).toBe(uncombined.counters['map.output.records'])
    expect(uncombined.counters['reduce.input.records']).toBe(uncombined.counters['map.output.records'])
    // 7.3 lines a task: five words in place of fifty.
    expect(combined.counters['reduce.input.records']! * 5).toBeLessThan(uncombined.counters['reduce.input.records']!)
    expect(combined.counters['shuffle.bytes']! * 2).toBeLessThan(uncombined.counters['shuffle.bytes']!)
  })
})

describe('4.4 input and output types', () => {
  const cases: Array<{ format: InputFormat, text: string, records: Array<[number, unknown]> }> = [
    { format: 'lines', text: 'one\ntwo\r\n\nvier fünf', records: [[0, 'one'], [4, 'two'], [9, ''], [10, 'vier fünf']] },
    { format: 'text', text: 'one\ntwo\n', records: [[0, 'one\ntwo\n']] },
    { format: 'ndjson', text: '{"a": [1, null]}\n\n"鯨"\n', records: [[0, { a: [1, null] }], [18, '鯨']] },
    { format: 'csv', text: 'name,note\r\nAhab,"call\nall"\nIshmael,\n', records: [[11, { name: 'Ahab', note: 'call\nall' }], [27, { name: 'Ishmael', note: '' }]] },
    { format: { bytes: 4 }, text: 'abcdefghi', records: [[0, [97, 98, 99, 100]], [4, [101, 102, 103, 104]], [8, [105]]] }
  ]
  for (const { format, text, records } of cases) it(`${typeof format === 'string' ? format : 'bytes'}: a key is the offset, and a record is whole wherever its split ends`, async () => {
    const w = await createPaperWorld({ seed: '4.4', programs: { echo: echo(format) } })
    const status = await w.run('echo', { 'a.in': text }, { chunkBytes: 5 })
    const read = parts(w, status).flatMap(part => part.split('\n').slice(0, -1)).map(line => [Number(line.split(' ')[0]), JSON.parse(line.slice(line.indexOf(' ') + 1))] as const)
    expect(read.sort(([a], [b]) => a - b)).toEqual(records.map(([offset, value]) => [offset, ['a.in', value]]))
  })
})

describe('4.5 side effects', () => {
  it('output is atomic and idempotent: its CID is there whole or not at all, also where the master dies as it commits', async () => {
    const input = { 'a.txt': lines(12) }
    const sound = await createPaperWorld({ seed: '4.5' })
    const { result } = await sound.run('word-count', input, { reducers: 3 })
    const whole = sound.files.below('master', result!).length
    let killed = 0
    for (let killMs = 0; killMs <= 400; killMs += 50) {
      const w = await createJournaledPaperWorld({ seed: `4.5 ${killMs}`, diskMs: 50 })
      const job = await w.submit('master', 'word-count', input, { reducers: 3 })
      const held = (): number => w.files.below('master', result!).length
      const run = async (until: () => boolean): Promise<void> => {
        await w.clock.runUntil(() => {
          expect([0, whole]).toContain(held())
          return until()
        }, 120_000)
      }
      await run(() => w.status(job).state === 'committing')
      const dueMs = w.clock.now() + killMs
      await run(() => w.clock.now() >= dueMs || w.status(job).state === 'succeeded')
      if (w.status(job).state === 'committing') killed++
      await w.restart()
      await run(() => w.lead('master').job(job)?.state === 'succeeded')
      expect({ killMs, result: w.status(job).result, held: held() }).toEqual({ killMs, result, held: whole })
    }
    expect(killed).toBeGreaterThan(3)
  })
})

describe('4.6 skipping bad records', () => {
  const input = { 'a.txt': lines(8) }

  it('records that make the program throw are skipped, so that the job goes on, and are told of', async () => {
    const w = await createPaperWorld({ seed: '4.6', programs: { picky } })
    const status = await w.runExact('picky', input, { ...A_LINE_A_TASK, skipBadRecords: 2 })
    expect(parts(w, status).flatMap(keys).sort()).toEqual(['aa', 'ac', 'ae', 'af', 'ag', 'ah', 'the', 'whale'])
    expect(status.counters).toMatchObject({ 'map.input.records': 8, 'map.skipped.records': 2 })
    expect([...status.skipped].sort((a, b) => a.offset! - b.offset!)).toEqual([1, 3].map(line => ({ file: 'a.txt', offset: line * LINE_BYTES, message: expect.stringMatching(/a bug in a library/) as unknown })))
  })

  it('one more than may be skipped fails the job, also where each task has few', async () => {
    const w = await createPaperWorld({ seed: '4.6 too many', programs: { picky } })
    const status = await w.run('picky', input, { ...A_LINE_A_TASK, skipBadRecords: 1 })
    expect(status).toMatchObject({ state: 'failed', failure: { code: 'PROGRAM' }, reason: expect.stringMatching(/a bug in a library/) })
  })
})

describe('4.7 local execution', () => {
  it('a sequential run of a program on one machine gives the bytes that the cluster gives', async () => {
    const w = await createPaperWorld({ seed: '4.7', mappers: 3 })
    const input = { 'a.txt': lines(9), 'deep/b.txt': 'Call me Ishmael.\r\nthe whale 鯨\n\nno newline' }
    for (const [program, args] of [['word-count', {}], ['inverted-index', {}], ['grep', { pattern: 'whale' }]] as const) {
      const status = await w.runExact(program, input, { chunkBytes: 10, reducers: 3, args })
      expect(parts(w, status).join('')).toContain('whale')
    }
  })
})

describe('4.8 status information', () => {
  it('tells how far a job is, and which workers have failed and what they ran then', async () => {
    const w = await createPaperWorld({ seed: '4.8', executeMs: mapTakes(2000), timing: NO_BACKUPS })
    const input = { 'a.txt': lines(8) }
    const job = await w.submit('master', 'word-count', input, A_LINE_A_TASK)
    await w.clock.runUntil(() => w.status(job).maps.committed === 2 && w.status(job).maps.running === 2, 60_000, 'a quarter')
    await w.clock.advance(HEARTBEAT_MS)
    const answer = await w.settled(w.client().request('master', { type: 'statusQuery', job }))
    expect(answer).toMatchObject({
      type: 'status',
      jobs: [{ job, state: 'running', maps: { total: 8, committed: 2, running: 2, pending: 4 }, inputBytes: 8 * LINE_BYTES, records: 2, counters: { 'map.input.records': 2, 'map.input.bytes': 2 * LINE_BYTES, 'map.output.records': 6 } }]
    })
    const { workers } = answer as Extract<typeof answer, { type: 'status' }>
    const victim = workers.find(({ peer }) => peer === 'm1')!
    expect(victim).toMatchObject({ role: 'mapper', running: 1, attempts: [{ ref: { job, kind: 'map' }, state: 'executing' }] })
    const { task } = victim.attempts[0]!.ref
    destroy(w, 'm1')
    const status = await w.expectExact(job, input)
    const { maps: pages } = w.files.record(status.record!) as { maps: string[] }
    const { tasks } = w.files.record(pages[0]!) as { tasks: unknown[] }
    expect(tasks[task]).toMatchObject({ task, attempts: [{ worker: 'm1', outcome: 'lost', failure: expect.stringMatching(/worker m1/) }, { worker: 'm2', outcome: 'completed' }] })
    expect(status.phases.map(({ name }) => name).sort()).toEqual(['commit', 'map', 'plan', 'reduce', 'total'])
  })
})

describe('4.9 counters', () => {
  const input = { 'a.txt': lines(12).replaceAll('whale', 'Whale') }
  const options = { ...A_LINE_A_TASK, reducers: 2 }
  const exact = { 'user.uppercase': 12, 'user.words': 14, 'map.input.records': 12, 'map.output.records': 36, 'reduce.output.records': 14 }

  it('a program\'s own and the system\'s are exact where tasks are executed again', async () => {
    const w = await createPaperWorld({ seed: '4.9', mappers: 3, reducers: 0, programs: { counting } })
    const job = await w.submit('master', 'counting', input, options)
    await allMapped(w, job)
    expect(w.status(job).counters).toMatchObject({ 'user.uppercase': 12 })
    destroy(w, 'm1')
    w.worker('r1', ['master'])
    const status = await w.expectExact(job, input)
    expect(status.maps.attempts).toBeGreaterThan(12)
    expect(status.counters).toMatchObject(exact)
  })

  it('and where backups are: of two executions that complete, one is counted', async () => {
    // The reduces keep the job going while the straggler, which is not reached, ends what was made long ago.
    const w = await createPaperWorld({ seed: '4.9 backup', mappers: 0, programs: { counting }, executeMs: () => 60_000 })
    for (const [name, ms] of [['m1', 1000], ['m2', 1000], ['m3', 30_000]] as const) w.worker(name, ['master'], { executeMs: () => ms })
    loseRequests(w, 'attemptAborted', 'm3')
    await w.clock.advance(1000)
    const status = await w.runExact('counting', input, options)
    expect(status.maps).toMatchObject({ backups: 1, attempts: 13 })
    const twice = w.completed('map').map(({ message }) => message.ref.task).filter((task, i, all) => all.indexOf(task) !== i)
    expect(twice).toHaveLength(1)
    expect(status.counters).toMatchObject(exact)
  })
})
