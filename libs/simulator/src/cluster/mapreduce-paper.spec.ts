import { describe, expect, it } from '@jest/globals'
import { DEFAULT_TIMING } from '@ipfs-mapreduce/state-machines'
import { compareText } from '../files/text-order.ts'
import { destroy, isolate, loseHeartbeats, loseRequests } from './afflictions.spec.support.ts'
import { expectSequential, keys, parts } from './exact.spec.support.ts'
import { A_LINE_A_TASK, LINE_BYTES, lines } from './lines.spec.support.ts'
import { whimsical } from './paper-programs.spec.support.ts'
import { blocksFromMappers, createJournaledPaperWorld, createPaperWorld, hash, inputFetched, mapTakes, storm } from './paper.spec.support.ts'
import { allMapped, NO_BACKUPS } from './world.spec.support.ts'

/**
 * "MapReduce: Simplified Data Processing on Large Clusters" (Dean and Ghemawat, OSDI 2004), promise by promise in its
 * order, after etcd raft's `raft_paper_test.go`. Where the system keeps a promise in another way, the test's name says so.
 * This is its section 3, Implementation; `mapreduce-paper-refinements.spec.ts` goes on with section 4.
 */

const { heartbeatMs: HEARTBEAT, leaseMs: LEASE, advertMs: SWEEP } = DEFAULT_TIMING

describe('3.1 execution overview', () => {
  const input = { 'a.txt': lines(7), 'b.txt': lines(5) }

  it('the input is split into M pieces, a map task each, and reduces make R output files', async () => {
    const w = await createPaperWorld({ seed: '3.1' })
    const status = await w.runExact('word-count', input, { ...A_LINE_A_TASK, reducers: 3 })
    const splits = w.assigned('map').flatMap(({ message }) => message.splits).sort((a, b) => compareText(a.file, b.file) || a.offset - b.offset)
    expect(splits.map(({ file, offset, length }) => ({ file, offset, length }))).toEqual(
      Object.entries({ 'a.txt': 7, 'b.txt': 5 }).flatMap(([file, count]) => Array.from({ length: count }, (_, i) => ({ file, offset: i * LINE_BYTES, length: LINE_BYTES }))))
    expect(status).toMatchObject({ maps: { total: 12, attempts: 12 }, reduces: { total: 3, attempts: 3 } })
    expect(w.files.list(status.result!)!.map(({ name }) => name)).toEqual(['part-r-00000', 'part-r-00001', 'part-r-00002'])
  })

  it('a key belongs to the partition hash(key) mod R', async () => {
    const w = await createPaperWorld({ seed: '3.1 hash' })
    const output = parts(w, await w.run('word-count', { 'a.txt': lines(40) }, { reducers: 5 }))
    expect(output.flatMap(keys)).toHaveLength(42)
    for (const [partition, part] of output.entries()) for (const key of keys(part)) expect({ key, partition: hash(key) % 5 }).toEqual({ key, partition })
  })
})

