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
}

/** `part-r-00000` and so on, as Hadoop names them. */
export function partName (partition: number): string {
  return `part-r-${String(partition).padStart(5, '0')}`
}

/**
 * Writes the result, a directory of the parts, and the job record beside it, and pins both. The result's CID depends on
 * the parts alone; the record tells how this job made them.
 */
export async function storeResult (files: Files, init: JobRecordInit): Promise<{ result: string, record: string }> {
  const result = await files.directory(init.reduces.records.map(({ task, answer }) => ({ name: partName(task), ...answer!.output! })))
  await files.pin(result)
  const record = await files.putRecord(await jobRecord(files, init, result))
  await files.pin(record)
  return { result, record }
}

async function jobRecord (files: Files, { job, spec, maps, reduces, counters, startedMs, endedMs }: JobRecordInit, result: string): Promise<Datum> {
  return {
    version: 1, job, result, startedMs, endedMs,
    spec: { ...spec },
    counters: { ...counters },
    maps: await taskPages(files, maps),
    reduces: await taskPages(files, reduces)
  }
}

/** Tasks and attempts as pages of their own, by CID: a record of any number of tasks stays one small block. */
async function taskPages (files: Files, { records }: TaskTable): Promise<string[]> {
  const pages: string[] = []
  for (let at = 0; at < records.length; at += TASKS_PER_PAGE) {
    const page = await files.putRecord(records.slice(at, at + TASKS_PER_PAGE).map(({ task, splits, answer, attempts }) => ({
      task,
      ...splits.length > 0 && { splits: splits.map(split => ({ ...split })) },
      ...answer !== undefined && answer.runs.length > 0 && { runs: answer.runs.map(run => ({ ...run })) },
      ...answer?.output !== undefined && { output: answer.output },
      attempts: attempts.map(({ attempt, worker, outcome, failure }) => ({ attempt, worker, outcome, ...failure !== undefined && { failure: failure.message } }))
    })))
    await files.pin(page)
    pages.push(page)
  }
  return pages
}
