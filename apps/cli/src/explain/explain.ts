import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HeliaFiles } from '@ipfs-mapreduce/blocks'
import { planMapTasks } from '@ipfs-mapreduce/mapreduce'
import type { FileEntry, InputFormat, PlanFile, ReadOptions, Split } from '@ipfs-mapreduce/mapreduce'
import type { WorkerStatus } from '@ipfs-mapreduce/protocol'
import { createClosers } from '@ipfs-mapreduce/service'
import { askStatus } from '../client/ask.ts'
import { openClient, openOffline, providerOf, reachMaster } from '../client/client.ts'
import { janitor } from '../cluster/janitor.ts'
import { refuseAbsent } from '../content/absence.ts'
import { prepareInput } from '../input/prepare.ts'
import { holdersOf } from '../job/holders.ts'
import { loadProgram } from '../job/load-program.ts'
import { checkRequest } from '../job/run.ts'
import type { RunOptions } from '../job/run.ts'
import type { GivenContext } from '../job/scope.ts'
import { askHolders } from './holders.ts'
import type { Holder } from './holders.ts'

/** What of a split's blocks one holder has. */
export interface Holding { holder: string, blocks: number }

export interface ExplainedTask {
  task: number
  bytes: number
  blocks: number
  splits: Array<{ file: string, offset: number, length: number }>
  /** Those that hold blocks of it, who holds most first. Its attempt is offered to one that holds all. */
  holders: Holding[]
}

/** What `ipmr run` would do. */
export interface Explanation {
  program: { name: string, cid: string, bytes: number, input: InputFormat, partition: 'hash' | 'range' | 'function' }
  input: { cid: string, files: number, bytes: number }
  maps: ExplainedTask[]
  reducers: number
  /** Who would run it: the workers of the master, or of the local cluster that would be started. */
  workers: { mappers: number, reducers: number, slots: number, local: boolean }
}

/** Plans a job as its master would, and asks who holds its blocks; maps nothing. Local inputs are added, as for a run. */
export async function explainJob (options: RunOptions, { report, interrupt: { signal }, log }: GivenContext, localReducers: number): Promise<Explanation> {
  const { source, inputs } = await checkRequest(options)
  const closers = createClosers(log)
  try {
    const dir = await mkdtemp(join(tmpdir(), 'ipmr-explain-'))
    closers.add('temporary directory', janitor(dir).clean)
    report.step('reading the program')
    const program = await loadProgram(source, dir, log)
    const site = await openSite(options, { log, closers, signal, localReducers })
    const { files, reading } = site
    const prepared = await prepareInput(files, inputs, { ...reading, chunkBytes: options.chunkBytes, report, dataDir: options.dataDir, connect: options.connect })
    report.step('planning')
    if (options.connect === undefined) await refuseAbsent(files, prepared, options)
    const { entries, tasks } = await planned(files, prepared, program.input, options.splitBytes, reading)
    const { cid } = await files.put([program.bundle])
    report.step('asking who holds the blocks')
    return {
      program: { name: program.name, cid, bytes: program.bundle.length, input: program.input, partition: program.partition },
      input: { cid: prepared, files: entries.length, bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0) },
      maps: explained(tasks, await site.holders([...new Set(tasks.flat().flatMap(({ blocks }) => blocks))])),
      reducers: options.reducers,
      workers: site.workers
    }
  } finally {
    report.done()
    await closers.close()
  }
}

interface Site {
  files: HeliaFiles
  reading: ReadOptions
  workers: Explanation['workers']
  holders: (blocks: string[]) => Promise<Holder[]>
}

interface Opening extends Pick<GivenContext, 'log'> {
  closers: ReturnType<typeof createClosers>
  signal: AbortSignal
  localReducers: number
}

async function openSite (options: RunOptions, { log, closers, signal, localReducers }: Opening): Promise<Site> {
  const { connect, cluster, dataDir, listen, swarmKey, allow, ipfs, mappers, slots } = options
  if (connect === undefined) {
    const { files } = await openOffline(dataDir, log, closers, ipfs)
    const holders = async (blocks: string[]): Promise<Holder[]> => [{ name: 'this machine', held: held(blocks, await files.has(blocks)) }]
    return { files, reading: { signal }, holders, workers: { mappers, reducers: localReducers, slots: (mappers + localReducers) * slots, local: true } }
  }
  const { files, network } = await openClient({ connect, cluster, dataDir, listen, swarmKey, allow, ipfs }, log, closers)
  const link = await reachMaster(network, connect, signal)
  const { workers } = await askStatus(link, undefined, signal)
  const ready = workers.filter(({ state }) => state === 'ready')
  const count = (role: WorkerStatus['role']): number => ready.filter(worker => worker.role === role || worker.role === 'worker').length
  return {
    files,
    reading: { signal, providers: [providerOf(link), ...await holdersOf(link, signal)] },
    holders: async blocks => [
      ...await askHolders(network, ready.filter(({ role }) => role !== 'reducer'), blocks, signal),
      { name: 'this machine', held: held(blocks, await files.has(blocks)) }
    ],
    workers: { mappers: count('mapper'), reducers: count('reducer'), slots: ready.reduce((sum, worker) => sum + worker.slots, 0), local: false }
  }
}

function held (blocks: string[], has: boolean[]): Set<string> {
  return new Set(blocks.filter((_, index) => has[index]))
}

async function planned (files: HeliaFiles, input: string, format: InputFormat, splitBytes: number, reading: ReadOptions): Promise<{ entries: FileEntry[], tasks: Split[][] }> {
  const entries: FileEntry[] = []
  for await (const entry of files.walk(input, reading)) entries.push(entry)
  async function * withLeaves (): AsyncGenerator<PlanFile> {
    for (const entry of entries) yield { entry, leaves: files.leaves(entry.cid, { ...reading, bytes: entry.bytes }) }
  }
  const tasks: Split[][] = []
  for await (const task of planMapTasks(withLeaves(), { format, splitBytes, totalBytes: entries.reduce((sum, { bytes }) => sum + bytes, 0) })) tasks.push(task)
  return { entries, tasks }
}

function explained (tasks: Split[][], holders: Holder[]): ExplainedTask[] {
  return tasks.map((splits, task) => {
    const blocks = splits.flatMap(split => split.blocks)
    const holdings = holders.map(({ name, held }) => ({ holder: name, blocks: blocks.filter(block => held.has(block)).length }))
    return {
      task,
      bytes: splits.reduce((sum, { length }) => sum + length, 0),
      blocks: blocks.length,
      splits: splits.map(({ file, offset, length }) => ({ file, offset, length })),
      holders: holdings.filter(holding => holding.blocks > 0).sort((a, b) => b.blocks - a.blocks)
    }
  })
}
