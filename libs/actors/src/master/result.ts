import type { TaskTable } from './task-table.ts'
import type { Counters, Datum, Files, JobSpec } from '@ipfs-mapreduce/mapreduce'

/** Tasks in one block of a job record: about 64 KiB. */
const TASKS_PER_PAGE = 256

export interface JobRecordInit {
  job: string
  spec: JobSpec
  maps: TaskTable
  reduces: TaskTable
  counters: Counters
  startedMs: number
  endedMs: number
  /** Is told, and waited for, before anything is pinned. */
  onPin: (cids: string[]) => Promise<void>
}

/** `part-r-00000` and so on, as Hadoop names them. */
export function partName (partition: number): string {
  return `part-r-${String(partition).padStart(5, '0')}`
}

/**
 * Writes the result, a directory of the parts, and the job record beside it, and pins both. The result's CID depends on
 * the parts alone; the record tells how this job made them.
 */
export async function storeResult (files: Files, init: JobRecordInit): Promise<{ result: string, record: string, pages: string[] }> {
  const result = await files.directory(init.reduces.records.map(({ task, answer }) => ({ name: partName(task), ...answer!.output! })))
  const maps = await taskPages(files, init.job, init.maps)
  const reduces = await taskPages(files, init.job, init.reduces)
  const record = await files.putRecord(jobRecord(init, { result, maps, reduces }))
  const pages = [...maps, ...reduces]
  await init.onPin([result, record, ...pages])
  for (const cid of [result, ...pages, record]) await files.pin(cid)
  return { result, record, pages }
}

function jobRecord ({ job, spec, counters, startedMs, endedMs }: JobRecordInit, parts: { result: string, maps: string[], reduces: string[] }): Datum {
  return { version: 1, job, ...parts, startedMs, endedMs, spec: { ...spec }, counters: { ...counters } }
}

/** Tasks and attempts as pages of their own, by CID: a record of any number of tasks stays one small block. */
async function taskPages (files: Files, job: string, { kind, records }: TaskTable): Promise<string[]> {
  const pages: string[] = []
  for (let at = 0; at < records.length; at += TASKS_PER_PAGE) {
    const tasks = records.slice(at, at + TASKS_PER_PAGE).map(({ task, splits, answer, attempts }) => ({
      task,
      ...splits.length > 0 && { splits: splits.map(split => ({ ...split })) },
      ...answer !== undefined && answer.runs.length > 0 && { runs: answer.runs.map(run => ({ ...run })) },
      ...answer?.output !== undefined && { output: answer.output },
      attempts: attempts.map(({ attempt, worker, outcome, failure }) => ({ attempt, worker, outcome, ...failure !== undefined && { failure: failure.message } }))
    }))
    // A job's own, as it says: what is equal of two jobs would be unpinned with the first.
    pages.push(await files.putRecord({ job, kind, tasks }))
  }
  return pages
}
