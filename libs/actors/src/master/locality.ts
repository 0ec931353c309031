import type { TaskRecord, TaskTable } from './task-table.ts'
import type { Log } from '../components.ts'
import type { Network } from '@ipfs-mapreduce/protocol'

/** Block CIDs in one question: bounded by what the codec lets through. */
const CIDS_PER_QUERY = 8192

/** Asks one mapper which of the tasks' blocks it holds. A mapper that does not answer holds nothing. */
export async function locate (network: Network, log: Log, table: TaskTable, tasks: TaskRecord[], mapper: string): Promise<void> {
  for (const batch of batches(tasks)) {
    try {
      const answer = await network.request(mapper, { type: 'blocksQuery', cids: batch.flatMap(({ sample }) => sample) })
      if (answer.type !== 'blocksHeld') throw new TypeError(`a blocksQuery was answered by ${answer.type}`)
      let at = 0
      for (const record of batch) {
        const held = answer.held.slice(at, at += record.sample.length)
        if (held.length > 0 && held.every(Boolean)) table.hold(record, mapper)
      }
    } catch (error) {
      log.debug({ mapper, error: String(error) }, 'a mapper did not say which blocks it holds')
      return
    }
  }
}

function * batches (tasks: TaskRecord[]): Generator<TaskRecord[]> {
  let batch: TaskRecord[] = []
  let cids = 0
  for (const record of tasks) {
    if (cids + record.sample.length > CIDS_PER_QUERY) {
      yield batch
      batch = []
      cids = 0
    }
    batch.push(record)
    cids += record.sample.length
  }
  if (batch.length > 0) yield batch
}
