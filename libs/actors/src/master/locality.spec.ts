import { describe, expect, it } from '@jest/globals'
import { MAX_ASKED, Survey } from './locality.ts'
import { TaskTable, type TaskRecord } from './task-table.ts'
import type { Log } from '../components.ts'
import type { Message, Network } from '@ipfs-mapreduce/protocol'

const log: Log = { debug () {}, info () {}, warn () {}, error () {} }
const NOBODY = (): boolean => false

function tableOf (samples: string[][]): TaskTable {
  const table = new TaskTable('map')
  for (const sample of samples) table.add([], sample)
  return table
}

/** Mappers that answer by what they hold; one without an answer is gone. */
function cluster (holds: (mapper: string, cid: string) => boolean | undefined): { network: Network, asked: Array<{ mapper: string, cids: string[] }> } {
  const asked: Array<{ mapper: string, cids: string[] }> = []
  const request = async (mapper: string, message: Message): Promise<Message> => {
    if (message.type !== 'blocksQuery') throw new TypeError(message.type)
    asked.push({ mapper, cids: message.cids })
    const held = message.cids.map(cid => holds(mapper, cid))
    if (held.includes(undefined)) throw new Error('unreachable')
    return { type: 'blocksHeld', held: held as boolean[] }
  }
  return { network: { request } as Partial<Network> as Network, asked }
}

const names = (n: number): string[] => Array.from({ length: n }, (_, i) => `m${i}`)
const holdersOf = ({ records }: TaskTable): string[][] => records.map(({ holders }: TaskRecord) => holders)

describe('survey of who holds the blocks', () => {
  it('counts a mapper as holder of a task where it holds the whole sample', async () => {
    const table = tableOf([['a', 'b'], ['b', 'c'], [], ['c']])
    const { network } = cluster((mapper, cid) => mapper === 'm0' ? cid !== 'a' : cid === 'a' || cid === 'b')
    await new Survey({ network, log, table }).planned(table.records, ['m0', 'm1'])
    expect(holdersOf(table)).toEqual([['m1'], ['m0'], [], ['m0']])
  })

  it('takes a mapper that does not answer, or answers too little, for one that holds nothing', async () => {
    const table = tableOf([['a'], ['b']])
    const network = { request: async (mapper: string) => mapper === 'm0' ? { type: 'blocksHeld', held: [true] } : { type: 'ack' } } as Partial<Network> as Network
    await new Survey({ network, log, table }).planned(table.records, ['m0', 'm1'])
    expect(holdersOf(table)).toEqual([['m0'], []])
  })

  it('asks every mapper of a small cluster about every task, and of a large one so many at most', async () => {
    const table = tableOf(names(4).map(name => [name]))
    const small = cluster(NOBODY)
    await new Survey({ network: small.network, log, table }).planned(table.records, names(MAX_ASKED))
    expect(small.asked).toHaveLength(MAX_ASKED)
    const large = cluster(NOBODY)
    const survey = new Survey({ network: large.network, log, table })
    const mappers = names(3 * MAX_ASKED)
    for (const record of table.records) await survey.planned([record], mappers)
    expect(large.asked).toHaveLength(4 * MAX_ASKED)
    expect(new Set(large.asked.map(({ mapper }) => mapper)).size).toBe(3 * MAX_ASKED)
  })

  it('asks those of a large cluster that held much about the next tasks too', async () => {
    const rich = 'm7'
    const table = tableOf(names(20).map(name => [name]))
    const { network } = cluster(mapper => mapper === rich)
    const survey = new Survey({ network, log, table })
    for (const record of table.records) await survey.planned([record], names(3 * MAX_ASKED))
    expect(holdersOf(table)).toEqual(table.records.map(() => [rich]))
  })

  it('asks one that joins a small cluster about all that waits, and one of many no further than it holds much', async () => {
    const samples = names(1500).map(name => [name])
    const inSmall = tableOf(samples)
    inSmall.take(NOBODY)
    const { network, asked } = cluster(NOBODY)
    await new Survey({ network, log, table: inSmall }).joined('new', MAX_ASKED)
    expect(asked.flatMap(({ cids }) => cids)).toEqual(samples.slice(1).flat())
    const ofMany = cluster(NOBODY)
    await new Survey({ network: ofMany.network, log, table: tableOf(samples) }).joined('new', MAX_ASKED + 1)
    expect(ofMany.asked.map(({ cids }) => cids.length)).toEqual([512])
    const holder = cluster(() => true)
    const table = tableOf(samples)
    await new Survey({ network: holder.network, log, table }).joined('new', MAX_ASKED + 1)
    expect(holdersOf(table)).toEqual(samples.map(() => ['new']))
  })

  it('stops asking one that does not answer', async () => {
    const { network, asked } = cluster(() => undefined)
    await new Survey({ network, log, table: tableOf(names(20_000).map(name => [name])) }).joined('new', 1)
    expect(asked).toHaveLength(1)
  })
})
