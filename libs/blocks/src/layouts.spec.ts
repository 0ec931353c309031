import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import * as dagPb from '@ipld/dag-pb'
import fc from 'fast-check'
import { UnixFS } from 'ipfs-unixfs'
import { importer } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { balanced, flat, trickle } from 'ipfs-unixfs-importer/layout'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { identity } from 'multiformats/hashes/identity'
import { sha256 } from 'multiformats/hashes/sha2'
import { createFiles } from './files.ts'
import { all, collect, failure } from './peers.spec.support.ts'
import { MEMORY, openStore } from './store.ts'
import type { HeliaFiles } from './files.ts'
import type { Store } from './store.ts'
import type { ImporterOptions } from 'ipfs-unixfs-importer'

const CHUNK = 16
const bytes = Buffer.from(Array.from({ length: 40 * CHUNK + 7 }, (_, i) => (i * 31) % 256))

/** Ways in which others lay out files; three children a node make forty leaves four levels deep. */
const LAYOUTS: Record<string, ImporterOptions> = {
  'balanced, raw leaves': { layout: balanced({ maxChildrenPerNode: 3 }) },
  'balanced, wrapped leaves': { layout: balanced({ maxChildrenPerNode: 3 }), rawLeaves: false },
  'balanced, CIDv0': { layout: balanced({ maxChildrenPerNode: 3 }), rawLeaves: false, cidVersion: 0 },
  'balanced, leaves of type raw': { layout: balanced({ maxChildrenPerNode: 3 }), rawLeaves: false, leafType: 'raw', reduceSingleLeafToSelf: false },
  'trickle, raw leaves': { layout: trickle({ maxChildrenPerNode: 3, layerRepeat: 2 }) },
  'trickle, wrapped leaves': { layout: trickle({ maxChildrenPerNode: 3, layerRepeat: 2 }), rawLeaves: false },
  'flat': { layout: flat() }
}

