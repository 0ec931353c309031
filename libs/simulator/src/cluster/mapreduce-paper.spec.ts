import { describe, expect, it } from '@jest/globals'
import { defineProgram, sum, type InputFormat } from '@ipfs-mapreduce/mapreduce'
import { wordCount } from '@ipfs-mapreduce/programs'
import type { JobStatus } from '@ipfs-mapreduce/protocol'
import { DEFAULT_TIMING } from '@ipfs-mapreduce/state-machines'
import { compareText } from '../files/text-order.ts'
import { createVirtualJournals } from '../journal/virtual-journals.ts'
import { A_LINE_A_TASK, createPaperWorld, expectSequential, hash, keys, LINE_BYTES, lines, parts, type PaperWorld } from './paper.spec.support.ts'

/**
 * "MapReduce: Simplified Data Processing on Large Clusters" (Dean and Ghemawat, OSDI 2004), promise by promise in its
 * order, after etcd raft's `raft_paper_test.go`. Where the system keeps a promise in another way, the test's name says so.
 */

const { heartbeatMs: HEARTBEAT, leaseMs: LEASE, advertMs: SWEEP } = DEFAULT_TIMING
/** No attempt is slow enough for a backup. */
const NO_BACKUPS = { backupMs: 100_000_000 }

/** `map` takes so long, `reduce` 50 ms. */
const mapTakes = (ms: number) => ({ kind }: { kind: string }): number => kind === 'map' ? ms : 50

/** The blocks of a job's input that have crossed the network to one of its mappers, from now on. */
function inputFetched (w: PaperWorld): { of: (status: JobStatus) => string[] } {
  const fetched: string[] = []
  w.network.onDelivery(({ to, cargo }) => { if (cargo.kind === 'block' && to.startsWith('m') && to !== 'master') fetched.push(cargo.cid) })
  return { of: ({ spec }) => fetched.filter(cid => w.files.below('client', spec.input).includes(cid)) }
}

async function allMapped (w: PaperWorld, job: string): Promise<void> {
  await w.clock.runUntil(() => w.status(job).maps.total > 0 && w.status(job).maps.committed === w.status(job).maps.total, 600_000, 'all maps have committed')
}

