import { describe, expect, it } from '@jest/globals'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import { locate } from './locate.ts'

const never = new AbortController().signal
const cids = await Promise.all(Array.from({ length: 50 }, async (_, n) => CID.createV1(raw.code, await sha256.digest(Uint8Array.of(n)))))
const held = cids.map((_, n) => n % 3 === 0)
const isHeld = (cid: CID): boolean => held[cids.findIndex(one => one.equals(cid))]!
const silence = async (): Promise<boolean> => await new Promise(() => {})

async function * listed (among: readonly CID[]): AsyncGenerator<CID> {
  for (const cid of among) {
    await Promise.resolve()
    yield cid
  }
}

describe('which of many blocks are there', () => {
  it('is told by the list of all, where questions for each take longer', async () => {
    // A list names blocks by their hashes, whatever codec they were asked by.
    const asked = cids.map((cid, n) => n % 2 === 0 ? cid : CID.createV1(0x70, cid.multihash))
    expect(await locate(asked, { has: silence, list: () => listed(cids.filter(isHeld)), maxAsking: 4, headStartMs: 1, signal: never })).toEqual(held)
  })

  it('is told by questions for each, where the list takes longer or is refused, so many at once', async () => {
    let now = 0
    let most = 0
    const has = async (cid: CID): Promise<boolean> => {
      most = Math.max(most, ++now)
      await Promise.resolve()
      now--
      return isHeld(cid)
    }
    const endless = async function * (): AsyncGenerator<CID> {
      yield cids[0]!
      await silence()
    }
    const refused = async function * (): AsyncGenerator<CID> { throw new Error('no') }
    for (const list of [endless, refused]) expect(await locate(cids, { has, list, maxAsking: 4, headStartMs: 1, signal: never })).toEqual(held)
    expect(most).toBe(4)
  })

  it('needs no more of the list than it takes to find all, and stops it', async () => {
    let stopped: AbortSignal | undefined
    const list = async function * (signal: AbortSignal): AsyncGenerator<CID> {
      stopped = signal
      yield * cids
      throw new Error('read on')
    }
    expect(await locate([...cids, cids[0]!], { has: silence, list, maxAsking: 1, headStartMs: 1, signal: never })).toEqual([...cids, 0].map(() => true))
    expect(stopped?.aborted).toBe(true)
  })

  it('is no, where it is not known in time', async () => {
    const late = new AbortController()
    const list = async function * (signal: AbortSignal): AsyncGenerator<CID> {
      yield cids[0]!
      late.abort(new Error('too late'))
      signal.throwIfAborted()
    }
    expect(await locate(cids, { has: async cid => isHeld(cid) && late.signal.aborted, list, maxAsking: 1, headStartMs: 1, signal: late.signal })).toEqual(cids.map((_, n) => n === 0))
  })
})