describe('files in every layout', () => {
  let store: Store
  let files: HeliaFiles
  beforeEach(async () => {
    store = await openStore(MEMORY)
    files = await createFiles({ store })
  })
  afterEach(async () => { await files.stop() })

  const lay = async (content: Uint8Array, options: ImporterOptions): Promise<string> => {
    for await (const { cid } of importer([{ content }], store.blockstore, { chunker: fixedSize({ chunkSize: CHUNK }), ...options })) return `${cid}`
    throw new Error('nothing was stored')
  }
  const node = async (data: UnixFS, links: dagPb.PBLink[] = []): Promise<CID> => {
    const block = dagPb.encode(dagPb.prepare({ Data: data.marshal(), Links: links }))
    return await store.blockstore.put(CID.createV1(dagPb.code, await sha256.digest(block)), block)
  }

  for (const [name, options] of Object.entries(LAYOUTS)) {
    describe(name, () => {
      it('are read whole and in any range', async () => {
        const cid = await lay(bytes, options)
        expect(bytes.equals(await collect(files.read(cid)))).toBe(true)
        await fc.assert(fc.asyncProperty(fc.nat(bytes.length + 20), fc.nat(bytes.length + 20), async (offset, length) => {
          expect(bytes.subarray(offset, offset + length).equals(await collect(files.read(cid, { offset, length })))).toBe(true)
        }), { numRuns: 60 })
      })

      it('have leaves that tile them, found without reading one', async () => {
        const cid = await lay(bytes, options)
        const leaves = await all(files.leaves(cid))
        expect(leaves.map(leaf => leaf.bytes)).toEqual([...Array.from({ length: 40 }, () => CHUNK), 7])
        expect(leaves.map(leaf => leaf.offset)).toEqual(leaves.map((_, i) => i * CHUNK))
        for (const leaf of leaves) await store.blockstore.delete(CID.parse(leaf.cid))
        expect(await all(files.leaves(cid))).toEqual(leaves)
        expect((await failure(collect(files.read(cid)))).error).toMatchObject({ code: 'BLOCK_UNAVAILABLE' })
      })

      it('are one leaf, or none, where they are small', async () => {
        const small = await lay(bytes.subarray(0, 5), options)
        expect((await all(files.leaves(small))).map(leaf => [leaf.offset, leaf.bytes])).toEqual([[0, 5]])
        expect(bytes.subarray(0, 5).equals(await collect(files.read(small)))).toBe(true)
        const empty = await lay(new Uint8Array(0), options)
        expect(await all(files.leaves(empty))).toEqual([])
        expect((await collect(files.read(empty))).byteLength).toBe(0)
      })

      it('are pinned and removed whole', async () => {
        const cid = await lay(bytes, options)
        await files.pin(cid)
        await files.remove(cid)
        expect(bytes.equals(await collect(files.read(cid)))).toBe(true)
        await files.unpin(cid)
        await files.remove(cid)
        expect((await all(store.blockstore.getAll())).length).toBe(0)
      })
    })
  }

  it('reads bytes that lie in the CID itself', async () => {
    const cid = `${CID.createV1(0x55, identity.digest(bytes.subarray(0, 30)))}`
    expect(bytes.subarray(3, 9).equals(await collect(files.read(cid, { offset: 3, length: 6 })))).toBe(true)
    expect(await all(files.leaves(cid))).toEqual([{ cid, offset: 0, bytes: 30 }])
    expect(await files.has([cid])).toEqual([true])
    await files.pin(cid)
  })

  it('reads a node that has bytes of its own before its links\'', async () => {
    const leaf = await lay(bytes.subarray(5, 12), {})
    const cid = await node(new UnixFS({ type: 'file', data: bytes.subarray(0, 5), blockSizes: [7n] }), [{ Hash: CID.parse(leaf), Name: '', Tsize: 7 }])
    expect(await all(files.leaves(`${cid}`))).toEqual([{ cid: `${cid}`, offset: 0, bytes: 5 }, { cid: leaf, offset: 5, bytes: 7 }])
    expect(bytes.subarray(3, 11).equals(await collect(files.read(`${cid}`, { offset: 3, length: 8 })))).toBe(true)
  })

  describe('that are not right', () => {
    const bad = async (cid: CID): Promise<void> => {
      expect((await failure(collect(files.read(`${cid}`)))).error).toMatchObject({ name: 'MapReduceError', code: 'BAD_INPUT' })
    }

    it('are refused: a leaf that belies its parent', async () => {
      const leaf = CID.parse(await lay(bytes.subarray(0, 12), {}))
      await bad(await node(new UnixFS({ type: 'file', blockSizes: [13n] }), [{ Hash: leaf, Name: '', Tsize: 13 }]))
    })

    it('are refused: an inner node that belies its parent', async () => {
      const inner = CID.parse(await lay(bytes, {}))
      await bad(await node(new UnixFS({ type: 'file', blockSizes: [13n] }), [{ Hash: inner, Name: '', Tsize: 5000 }]))
      await bad(await node(new UnixFS({ type: 'file', blockSizes: [BigInt(bytes.length)] }), [{ Hash: inner, Name: '', Tsize: bytes.length }]))
    })

    it('are refused: links without sizes', async () => {
      const leaf = CID.parse(await lay(bytes.subarray(0, 12), {}))
      await bad(await node(new UnixFS({ type: 'file' }), [{ Hash: leaf, Name: '', Tsize: 12 }]))
    })

    it('are refused: a symbolic link, a node that is not UnixFS, a DAG without end', async () => {
      await bad(await node(new UnixFS({ type: 'symlink', data: bytes.subarray(0, 4) })))
      const block = dagPb.encode({ Links: [] })
      await bad(await store.blockstore.put(CID.createV1(dagPb.code, await sha256.digest(block)), block))
      let deep = CID.parse(await lay(bytes.subarray(0, 12), {}))
      for (let i = 0; i < 70; i++) deep = await node(new UnixFS({ type: 'file', blockSizes: [12n] }), [{ Hash: deep, Name: '', Tsize: 5000 }])
      await bad(deep)
      expect((await failure(files.pin(`${deep}`))).error).toMatchObject({ code: 'BAD_INPUT' })
    })

    it('are other files by another codec, and gone when they are deleted, however often they were read', async () => {
      const cid = CID.parse(await lay(bytes, {}))
      const block = await collect(store.blockstore.get(cid))
      for (let reads = 0; reads < 2; reads++) expect(bytes.equals(await collect(files.read(`${cid}`)))).toBe(true)
      expect(block.equals(await collect(files.read(`${CID.createV1(raw.code, cid.multihash)}`)))).toBe(true)
      await store.blockstore.delete(cid)
      expect((await failure(collect(files.read(`${cid}`)))).error).toMatchObject({ code: 'BLOCK_UNAVAILABLE' })
    })

    it('are refused: ranges and CIDs that are none', async () => {
      const cid = await lay(bytes, {})
      for (const range of [{ offset: -1 }, { length: -1 }, { offset: NaN }]) {
        expect((await failure(collect(files.read(cid, range)))).error).toMatchObject({ code: 'BAD_INPUT' })
      }
      expect((await failure(collect(files.read('not a CID')))).error.message).toContain('\'not a CID\' is not a CID')
    })
  })
})
