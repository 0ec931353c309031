import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { Session } from 'node:inspector/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createFiles, MEMORY, openStore } from '@ipfs-mapreduce/blocks'
import type { HeliaFiles } from '@ipfs-mapreduce/blocks'
import { inProcessExecutor, planMapTasks } from '@ipfs-mapreduce/mapreduce'
import type { Bounds, FileEntry, Leaf, MapWork, Program, ReadContent, RunRef, SplitRange, TaskOutput } from '@ipfs-mapreduce/mapreduce'

/**
 * `tasks-main FILE`: runs the map tasks of a job and then its first reduce task in this process, as an executor does but with
 * scratch in memory, and writes `map.cpuprofile` and `reduce.cpuprofile`. An executor itself may not be inspected.
 */
export interface TasksInit {
  /** The block store, its input and the program's source. */
  store: string
  input: string
  program: string
  args: Record<string, string>
  reducers: number
  bounds?: Bounds
  /** Where profiles are written. */
  directory: string
}

/** Microseconds between samples. */
const SAMPLING_INTERVAL = 500

const init = JSON.parse(process.argv[2]!) as TasksInit
const { default: program } = await import(pathToFileURL(init.program).href) as { default: Program }
const store = await openStore(MEMORY, { readOnly: [join(init.store, 'blocks')] })
const files = await createFiles({ store })
const executor = inProcessExecutor({ load: async () => program })
const never = new AbortController().signal
const { args, reducers, bounds } = init

const runs = new Map<string, TaskOutput>()
const ofFirst: RunRef[] = []
const works = await mapWorks(files)
await profiled('map', async () => {
  for (const work of works) {
    const { outputs } = await executor.execute(work, { program: new Uint8Array(), read: (file, range) => files.read(file, range), signal: never })
    const run = outputs.find(({ partition }) => partition === 0)
    if (run === undefined) continue
    const cid = createHash('sha256').update(String(work.task)).digest('hex')
    runs.set(cid, run)
    ofFirst.push({ mapTask: work.task, cid, bytes: run.bytes })
  }
})
const readRun: ReadContent = (cid, { offset = 0 }) => {
  if (offset !== 0) throw new RangeError('a run is read from its beginning')
  return runs.get(cid)!.content()
}
await profiled('reduce', async () => {
  await executor.execute({ kind: 'reduce', task: 0, args, separator: ' ', runs: ofFirst, skipBadRecords: 0 }, { program: new Uint8Array(), read: readRun, signal: never })
})
process.exit()

async function mapWorks (files: HeliaFiles): Promise<MapWork[]> {
  const entries: FileEntry[] = []
  for await (const entry of files.walk(init.input)) entries.push(entry)
  const sizes = new Map(entries.map(({ path, bytes }) => [path, bytes]))
  async function * planned (): AsyncGenerator<{ entry: FileEntry, leaves: AsyncIterable<Leaf> }> {
    for (const entry of entries) yield { entry, leaves: files.leaves(entry.cid) }
  }
  const works: MapWork[] = []
  const totalBytes = entries.reduce((sum, { bytes }) => sum + bytes, 0)
  for await (const task of planMapTasks(planned(), { format: program.input, splitBytes: 0, totalBytes })) {
    const splits: SplitRange[] = task.map(({ file, cid, offset, length }) => ({ file, cid, offset, length, fileBytes: sizes.get(file)! }))
    works.push({ kind: 'map', task: works.length, reducers, args, splits, skipBadRecords: 0, ...(bounds === undefined ? {} : { bounds }) })
  }
  return works
}

async function profiled (name: string, run: () => Promise<void>): Promise<void> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLING_INTERVAL })
  await session.post('Profiler.start')
  await run()
  const { profile } = await session.post('Profiler.stop')
  session.disconnect()
  await writeFile(join(init.directory, `${name}.cpuprofile`), JSON.stringify(profile))
}
