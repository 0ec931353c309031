import { failureOf } from '../failure.ts'
import { storeResult } from './result.ts'
import type { JobJournal } from './job-journal.ts'
import type { JobPins } from './job-pins.ts'
import type { Progress } from './progress.ts'
import type { TaskTable } from './task-table.ts'
import type { MasterComponents } from '../components.ts'
import type { JobEntry } from '../history.ts'
import type { JobSpec } from '@ipfs-mapreduce/mapreduce'

export interface ResultCommitInit {
  job: string
  spec: JobSpec
  /** All tasks have committed. */
  maps: TaskTable
  reduces: TaskTable
  progress: Progress
  journal: JobJournal
  pins: JobPins
  components: MasterComponents
  /** What is known of the job from before the master's restart. */
  history?: JobEntry[]
  signal: AbortSignal
  /** Told of what went wrong that is no failure of the job. */
  warn: (message: string) => void
}

type Stored = Omit<Extract<JobEntry, { type: 'stored' }>, 'type'>

/** Stores a job's result and its record, unless an earlier life of the master has, and leaves them pinned. Rejects with what storing throws. */
export async function commitResult (init: ResultCommitInit): Promise<{ result: string, record: string }> {
  const { result, record, pages } = init.history?.find(entry => entry.type === 'stored') ?? await store(init)
  init.pins.leave([result, record, ...pages])
  await keep(result, init)
  return { result, record }
}

async function store ({ job, spec, maps, reduces, progress, journal, pins, components: { files, clock } }: ResultCommitInit): Promise<Stored> {
  const stored = await storeResult(files, {
    job, spec, maps, reduces, counters: progress.counters, startedMs: progress.startedMs, endedMs: clock.now(),
    onPin: async cids => {
      await journal.write({ type: 'pinned', cids })
      pins.add(cids)
    }
  })
  await journal.write({ type: 'stored', ...stored })
  return stored
}

/** The result is this master's already: what cannot be brought elsewhere is no failure of the job. */
async function keep (result: string, { components, signal, warn }: ResultCommitInit): Promise<void> {
  try {
    await components.keepResult?.(result, { signal })
  } catch (error) {
    warn(`the result ${result} is kept by the master alone: ${failureOf(error).message}`)
  }
}