describe('3.2 master data structures', () => {
  it('each task is idle, in progress at a known worker, or completed', async () => {
    const w = await createPaperWorld({ seed: '3.2', mappers: 3, executeMs: mapTakes(1000) })
    const job = await w.submit('master', 'word-count', { 'a.txt': lines(8) }, A_LINE_A_TASK)
    const seen = new Set<string>()
    await w.clock.runUntil(() => {
      const { state, maps, reduces } = w.status(job)
      for (const { total, pending, running, committed, failed } of [maps, reduces]) expect(pending + running + committed + failed).toBe(total)
      const runningAt = (role: string): number => w.lead('master').status().workers.filter(worker => worker.role === role).reduce((sum, worker) => sum + worker.running, 0)
      // An attempt that is about to end is in progress, and holds no slot; nor does a reduce whose output is on its way to the master.
      expect(runningAt('mapper')).toBeLessThanOrEqual(maps.running)
      expect(maps.running).toBeLessThanOrEqual(2 * 3)
      expect(runningAt('reducer')).toBeLessThanOrEqual(reduces.running)
      seen.add([maps.pending, maps.running, maps.committed].join(' '))
      return state === 'succeeded'
    }, 60_000)
    // Eight tasks on three slots.
    expect([...seen]).toEqual(expect.arrayContaining(['5 3 0', '2 3 3', '0 2 6', '0 0 8']))
  })

  it('locations and sizes of the R regions of each map are pushed, as it completes, to reduces in progress', async () => {
    const w = await createPaperWorld({ seed: '3.2 pushed', executeMs: mapTakes(1000) })
    const sizes = new Map<string, number | undefined>()
    w.network.onDelivery(({ cargo }) => {
      if (cargo.kind === 'request' && cargo.message.type === 'runsCommitted') for (const { run } of cargo.message.runs) sizes.set(run.cid, w.files.content(run.cid)?.length)
    })
    const job = await w.submit('master', 'word-count', { 'a.txt': lines(6) }, { ...A_LINE_A_TASK, reducers: 2 })
    await w.ended('master', job)
    const made = new Map(w.completed('map').map(({ from, message: { ref, runs } }) => [ref.task, { from, runs }]))
    for (const reducer of ['r1', 'r2']) {
      const pushes = w.requests('runsCommitted').filter(({ to }) => to === reducer)
      expect(pushes.flatMap(({ message: { runs, empty } }) => [...runs.map(({ run }) => run.mapTask), ...empty]).sort()).toEqual([0, 1, 2, 3, 4, 5])
      // Two mappers take three turns, and the reduces hear of each.
      expect(pushes.length).toBeGreaterThanOrEqual(3)
      expect(pushes[0]!.atMs).toBeLessThan(w.completed('map').at(-1)!.atMs - 1000)
      for (const { run, providers } of pushes.flatMap(({ message }) => message.runs)) {
        const { from, runs } = made.get(run.mapTask)!
        expect(providers).toEqual([w.network.address(from)])
        expect(runs).toContainEqual(run)
        expect({ cid: run.cid, bytes: run.bytes }).toEqual({ cid: run.cid, bytes: sizes.get(run.cid) })
      }
    }
  })
})

describe('3.3 worker failure', () => {
  it('a worker that is not heard of for a while has failed: what it runs goes to another', async () => {
    const w = await createPaperWorld({ seed: '3.3', executeMs: mapTakes(60_000), timing: NO_BACKUPS })
    const job = await w.submit('master', 'word-count', { 'a.txt': lines(1) }, A_LINE_A_TASK)
    await w.clock.runUntil(() => w.status(job).records >= 0 && w.assigned('map').length === 1, 10_000)
    const [first] = w.assigned('map')
    await w.clock.advance(5000)
    const silentMs = w.clock.now()
    loseHeartbeats(w, first!.to)
    await w.clock.runUntil(() => w.assigned('map').length === 2, 60_000, 'assigned again')
    expect(w.clock.now() - silentMs).toBeGreaterThanOrEqual(LEASE - HEARTBEAT)
    expect(w.clock.now() - silentMs).toBeLessThanOrEqual(LEASE + SWEEP)
    expect(w.assigned('map')[1]!.to).not.toBe(first!.to)
    await w.expectExact(job, { 'a.txt': lines(1) })
  })

  it('map tasks that a dead worker had completed run again where their runs are missed, and no others', async () => {
    const w = await createPaperWorld({ seed: '3.3 maps', mappers: 3, reducers: 0 })
    const input = { 'a.txt': lines(9) }
    const job = await w.submit('master', 'word-count', input, A_LINE_A_TASK)
    await allMapped(w, job)
    const lost = w.completed('map').filter(({ from }) => from === 'm1').map(({ message }) => message.ref.task)
    expect(lost.length).toBeGreaterThan(0)
    destroy(w, 'm1')
    for (const name of ['r1', 'r2']) w.worker(name, ['master'])
    await w.expectExact(job, input)
    const again = w.assigned('map').slice(9)
    expect(again.map(({ message }) => message.ref.task).sort()).toEqual(lost.sort())
    expect(again.map(({ to }) => to)).not.toContain('m1')
  })

  it('reduce tasks that a dead worker had completed do not: their output is the master\'s too', async () => {
    const w = await createPaperWorld({ seed: '3.3 reduces', executeMs: ({ kind, task }) => kind === 'reduce' && task === 1 ? 20_000 : 50, timing: NO_BACKUPS })
    const input = { 'a.txt': lines(9) }
    const job = await w.submit('master', 'word-count', input, { reducers: 2 })
    await w.clock.runUntil(() => w.status(job).reduces.committed === 1, 60_000, 'one reduce has committed')
    destroy(w, w.completed('reduce')[0]!.from)
    const status = await w.expectExact(job, input)
    expect(status).toMatchObject({ reduces: { attempts: 2, failedAttempts: 0 }, maps: { attempts: status.maps.total } })
  })

  it('reducers that have not read from the worker that failed read from the one that ran the map again', async () => {
    const w = await createPaperWorld({ seed: '3.3 told', mappers: 1, executeMs: ({ kind }) => kind === 'map' ? 50 : 30_000, timing: NO_BACKUPS })
    const heard = loseRequests(w, 'runsCommitted', 'r2')
    const blocks = blocksFromMappers(w)
    const input = { 'a.txt': lines(20) }
    const job = await w.submit('master', 'word-count', input, { chunkBytes: 4096, reducers: 2 })
    await w.attempting('r1', 'executing')
    destroy(w, 'm1')
    w.worker('m2', ['master'])
    heard()
    const status = await w.expectExact(job, input)
    expect(blocks).toEqual(['m1 -> r1', 'm2 -> r2'])
    expect(w.requests('runsCommitted').at(-1)).toMatchObject({ message: { runs: [{ providers: [w.network.address('m2')] }] } })
    // Who had read goes on with what it read.
    expect(status).toMatchObject({ maps: { attempts: 2 }, reduces: { attempts: 2 } })
  })

  it('a job survives the failure of half of all machines at once', async () => {
    const w = await createPaperWorld({ seed: '3.3 large', mappers: 8, reducers: 4, executeMs: mapTakes(1000) })
    const input = { 'a.txt': lines(40) }
    const job = await w.submit('master', 'word-count', input, { ...A_LINE_A_TASK, reducers: 4 })
    await w.clock.runUntil(() => w.status(job).maps.committed >= 20, 60_000, 'half of the maps')
    for (const name of ['m1', 'm2', 'm3', 'm4', 'r1', 'r2']) destroy(w, name)
    const status = await w.expectExact(job, input)
    expect(status.maps.attempts).toBeGreaterThan(40)
  })
})