describe('3.1 execution overview', () => {
  const input = { 'a.txt': lines(7), 'b.txt': lines(5) }

  it('the input is split into M pieces, a map task each, and reduces make R output files', async () => {
    const w = await createPaperWorld({ seed: '3.1' })
    const status = await w.ended('master', await w.submit('master', 'word-count', input, { ...A_LINE_A_TASK, reducers: 3 }))
    const splits = w.assigned('map').flatMap(({ message }) => message.splits).sort((a, b) => compareText(a.file, b.file) || a.offset - b.offset)
    expect(splits.map(({ file, offset, length }) => ({ file, offset, length }))).toEqual(
      Object.entries({ 'a.txt': 7, 'b.txt': 5 }).flatMap(([file, count]) => Array.from({ length: count }, (_, i) => ({ file, offset: i * LINE_BYTES, length: LINE_BYTES }))))
    expect(status).toMatchObject({ maps: { total: 12, attempts: 12 }, reduces: { total: 3, attempts: 3 } })
    expect(w.files.list(status.result!)!.map(({ name }) => name)).toEqual(['part-r-00000', 'part-r-00001', 'part-r-00002'])
    await expectSequential(w, status, input)
  })

  it('a key belongs to the partition hash(key) mod R', async () => {
    const w = await createPaperWorld({ seed: '3.1 hash' })
    const output = parts(w, await w.ended('master', await w.submit('master', 'word-count', { 'a.txt': lines(40) }, { reducers: 5 })))
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
      expect(runningAt('mapper')).toBe(maps.running)
      // A reduce whose output is on its way to the master is in progress, and holds no slot.
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
    w.network.intercept(({ from, cargo }) => from === first!.to && cargo.kind === 'gossip' ? { drop: true } : undefined)
    await w.clock.runUntil(() => w.assigned('map').length === 2, 60_000, 'assigned again')
    expect(w.clock.now() - silentMs).toBeGreaterThanOrEqual(LEASE - HEARTBEAT)
    expect(w.clock.now() - silentMs).toBeLessThanOrEqual(LEASE + SWEEP)
    expect(w.assigned('map')[1]!.to).not.toBe(first!.to)
    await expectSequential(w, await w.ended('master', job), { 'a.txt': lines(1) })
  })

  it('map tasks that a dead worker had completed run again where their runs are missed, and no others', async () => {
    const w = await createPaperWorld({ seed: '3.3 maps', mappers: 3, reducers: 0 })
    const input = { 'a.txt': lines(9) }
    const job = await w.submit('master', 'word-count', input, A_LINE_A_TASK)
    await allMapped(w, job)
    const lost = w.completed('map').filter(({ from }) => from === 'm1').map(({ message }) => message.ref.task)
    expect(lost.length).toBeGreaterThan(0)
    w.destroy('m1')
    for (const name of ['r1', 'r2']) w.worker(name, ['master'])
    const status = await w.ended('master', job)
    const again = w.assigned('map').slice(9)
    expect(again.map(({ message }) => message.ref.task).sort()).toEqual(lost.sort())
    expect(again.map(({ to }) => to)).not.toContain('m1')
    await expectSequential(w, status, input)
  })

  it('reduce tasks that a dead worker had completed do not: their output is the master\'s too', async () => {
    const w = await createPaperWorld({ seed: '3.3 reduces', executeMs: ({ kind, task }) => kind === 'reduce' && task === 1 ? 20_000 : 50, timing: NO_BACKUPS })
    const input = { 'a.txt': lines(9) }
    const job = await w.submit('master', 'word-count', input, { reducers: 2 })
    await w.clock.runUntil(() => w.status(job).reduces.committed === 1, 60_000, 'one reduce has committed')
    w.destroy(w.completed('reduce')[0]!.from)
    const status = await w.ended('master', job)
    expect(status).toMatchObject({ reduces: { attempts: 2, failedAttempts: 0 }, maps: { attempts: status.maps.total } })
    await expectSequential(w, status, input)
  })

  it('reducers that have not read from the worker that failed read from the one that ran the map again', async () => {
    const w = await createPaperWorld({ seed: '3.3 told', mappers: 1, executeMs: ({ kind }) => kind === 'map' ? 50 : 30_000, timing: NO_BACKUPS })
    const heard = w.network.intercept(({ to, cargo }) => to === 'r2' && cargo.kind === 'request' && cargo.message.type === 'runsCommitted' ? { drop: true } : undefined)
    const blocks: string[] = []
    w.network.onDelivery(({ from, to, cargo }) => { if (cargo.kind === 'block' && from.startsWith('m') && from !== 'master') blocks.push(`${from} -> ${to}`) })
    const input = { 'a.txt': lines(20) }
    const job = await w.submit('master', 'word-count', input, { chunkBytes: 4096, reducers: 2 })
    await w.clock.runUntil(() => w.get('r1').status().attempts[0]?.state === 'executing', 60_000, 'r1 has read')
    w.destroy('m1')
    w.worker('m2', ['master'])
    heard()
    const status = await w.ended('master', job)
    expect(blocks).toEqual(['m1 -> r1', 'm2 -> r2'])
    expect(w.requests('runsCommitted').at(-1)).toMatchObject({ message: { runs: [{ providers: [w.network.address('m2')] }] } })
    // Who had read goes on with what it read.
    expect(status).toMatchObject({ maps: { attempts: 2 }, reduces: { attempts: 2 } })
    await expectSequential(w, status, input)
  })

  it('a job survives the failure of half of all machines at once', async () => {
    const w = await createPaperWorld({ seed: '3.3 large', mappers: 8, reducers: 4, executeMs: mapTakes(1000) })
    const input = { 'a.txt': lines(40) }
    const job = await w.submit('master', 'word-count', input, { ...A_LINE_A_TASK, reducers: 4 })
    await w.clock.runUntil(() => w.status(job).maps.committed >= 20, 60_000, 'half of the maps')
    for (const name of ['m1', 'm2', 'm3', 'm4', 'r1', 'r2']) w.destroy(name)
    const status = await w.ended('master', job)
    expect(status.maps.attempts).toBeGreaterThan(40)
    await expectSequential(w, status, input)
  })
})

