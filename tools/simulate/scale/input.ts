import type { Files } from '@ipfs-mapreduce/mapreduce'
import { fakeCid } from './cids.ts'
import type { ScaleClock } from './clock.ts'
import type { Meter } from './meter.ts'

/** Bytes of one leaf of the input. */
export const LEAF_BYTES = 1024 * 1024
/** What a read or a write of the master's store takes. */
const DISK_MS = 1
/** Leaves that a store gives at a time: those of one inner node, 174 in a DAG of kubo's. */
const LEAVES_PER_NODE = 174

/** Spaces of fake CIDs. */
export const CID_SPACES = { input: 1, leaf: 2, record: 3, directory: 4, run: 5, output: 6 }

export interface FilesCounts {
  leaves: number
  pins: number
  records: number
}

/** A store that holds one input of so many leaves, and counts what is written to it instead of keeping it. */
export function createFiles ({ leaves, clock, meter }: { leaves: number, clock: ScaleClock, meter: Meter }): { files: Files, counts: FilesCounts, input: string } {
  const counts: FilesCounts = { leaves: 0, pins: 0, records: 0 }
  const input = fakeCid('raw', CID_SPACES.input, 0)
  const kind = meter.kind('master', 'answer of its store')
  const io = async (): Promise<void> => { await new Promise<void>(resolve => { clock.after(DISK_MS, kind, resolve) }) }
  const never = (what: string): never => { throw new Error(`a master does not ${what}`) }
  const files: Files = {
    async * walk () {
      await io()
      yield { path: 'input', cid: input, bytes: leaves * LEAF_BYTES }
    },
    async * leaves () {
      for (let leaf = 0; leaf < leaves; leaf++) {
        if (leaf % LEAVES_PER_NODE === 0) await io()
        counts.leaves++
        yield { cid: fakeCid('raw', CID_SPACES.leaf, leaf), offset: leaf * LEAF_BYTES, bytes: LEAF_BYTES }
      }
    },
    async fetch () {
      await io()
      return { blocks: 0, bytes: 0 }
    },
    async pin () {
      await io()
      counts.pins++
      return { blocks: 0, bytes: 0 }
    },
    unpin: io,
    remove: io,
    async directory () {
      await io()
      return fakeCid('raw', CID_SPACES.directory, 0)
    },
    async putRecord () {
      await io()
      return fakeCid('cbor', CID_SPACES.record, counts.records++)
    },
    read: () => never('read files'),
    has: () => never('ask which blocks it holds'),
    put: () => never('put files'),
    getRecord: () => never('read records')
  }
  return { files, counts, input }
}