describe('3.3 master failure', () => {
  it('a new copy starts from the last checkpoint, and runs nothing again that it names', async () => {
    const w = await createPaperWorld({ seed: '3.3 master', mappers: 0, reducers: 0, executeMs: mapTakes(3000), timing: { checkpointMs: 5000 } })
    const input = { 'a.txt': lines(20) }
    w.master('copy')
    for (const name of ['m1', 'm2', 'm3', 'r1', 'r2']) w.worker(name, ['master', 'copy'])
    await w.clock.advance(1000)
    const job = await w.submit('master', 'word-count', input, A_LINE_A_TASK)
    await w.clock.runUntil(() => w.status(job).checkpoint !== undefined && w.status(job).maps.committed >= 12, 120_000, 'a checkpoint')
    await w.clock.advance(1000)
    const checkpoint = w.status(job).checkpoint!
    const { maps } = w.files.record(checkpoint) as { maps: string[] }
    const done = maps.flatMap(page => w.files.record(page) as Array<{ type: string, task: number }>).filter(({ type }) => type === 'opened').map(({ task }) => task)
    expect(done.length).toBeGreaterThanOrEqual(6)
    destroy(w, 'master')
    await w.settled(w.client().request(w.network.address('copy'), { type: 'resumeJob', cluster: 'simulated', checkpoint, providers: [] }))
    await w.expectExact(job, input, 'copy')
    const again = w.assigned('map').filter(({ from }) => from === 'copy').map(({ message }) => message.ref.task)
    expect(again.filter(task => done.includes(task))).toEqual([])
    expect(again.length).toBe(20 - done.length)
  })

  it('the master itself, started again, goes on where it was: what it writes down is its journal', async () => {
    const w = await createJournaledPaperWorld({ seed: '3.3 journal', executeMs: mapTakes(3000) })
    const input = { 'a.txt': lines(10) }
    const job = await w.submit('master', 'word-count', input, A_LINE_A_TASK)
    await w.clock.runUntil(() => w.status(job).maps.committed >= 5, 60_000, 'half of the maps')
    await w.restart(10_000)
    const status = await w.expectExact(job, input)
    expect(status).toMatchObject({ maps: { attempts: 10 }, reduces: { attempts: 2 } })
  })
})