describe('3.3 master failure', () => {
  it('a new copy starts from the last checkpoint, and runs nothing again that it names', async () => {
    const w = await createPaperWorld({ seed: '3.3 master', mappers: 0, reducers: 0, executeMs: mapTakes(3000), timing: { checkpointMs: 5000 } })
    const input = { 'a.txt': lines(20) }
    const workers = ['m1', 'm2', 'm3', 'r1', 'r2']
    w.master('copy')
    for (const name of workers) w.worker(name, ['master', 'copy'])
    await w.clock.advance(1000)
    const job = await w.submit('master', 'word-count', input, A_LINE_A_TASK)
    await w.clock.runUntil(() => w.status(job).checkpoint !== undefined && w.status(job).maps.committed >= 12, 120_000, 'a checkpoint')
    await w.clock.advance(1000)
    const checkpoint = w.status(job).checkpoint!
    const { maps } = w.files.record(checkpoint) as { maps: string[] }
    const done = maps.flatMap(page => w.files.record(page) as Array<{ type: string, task: number }>).filter(({ type }) => type === 'opened').map(({ task }) => task)
    expect(done.length).toBeGreaterThanOrEqual(6)
    w.destroy('master')
    await w.settled(w.client().request(w.network.address('copy'), { type: 'resumeJob', cluster: 'simulated', checkpoint, providers: [] }))
    const status = await w.ended('copy', job)
    const again = w.assigned('map').filter(({ from }) => from === 'copy').map(({ message }) => message.ref.task)
    expect(again.filter(task => done.includes(task))).toEqual([])
    expect(again.length).toBe(20 - done.length)
    await expectSequential(w, status, input)
  })

  it('the master itself, started again, goes on where it was: what it writes down is its journal', async () => {
    const w = await createPaperWorld({ seed: '3.3 journal', mappers: 0, reducers: 0, executeMs: mapTakes(3000) })
    const journals = createVirtualJournals({ clock: w.clock, random: w.random.fork('journals') })
    w.network.crash('master')
    w.master('master', { journal: journals.open, random: w.random.fork('first life') })
    for (const name of ['m1', 'm2', 'r1', 'r2']) w.worker(name, ['master'])
    const input = { 'a.txt': lines(10) }
    const job = await w.submit('master', 'word-count', input, A_LINE_A_TASK)
    await w.clock.runUntil(() => w.status(job).maps.committed >= 5, 60_000, 'half of the maps')
    w.network.crash('master')
    await w.clock.advance(10_000)
    w.master('master', { journal: journals.open, random: w.random.fork('second life') })
    const status = await w.ended('master', job)
    expect(status).toMatchObject({ maps: { attempts: 10 }, reduces: { attempts: 2 } })
    await expectSequential(w, status, input)
  })
})

