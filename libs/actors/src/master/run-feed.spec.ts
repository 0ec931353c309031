import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { RunFeed } from './run-feed.ts'
import { TaskTable } from './task-table.ts'
import type { Log } from '../components.ts'
import type { Message, Network, Run, RunsCommitted } from '@ipfs-mapreduce/protocol'

const log: Log = { debug () {}, info () {}, warn () {}, error () {} }

/** Commits one map task for each list of partitions, which come in any order, and tells the reduce of `partition` of all. */
async function told (partitions: number[][], partition: number): Promise<RunsCommitted[]> {
  const maps = new TaskTable('map')
  for (const [mapTask, list] of partitions.entries()) {
    const runs = list.map((partition): Run => ({ mapTask, partition, cid: `run ${mapTask} ${partition}`, bytes: 1, records: 1 }))
    const record = maps.add([], [])
    record.answer = { attempt: 1, worker: 'm', runs, counters: [] }
    maps.commit(maps.take1(record))
  }
  const messages: RunsCommitted[] = []
  const all = Promise.withResolvers<void>()
  const request = async (_: string, message: Message): Promise<Message> => {
    if (message.type !== 'runsCommitted') throw new TypeError(message.type)
    messages.push(message)
    if (messages.reduce((sum, { runs, empty }) => sum + runs.length + empty.length, 0) === partitions.length) all.resolve()
    return { type: 'ack' }
  }
  const feed = new RunFeed({
    ref: { job: 'j', kind: 'reduce', task: partition, attempt: 1 }, worker: 'r', committed: [...partitions.keys()], maps, log,
    network: { request } as Partial<Network> as Network, providersOf: peer => [`/p2p/${peer}`], onDeaf: reason => { throw new Error(reason) }
  })
  feed.wake()
  await all.promise
  return messages
}

describe('run feed', () => {
  it('names the run of its partition of each map task, or that there is none', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.uniqueArray(fc.nat({ max: 9 })), { minLength: 1, maxLength: 8 }), fc.nat({ max: 9 }), async (partitions, partition) => {
      const messages = await told(partitions, partition)
      expect(messages.flatMap(({ runs }) => runs)).toEqual(partitions.flatMap((list, mapTask) => list.includes(partition)
        ? [{ run: { mapTask, partition, cid: `run ${mapTask} ${partition}`, bytes: 1, records: 1 }, providers: ['/p2p/m'] }]
        : []))
      expect(messages.flatMap(({ empty }) => empty)).toEqual(partitions.flatMap((list, mapTask) => list.includes(partition) ? [] : [mapTask]))
    }))
  })

  it('tells of many map tasks in several messages', async () => {
    const messages = await told(Array.from({ length: 2500 }, () => [0]), 0)
    expect(messages.map(({ runs }) => runs.length)).toEqual([1024, 1024, 452])
  })
})