describe('3.3 semantics in the presence of failures', () => {
  const input = { 'a.txt': lines(16) }
  const options = { ...A_LINE_A_TASK, reducers: 3 }

  it('of a deterministic program: the output of a run full of faults is that of one without', async () => {
    const { result } = await (await createPaperWorld({ seed: 'sound' })).run('word-count', input, options)
    let failed = 0
    for (let seed = 0; seed < 8; seed++) {
      const w = await createPaperWorld({ seed: `faults ${seed}`, mappers: 3, reducers: 3, executeMs: (_, random) => 300 + random.int(1500) })
      const job = await w.submit('master', 'word-count', input, options)
      await storm(w, ['m1', 'm2', 'm3', 'r1', 'r2', 'r3'])
      const status = await w.expectExact(job, input)
      expect({ seed, result: status.result }).toEqual({ seed, result })
      failed += status.maps.failedAttempts + status.reduces.failedAttempts
    }
    expect(failed).toBeGreaterThan(8)
  })

  for (const kind of ['map', 'reduce'] as const) it(`the commit of a ${kind} task is atomic: of two executions that complete, one counts`, async () => {
    const w = await createPaperWorld({
      seed: `twice ${kind}`, mappers: 3, reducers: 3, timing: NO_BACKUPS,
      // The other task keeps the job going.
      executeMs: work => work.kind !== kind ? 50 : work.task === 1 ? 90_000 : 3000
    })
    const text = { 'a.txt': lines(kind === 'map' ? 2 : 8) }
    const job = await w.submit('master', 'word-count', text, { ...A_LINE_A_TASK, reducers: 2 })
    await w.clock.runUntil(() => w.assigned(kind, 0).length === 1, 60_000, 'task 0 is assigned')
    const { to: first } = w.assigned(kind, 0)[0]!
    const heard = isolate(w, first)
    await w.clock.runUntil(() => w.commits(kind, 0) === 1, 60_000, 'the second execution has committed')
    heard()
    await w.expectExact(job, text)
    expect(new Set(w.completed(kind, 0).map(({ from }) => from)).size).toBe(2)
    expect(w.commits(kind, 0)).toBe(1)
    const other = w.completed(kind, 0)[0]!.from
    expect(other).not.toBe(first)
    if (kind === 'map') {
      const told = w.requests('runsCommitted').flatMap(({ message }) => message.runs).filter(({ run }) => run.mapTask === 0)
      expect(new Set(told.flatMap(({ providers }) => providers))).toEqual(new Set([w.network.address(other)]))
    }
  })

  it('of a program that is not: each output file is that of one sequential execution, though not of the same', async () => {
    const w = await createPaperWorld({ seed: 'whimsical', reducers: 1, programs: { whimsical: whimsical() } })
    const job = await w.submit('master', 'whimsical', { 'a.txt': 'x' }, { reducers: 2 })
    await w.clock.runUntil(() => w.status(job).reduces.committed === 1, 60_000, 'one reduce has committed')
    destroy(w, w.completed('map')[0]!.from)
    for (const name of ['m3', 'm4']) w.worker(name, ['master'])
    const status = await w.ended('master', job)
    const values = parts(w, status).map(part => [...new Set(part.trim().split('\n').map(line => line.split(' ')[1]))])
    expect(values.map(({ length }) => length)).toEqual([1, 1])
    expect(parts(w, status).flatMap(keys)).toHaveLength(40)
    expect(values[0]).not.toEqual(values[1])
    expect(status.warnings).toContainEqual(expect.stringMatching(/not deterministic/))
  })
})

describe('3.4 locality', () => {
  it('a map task is run where its input is: all of it is read locally, and takes no network', async () => {
    const w = await createPaperWorld({ seed: '3.4', mappers: 4, slots: 4 })
    const fetched = inputFetched(w)
    const local = await w.run('word-count', { 'a.txt': lines(8) }, { ...A_LINE_A_TASK, holders: ['m2', 'm3'] })
    expect(local).toMatchObject({ localSplits: 8, remoteSplits: 0 })
    expect(new Set(w.assigned('map').map(({ to }) => to))).toEqual(new Set(['m2', 'm3']))
    expect(fetched.of(local)).toEqual([])
    const elsewhere = await w.run('word-count', { 'a.txt': lines(16).slice(8 * LINE_BYTES) }, A_LINE_A_TASK)
    expect(elsewhere).toMatchObject({ localSplits: 0, remoteSplits: 8 })
    expect(fetched.of(elsewhere).length).toBeGreaterThanOrEqual(8)
  })

  it('each task by itself: a task of one file is placed at its holder, one of another at that one\'s', async () => {
    const w = await createPaperWorld({ seed: '3.4 each', slots: 8 })
    const fetched = inputFetched(w)
    const input = { 'a.txt': lines(4), 'b.txt': lines(8).slice(4 * LINE_BYTES) }
    for (const [mapper, text] of [['m1', input['a.txt']], ['m2', input['b.txt']]] as const) await w.files.addFile(mapper, new TextEncoder().encode(text), LINE_BYTES)
    const status = await w.run('word-count', input, A_LINE_A_TASK)
    expect(status).toMatchObject({ localSplits: 8, remoteSplits: 0 })
    for (const { to, message: { splits } } of w.assigned('map')) expect([to, splits[0]!.file]).toEqual([to, to === 'm1' ? 'a.txt' : 'b.txt'])
    // The last task of a.txt reads on into nothing, and no line of b.txt.
    expect(fetched.of(status)).toEqual([])
  })

  it('where no holder has a free slot, another worker does it', async () => {
    const w = await createPaperWorld({ seed: '3.4 busy', executeMs: mapTakes(1000) })
    const status = await w.run('word-count', { 'a.txt': lines(8) }, { ...A_LINE_A_TASK, holders: ['m1'] })
    expect(status).toMatchObject({ localSplits: 4, remoteSplits: 4 })
  })
})

