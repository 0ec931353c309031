import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import { OwnBlockFiles } from './block-files.ts'
import { LocalBlockstore } from './local.ts'
import { silent } from './log.ts'
import type { StoredBlock } from './layer.ts'

/** Block files that count how often they are read. */
class CountedFiles extends OwnBlockFiles {
  reads = 0

  override async read (cid: CID): Promise<StoredBlock | undefined> {
    this.reads++
    return await super.read(cid)
  }
}

describe('the blocks of this machine', () => {
  let directory: string
  let own: CountedFiles
  let local: LocalBlockstore
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ipmr-local-'))
    own = new CountedFiles(directory)
    await own.open()
    local = new LocalBlockstore({ own, others: [], log: silent })
  })
  afterEach(async () => { await rm(directory, { recursive: true }) })
  const made = async (): Promise<{ cid: CID, block: Uint8Array }> => {
    const block = randomBytes(1000)
    return { cid: CID.createV1(raw.code, await sha256.digest(block)), block }
  }
  const fileOf = async (): Promise<string> => {
    for (const name of await readdir(directory, { recursive: true })) if (name.endsWith('.data')) return join(directory, name)
    throw new Error('there is no block file')
  }

  it('are not read to be written, and not written again', async () => {
    const { cid, block } = await made()
    await local.put(cid, block)
    const stamp = own.stamp(cid)
    await local.put(cid, block)
    expect(own.reads).toBe(0)
    expect(own.stamp(cid)).toBe(stamp)
    expect(stamp).toBeDefined()
  })

  it('are read in parts where they are known to be sound, and as long as their file says', async () => {
    const { cid, block } = await made()
    await local.put(cid, block)
    const part = { start: 10, end: 999, blockBytes: 1000 }
    expect(await local.readPart(cid, part)).toEqual(Buffer.from(block.subarray(10, 999)))
    expect(await local.readPart(cid, { ...part, blockBytes: 1001 })).toBeUndefined()
    expect(own.reads).toBe(0)
    await writeFile(await fileOf(), randomBytes(1000))
    expect(await local.readPart(cid, part)).toBeUndefined()
    await rm(await fileOf())
    expect(await local.readPart(cid, part)).toBeUndefined()
  })

  it('are not read in parts by who does not know them, until they were read whole', async () => {
    const { cid, block } = await made()
    await local.put(cid, block)
    await rm(join(directory, '.checked'), { force: true })
    const other = new LocalBlockstore({ own: new CountedFiles(directory), others: [], log: silent })
    const part = { start: 0, end: 1, blockBytes: 1000 }
    expect(await other.readPart(cid, part)).toBeUndefined()
    await other.read(cid)
    expect(await other.readPart(cid, part)).toEqual(Buffer.from(block.subarray(0, 1)))
  })

  it('are read again where somebody wrote them, and written anew where they were spoiled', async () => {
    const { cid, block } = await made()
    await local.put(cid, block)
    await writeFile(await fileOf(), 'spoiled')
    await local.put(cid, block)
    expect(own.reads).toBe(1)
    expect(await local.read(cid)).toEqual(Buffer.from(block))
  })

  it('are written anew where they are gone', async () => {
    const { cid, block } = await made()
    await local.put(cid, block)
    await rm(await fileOf())
    expect(own.stamp(cid)).toBeUndefined()
    await local.put(cid, block)
    expect(await local.read(cid)).toEqual(Buffer.from(block))
  })
})