describe('3.3 semantics in the presence of failures', () => {
  const input = { 'a.txt': lines(16) }
  const options = { ...A_LINE_A_TASK, reducers: 3 }

  it('of a deterministic program: the output of a run full of faults is that of one without', async () => {
    const sound = await createPaperWorld({ seed: 'sound' })
    const { result } = await sound.ended('master', await sound.submit('master', 'word-count', input, options))
    let failed = 0
    for (let seed = 0; seed < 8; seed++) {
      const w = await createPaperWorld({ seed: `faults ${seed}`, mappers: 3, reducers: 3, executeMs: (_, random) => 300 + random.int(1500) })
      const job = await w.submit('master', 'word-count', input, options)
      const calm = w.network.intercept(({ from, to }) => from !== 'client' && to !== 'client' && w.random.chance(0.1) ? { drop: true } : undefined)
      for (let i = 0; i < 3; i++) {
        await w.clock.advance(500 + w.random.int(2000))
        const victim = w.random.pick(['m1', 'm2', 'm3', 'r1', 'r2', 'r3'])
        w.destroy(victim)
        await w.clock.advance(w.random.int(2000))
        w.worker(victim, ['master'])
      }
      calm()
      const status = await w.ended('master', job)
      await expectSequential(w, status, input)
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
    w.network.intercept(({ to, cargo }) => to === first && cargo.kind === 'request' && cargo.message.type === 'attemptAborted' ? { drop: true } : undefined)
    const heard = w.network.intercept(({ from, cargo }) => from === first && (cargo.kind === 'gossip' || (cargo.kind === 'request' && cargo.message.type === 'attemptCompleted')) ? { drop: true } : undefined)
    await w.clock.runUntil(() => w.commits(kind, 0) === 1, 60_000, 'the second execution has committed')
    heard()
    const status = await w.ended('master', job)
    expect(new Set(w.completed(kind, 0).map(({ from }) => from)).size).toBe(2)
    expect(w.commits(kind, 0)).toBe(1)
    const other = w.completed(kind, 0)[0]!.from
    expect(other).not.toBe(first)
    if (kind === 'map') {
      const told = w.requests('runsCommitted').flatMap(({ message }) => message.runs).filter(({ run }) => run.mapTask === 0)
      expect(new Set(told.flatMap(({ providers }) => providers))).toEqual(new Set([w.network.address(other)]))
    }
    await expectSequential(w, status, text)
  })

  it('of a program that is not: each output file is that of one sequential execution, though not of the same', async () => {
    let lives = 0
    const whimsical = defineProgram<'lines', string, number>({
      input: 'lines',
      map (_, emit) {
        lives++
        for (let i = 0; i < 40; i++) emit(`k${i}`, lives)
      },
      reduce (key, values, emit) { emit(key, sum(values)) }
    })
    const w = await createPaperWorld({ seed: 'whimsical', reducers: 1, programs: { whimsical } })
    const job = await w.submit('master', 'whimsical', { 'a.txt': 'x' }, { reducers: 2 })
    await w.clock.runUntil(() => w.status(job).reduces.committed === 1, 60_000, 'one reduce has committed')
    w.destroy(w.completed('map')[0]!.from)
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
    const local = await w.ended('master', await w.submit('master', 'word-count', { 'a.txt': lines(8) }, { ...A_LINE_A_TASK, holders: ['m2', 'm3'] }))
    expect(local).toMatchObject({ localSplits: 8, remoteSplits: 0 })
    expect(new Set(w.assigned('map').map(({ to }) => to))).toEqual(new Set(['m2', 'm3']))
    expect(fetched.of(local)).toEqual([])
    const elsewhere = await w.ended('master', await w.submit('master', 'word-count', { 'a.txt': lines(16).slice(8 * LINE_BYTES) }, A_LINE_A_TASK))
    expect(elsewhere).toMatchObject({ localSplits: 0, remoteSplits: 8 })
    expect(fetched.of(elsewhere).length).toBeGreaterThanOrEqual(8)
  })

  it('each task by itself: a task of one file is placed at its holder, one of another at that one\'s', async () => {
    const w = await createPaperWorld({ seed: '3.4 each', slots: 8 })
    const fetched = inputFetched(w)
    const input = { 'a.txt': lines(4), 'b.txt': lines(8).slice(4 * LINE_BYTES) }
    for (const [mapper, text] of [['m1', input['a.txt']], ['m2', input['b.txt']]] as const) await w.files.addFile(mapper, new TextEncoder().encode(text), LINE_BYTES)
    const status = await w.ended('master', await w.submit('master', 'word-count', input, A_LINE_A_TASK))
    expect(status).toMatchObject({ localSplits: 8, remoteSplits: 0 })
    for (const { to, message: { splits } } of w.assigned('map')) expect([to, splits[0]!.file]).toEqual([to, to === 'm1' ? 'a.txt' : 'b.txt'])
    // The last task of a.txt reads on into nothing, and no line of b.txt.
    expect(fetched.of(status)).toEqual([])
  })

  it('where no holder has a free slot, another worker does it', async () => {
    const w = await createPaperWorld({ seed: '3.4 busy', executeMs: mapTakes(1000) })
    const status = await w.ended('master', await w.submit('master', 'word-count', { 'a.txt': lines(8) }, { ...A_LINE_A_TASK, holders: ['m1'] }))
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
    w.destroy('m1')
    w.worker('r1', ['master'])
    w.worker('r2', ['master'])
    const status = await w.ended('master', job)
    expect(w.assigned('map').slice(40).map(({ to }) => to).sort()).toEqual(['m2', 'm2', 'm3', 'm3', 'm4', 'm4', 'm5', 'm5'])
    await expectSequential(w, status, input)
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
    const status = await w.ended('master', await w.submit('master', 'word-count', input, A_LINE_A_TASK))
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

describe('4.1 partitioning function', () => {
  it('a program may have its own, such as hash(hostname(url)) mod R: a host\'s URLs end up in one file', async () => {
    const byUrl = defineProgram<'lines', string, number>({
      input: 'lines',
      map: ({ value }, emit) => { emit(value, 1) },
      reduce: (url, counts, emit) => { emit(url, sum(counts)) }
    })
    const byHost = defineProgram<'lines', string, number>({ ...byUrl, partition: (url, reducers) => hash(new URL(url).hostname) % reducers })
    const input = { 'urls.txt': Array.from({ length: 60 }, (_, i) => `https://host${i % 7}.example/page/${i}\n`).join('') }
    const w = await createPaperWorld({ seed: '4.1', programs: { byUrl, byHost } })
    const filesOfHost = async (program: string): Promise<number[]> => {
      const status = await w.ended('master', await w.submit('master', program, input, { reducers: 4 }))
      await expectSequential(w, status, input)
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
    const ordered = defineProgram<'lines', string, number>({
      input: 'lines',
      map: ({ value, offset }, emit) => { for (const word of value.split(' ')) emit(word, offset) },
      reduce (word, offsets, emit) {
        reduced.push(word)
        emit(word, [...offsets])
      }
    })
    // Each map task sees another end of the list first.
    const input = { 'a.txt': words.map((_, i) => [...words.slice(i), ...words.slice(0, i)].join(' ')).join('\n') }
    const w = await createPaperWorld({ seed: '4.2', programs: { ordered } })
    const status = await w.ended('master', await w.submit('master', 'ordered', input, { chunkBytes: 16, reducers: 1 }))
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
    const run = async (program: string): Promise<JobStatus> => await w.ended('master', await w.submit('master', program, input, { chunkBytes: 256 }))
    const [combined, uncombined] = [await run('word-count'), await run('plain')]
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
    const echo = defineProgram({
      input: format,
      map: ({ value, file, offset }, emit) => { emit(offset, JSON.stringify([file, (value as unknown) instanceof Uint8Array ? [...value as Uint8Array] : value])) },
      reduce: (offset, values, emit) => { for (const value of values) emit(offset, value) }
    })
    const w = await createPaperWorld({ seed: '4.4', programs: { echo } })
    const status = await w.ended('master', await w.submit('master', 'echo', { 'a.in': text }, { chunkBytes: 5 }))
    const read = parts(w, status).flatMap(part => part.split('\n').slice(0, -1)).map(line => [Number(line.split(' ')[0]), JSON.parse(line.slice(line.indexOf(' ') + 1))] as const)
    expect(read.sort(([a], [b]) => a - b)).toEqual(records.map(([offset, value]) => [offset, ['a.in', value]]))
  })
})

describe('4.5 side effects', () => {
  it('output is atomic and idempotent: its CID is there whole or not at all, also where the master dies as it commits', async () => {
    const input = { 'a.txt': lines(12) }
    const sound = await createPaperWorld({ seed: '4.5' })
    const { result } = await sound.ended('master', await sound.submit('master', 'word-count', input, { reducers: 3 }))
    const whole = sound.files.below('master', result!).length
    let killed = 0
    for (let killMs = 0; killMs <= 400; killMs += 50) {
      const w = await createPaperWorld({ seed: `4.5 ${killMs}`, mappers: 0, reducers: 0, diskMs: 50 })
      const journals = createVirtualJournals({ clock: w.clock, random: w.random.fork('journals') })
      w.network.crash('master')
      w.master('master', { journal: journals.open, random: w.random.fork('first life') })
      for (const name of ['m1', 'm2', 'r1', 'r2']) w.worker(name, ['master'])
      await w.clock.advance(1000)
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
      w.network.crash('master')
      w.master('master', { journal: journals.open, random: w.random.fork('second life') })
      await w.clock.advance(100)
      await run(() => w.status(job).state === 'succeeded')
      expect({ killMs, result: w.status(job).result, held: held() }).toEqual({ killMs, result, held: whole })
    }
    expect(killed).toBeGreaterThan(3)
  })
})

describe('4.6 skipping bad records', () => {
  const picky = defineProgram<'lines', string, number>({
    ...wordCount,
    map (record, emit, context) {
      if (/ab$|ad$/.test(record.value)) throw new TypeError('a bug in a library')
      wordCount.map(record, emit, context)
    }
  })
  const input = { 'a.txt': lines(8) }

  it('records that make the program throw are skipped, so that the job goes on, and are told of', async () => {
    const w = await createPaperWorld({ seed: '4.6', programs: { picky } })
    const status = await w.ended('master', await w.submit('master', 'picky', input, { ...A_LINE_A_TASK, skipBadRecords: 2 }))
    await expectSequential(w, status, input)
    expect(parts(w, status).flatMap(keys).sort()).toEqual(['aa', 'ac', 'ae', 'af', 'ag', 'ah', 'the', 'whale'])
    expect(status.counters).toMatchObject({ 'map.input.records': 8, 'map.skipped.records': 2 })
    expect([...status.skipped].sort((a, b) => a.offset! - b.offset!)).toEqual([1, 3].map(line => ({ file: 'a.txt', offset: line * LINE_BYTES, message: expect.stringMatching(/a bug in a library/) as unknown })))
  })

  it('one more than may be skipped fails the job, also where each task has few', async () => {
    const w = await createPaperWorld({ seed: '4.6 too many', programs: { picky } })
    const status = await w.ended('master', await w.submit('master', 'picky', input, { ...A_LINE_A_TASK, skipBadRecords: 1 }))
    expect(status).toMatchObject({ state: 'failed', failure: { code: 'PROGRAM' }, reason: expect.stringMatching(/a bug in a library/) })
  })
})

describe('4.7 local execution', () => {
  it('a sequential run of a program on one machine gives the bytes that the cluster gives', async () => {
    const w = await createPaperWorld({ seed: '4.7', mappers: 3 })
    const input = { 'a.txt': lines(9), 'deep/b.txt': 'Call me Ishmael.\r\nthe whale 鯨\n\nno newline' }
    for (const [program, args] of [['word-count', {}], ['inverted-index', {}], ['grep', { pattern: 'whale' }]] as const) {
      const status = await w.ended('master', await w.submit('master', program, input, { chunkBytes: 10, reducers: 3, args }))
      expect(parts(w, status).join('')).toContain('whale')
      await expectSequential(w, status, input)
    }
  })
})

describe('4.8 status information', () => {
  it('tells how far a job is, and which workers have failed and what they ran then', async () => {
    const w = await createPaperWorld({ seed: '4.8', executeMs: mapTakes(2000), timing: NO_BACKUPS })
    const input = { 'a.txt': lines(8) }
    const job = await w.submit('master', 'word-count', input, A_LINE_A_TASK)
    await w.clock.runUntil(() => w.status(job).maps.committed === 2 && w.status(job).maps.running === 2, 60_000, 'a quarter')
    await w.clock.advance(HEARTBEAT)
    const answer = await w.settled(w.client().request('master', { type: 'statusQuery', job }))
    expect(answer).toMatchObject({
      type: 'status',
      jobs: [{ job, state: 'running', maps: { total: 8, committed: 2, running: 2, pending: 4 }, inputBytes: 8 * LINE_BYTES, records: 2, counters: { 'map.input.records': 2, 'map.input.bytes': 2 * LINE_BYTES, 'map.output.records': 6 } }]
    })
    const { workers } = answer as Extract<typeof answer, { type: 'status' }>
    const victim = workers.find(({ peer }) => peer === 'm1')!
    expect(victim).toMatchObject({ role: 'mapper', running: 1, attempts: [{ ref: { job, kind: 'map' }, state: 'executing' }] })
    const { task } = victim.attempts[0]!.ref
    w.destroy('m1')
    const status = await w.ended('master', job)
    const { maps: pages } = w.files.record(status.record!) as { maps: string[] }
    const { tasks } = w.files.record(pages[0]!) as { tasks: unknown[] }
    expect(tasks[task]).toMatchObject({ task, attempts: [{ worker: 'm1', outcome: 'lost', failure: expect.stringMatching(/worker m1/) }, { worker: 'm2', outcome: 'completed' }] })
    expect(status.phases.map(({ name }) => name).sort()).toEqual(['commit', 'map', 'plan', 'reduce', 'total'])
    await expectSequential(w, status, input)
  })
})

describe('4.9 counters', () => {
  const counting = defineProgram<'lines', string, number>({
    input: 'lines',
    map ({ value }, emit, { count }) {
      for (const word of value.split(' ')) {
        if (/^[A-Z]/.test(word)) count('uppercase')
        emit(word, 1)
      }
    },
    combine: (word, counts, emit) => { emit(word, sum(counts)) },
    reduce (word, counts, emit, { count }) {
      count('words')
      emit(word, sum(counts))
    }
  })
  const input = { 'a.txt': lines(12).replaceAll('whale', 'Whale') }
  const options = { ...A_LINE_A_TASK, reducers: 2 }
  const exact = { 'user.uppercase': 12, 'user.words': 14, 'map.input.records': 12, 'map.output.records': 36, 'reduce.output.records': 14 }

  it('a program\'s own and the system\'s are exact where tasks are executed again', async () => {
    const w = await createPaperWorld({ seed: '4.9', mappers: 3, reducers: 0, programs: { counting } })
    const job = await w.submit('master', 'counting', input, options)
    await allMapped(w, job)
    expect(w.status(job).counters).toMatchObject({ 'user.uppercase': 12 })
    w.destroy('m1')
    w.worker('r1', ['master'])
    const status = await w.ended('master', job)
    expect(status.maps.attempts).toBeGreaterThan(12)
    expect(status.counters).toMatchObject(exact)
    await expectSequential(w, status, input)
  })

  it('and where backups are: of two executions that complete, one is counted', async () => {
    // The reduces keep the job going while the straggler, which is not reached, ends what was made long ago.
    const w = await createPaperWorld({ seed: '4.9 backup', mappers: 0, programs: { counting }, executeMs: () => 60_000 })
    for (const [name, ms] of [['m1', 1000], ['m2', 1000], ['m3', 30_000]] as const) w.worker(name, ['master'], { executeMs: () => ms })
    w.network.intercept(({ to, cargo }) => to === 'm3' && cargo.kind === 'request' && cargo.message.type === 'attemptAborted' ? { drop: true } : undefined)
    await w.clock.advance(1000)
    const status = await w.ended('master', await w.submit('master', 'counting', input, options))
    expect(status.maps).toMatchObject({ backups: 1, attempts: 13 })
    const twice = w.completed('map').map(({ message }) => message.ref.task).filter((task, i, all) => all.indexOf(task) !== i)
    expect(twice).toHaveLength(1)
    expect(status.counters).toMatchObject(exact)
    await expectSequential(w, status, input)
  })
})