describe('3.5 task granularity', () => {
  it('many tasks for each worker balance the load: one four times as fast does four times as many', async () => {
    const w = await createPaperWorld({ seed: '3.5', timing: NO_BACKUPS, mappers: 0 })
    w.worker('m1', ['master'], { executeMs: mapTakes(1000) })
    w.worker('m2', ['master'], { executeMs: mapTakes(4000) })
    await w.clock.advance(1000)
    const startMs = w.clock.now()
    const job = await w.submit('master', 'word-count', { 'a.txt': lines(25) }, A_LINE_A_TASK)
    await allMapped(w, job)
    const ofFast = w.assigned('map').filter(({ to }) => to === 'm1').length
    expect(ofFast).toBeGreaterThanOrEqual(18)
    // As long as both take together, and not as long as half of the tasks take the slow one.
    expect(w.clock.now() - startMs).toBeLessThan(25_000)
  })

  it('the map tasks that a dead worker had completed are spread over all the others', async () => {
    const w = await createPaperWorld({ seed: '3.5 spread', mappers: 5, reducers: 0, executeMs: mapTakes(1000), timing: NO_BACKUPS })
    const input = { 'a.txt': lines(40) }
    const job = await w.submit('master', 'word-count', input, A_LINE_A_TASK)
    await allMapped(w, job)
    expect(w.completed('map').filter(({ from }) => from === 'm1')).toHaveLength(8)
    destroy(w, 'm1')
    w.worker('r1', ['master'])
    w.worker('r2', ['master'])
    await w.expectExact(job, input)
    expect(w.assigned('map').slice(40).map(({ to }) => to).sort()).toEqual(['m2', 'm2', 'm3', 'm3', 'm4', 'm4', 'm5', 'm5'])
  })
})

describe('3.6 backup tasks', () => {
  const input = { 'a.txt': lines(48) }

  /** Maps of a second on eight mappers, one of which has a bad disk. */
  async function run (timing: { backupMs: number }) {
    const w = await createPaperWorld({ seed: '3.6', mappers: 0, timing })
    for (let i = 1; i <= 8; i++) w.worker(`m${i}`, ['master'], { executeMs: mapTakes(i === 8 ? 100_000 : 1000) })
    await w.clock.advance(1000)
    const startMs = w.clock.now()
    const status = await w.run('word-count', input, A_LINE_A_TASK)
    return { w, status, ms: w.clock.now() - startMs }
  }

  it('near the end of the maps, what is still in progress is run again elsewhere, and either execution completes it', async () => {
    const without = await run(NO_BACKUPS)
    const { w, status, ms } = await run({ backupMs: 2000 })
    // The paper's sort took 44 % longer without, and its backups cost a few percent.
    expect(without.status.maps).toMatchObject({ attempts: 48, backups: 0 })
    expect(without.ms).toBeGreaterThan(100_000)
    expect(status.maps).toMatchObject({ attempts: 49, backups: 1, failedAttempts: 0 })
    expect(ms).toBeLessThan(15_000)
    const [straggler, backup] = w.assigned('map', w.assigned('map').find(({ to }) => to === 'm8')!.message.ref.task)
    expect(straggler!.to).toBe('m8')
    // Near the end: no task waited any more, so all but those of seven other mappers had completed.
    expect(w.completed('map').filter(({ atMs }) => atMs < backup!.atMs).length).toBeGreaterThanOrEqual(48 - 8)
    await expectSequential(w, status, input)
    expect(status.result).toBe(without.status.result)
  })
})
