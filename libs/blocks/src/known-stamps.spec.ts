import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import * as Digest from 'multiformats/hashes/digest'
import { sha256 } from 'multiformats/hashes/sha2'
import { BlockFiles, OwnBlockFiles } from './block-files.ts'
import { CHECKED_BLOCKS, UNFINISHED } from './constants.ts'
import { KnownStamps } from './known-stamps.ts'
import { LocalBlockstore } from './local.ts'
import { silent } from './log.ts'
import type { OwnLayer, StoredBlock } from './layer.ts'

const block = Buffer.from('a block of this machine')
const cid = CID.createV1(raw.code, await sha256.digest(block))
const isLinux = process.platform === 'linux'
const onLinux = isLinux ? it : it.skip
if (!isLinux) process.stdout.write('skipped: stamps are kept where the system tells which boot it is in\n')

class CountedFiles extends OwnBlockFiles {
  reads = 0

  override async read (cid: CID): Promise<StoredBlock | undefined> {
    this.reads++
    return await super.read(cid)
  }
}

describe('what is known of block files', () => {
  let directory: string
  beforeEach(async () => { directory = await mkdtemp(join(tmpdir(), 'ipmr-known-')) })
  afterEach(async () => { await rm(directory, { recursive: true }) })

  const open = async (others: BlockFiles[] = []): Promise<{ own: CountedFiles, local: LocalBlockstore }> => {
    const own = new CountedFiles(directory)
    await own.open()
    return { own, local: new LocalBlockstore({ own, others, log: silent }) }
  }
  const fileOf = async (): Promise<string> => {
    for (const name of await readdir(directory, { recursive: true })) if (name.endsWith('.data')) return join(directory, name)
    throw new Error('there is no block file')
  }
  /** A store that has had the block, and is closed. */
  const filled = async (): Promise<void> => {
    const { local } = await open()
    await local.put(cid, block)
    await local.keepSound()
  }

  onLinux('is known by the next process, which does not read them to be sure', async () => {
    await filled()
    const { own, local } = await open()
    expect(await local.ownsWhole(cid)).toBe(true)
    expect(own.reads).toBe(0)
    expect(await local.read(cid)).toEqual(block)
  })

  onLinux('is handed on by a process that did not meet them', async () => {
    await filled()
    const between = await open()
    const other = Buffer.from('another one')
    await between.local.put(CID.createV1(raw.code, await sha256.digest(other)), other)
    await between.local.keepSound()
    const { own, local } = await open()
    expect(await local.ownsWhole(cid)).toBe(true)
    expect(own.reads).toBe(0)
  })

  it('does not hold for a file that was written since', async () => {
    await filled()
    await writeFile(await fileOf(), 'a block that was spoiled')
    const { own, local } = await open()
    expect(await local.ownsWhole(cid)).toBe(false)
    expect(own.reads).toBe(1)
    await local.put(cid, block)
    expect(await local.read(cid)).toEqual(block)
  })

  it('does not hold for a file of the same length that was written since', async () => {
    await filled()
    await writeFile(await fileOf(), Buffer.from(block).reverse())
    const { local } = await open()
    expect(await local.read(cid)).toBeUndefined()
  })

  it('is nothing after the machine has started anew', async () => {
    const stamps = new Map([['key', '1 2 3']])
    await open()
    await new KnownStamps(directory, 'this boot').keep(stamps, silent)
    expect(new KnownStamps(directory, 'this boot').has('key', '1 2 3')).toBe(true)
    expect(new KnownStamps(directory, 'this boot').has('key', '1 2 4')).toBe(false)
    expect(new KnownStamps(directory, 'the next boot').has('key', '1 2 3')).toBe(false)
  })

  it('is nothing where its file is damaged', async () => {
    await open()
    const known = new KnownStamps(directory, 'boot')
    await known.keep(new Map([['key', '1 2 3'], ['other', '4 5 6']]), silent)
    const path = join(directory, '.checked')
    const text = await readFile(path, 'latin1')
    for (const damaged of ['', '\n', 'key 1 2 3\nother 4 5 6', text.slice(0, 20), text.replace('bytes', 'bites')]) {
      await writeFile(path, damaged)
      expect(new KnownStamps(directory, 'boot').has('key', '1 2 3')).toBe(false)
    }
    // One that ends too soon says nothing that is not so.
    await writeFile(path, text.slice(0, -2))
    expect(new KnownStamps(directory, 'boot').has('key', '1 2 3')).toBe(true)
    expect(new KnownStamps(directory, 'boot').has('other', '4 5 6')).toBe(false)
  })

  it('is read again where it was written again, by whoever reads beside', async () => {
    await open()
    const beside = new KnownStamps(directory, 'boot')
    expect(beside.has('key', '1 2 3')).toBe(false)
    await new KnownStamps(directory, 'boot').keep(new Map([['key', '1 2 3']]), silent)
    expect(beside.has('key', '1 2 3')).toBe(true)
    await rm(join(directory, '.checked'))
    expect(beside.has('key', '1 2 3')).toBe(false)
  })

  it('is told of each block as it is written, to those that read beside, and to a process that comes after one that was killed', async () => {
    await open()
    const writer = new KnownStamps(directory, 'boot')
    const beside = new KnownStamps(directory, 'boot')
    for (let i = 0; i < 300; i++) {
      writer.add(`key${i}`, `${i} 2 3.25`, silent)
      if (i % 7 === 0) expect(beside.has(`key${i}`, `${i} 2 3.25`)).toBe(true)
    }
    await new KnownStamps(directory, 'boot').keep(new Map([['kept', '1 2 3']]), silent)
    writer.add('last', '4 5 6', silent)
    for (const reader of [beside, writer, new KnownStamps(directory, 'boot')]) {
      expect(['key0', 'key299', 'kept', 'last'].map((key, i) => reader.has(key, ['0 2 3.25', '299 2 3.25', '1 2 3', '4 5 6'][i]!))).toEqual([true, true, true, true])
    }
    expect(new KnownStamps(directory, 'the next boot').has('last', '4 5 6')).toBe(false)
  })

  it('begins anew with the first block of a boot, and says nothing of a line that is not whole', async () => {
    await open()
    new KnownStamps(directory, 'the boot before').add('old', '1 2 3', silent)
    const writer = new KnownStamps(directory, 'boot')
    const beside = new KnownStamps(directory, 'boot')
    expect(beside.has('old', '1 2 3')).toBe(false)
    writer.add('new', '4 5 6', silent)
    expect(beside.has('new', '4 5 6')).toBe(true)
    expect(beside.has('old', '1 2 3')).toBe(false)
    const path = join(directory, '.checked')
    await writeFile(path, '\npart 7 8', { flag: 'a' })
    expect(beside.has('part', '7 8 9')).toBe(false)
    await writeFile(path, ' 9', { flag: 'a' })
    expect(beside.has('part', '7 8 9')).toBe(true)
  })

  it('warns once where it cannot be told', async () => {
    await open()
    const known = new KnownStamps(join(directory, 'gone'), 'boot')
    const warn = jest.fn()
    for (const key of ['a', 'b']) known.add(key, '1 2 3', { ...silent, warn })
    expect(warn).toHaveBeenCalledTimes(1)
  })

  it('is written anew after as many blocks as are remembered, and so does not grow for ever', async () => {
    let noted = 0
    let kept = 0
    const own: OwnLayer = {
      name: 'made up', has: async () => false, read: async () => undefined, stamp: () => undefined, write: async () => '1 2 3', delete: async () => 0, list: async function * () {},
      noteSound: () => { noted++ }, keepSound: async () => { kept++ }
    }
    const local = new LocalBlockstore({ own, others: [], log: silent })
    for (let i = 0; i < 2 * CHECKED_BLOCKS; i++) await local.put(CID.createV1(raw.code, Digest.create(sha256.code, new Uint8Array(Uint32Array.of(i).buffer))), block)
    expect({ noted, kept }).toEqual({ noted: 2 * CHECKED_BLOCKS, kept: 2 })
  })

  it('is not trusted where somebody else wrote it', async () => {
    await open()
    await new KnownStamps(directory, 'boot').keep(new Map([['key', '1 2 3']]), silent)
    const geteuid = jest.spyOn(process, 'geteuid').mockReturnValue(12345)
    const { uid } = await stat(join(directory, '.checked'))
    // What root has written anybody trusts.
    expect(new KnownStamps(directory, 'boot').has('key', '1 2 3')).toBe(uid === 0)
    geteuid.mockRestore()
  })

  it('is bounded: what was met last stays', async () => {
    await open()
    const many = (name: string): Map<string, string> => new Map(Array.from({ length: CHECKED_BLOCKS / 2 + 1 }, (_, i) => [`${name}${i}`, '1 2 3']))
    await new KnownStamps(directory, 'boot').keep(many('a'), silent)
    await new KnownStamps(directory, 'boot').keep(many('b'), silent)
    const known = new KnownStamps(directory, 'boot')
    expect([...many('b').keys()].every(key => known.has(key, '1 2 3'))).toBe(true)
    expect([...many('a').keys()].filter(key => known.has(key, '1 2 3'))).toHaveLength(CHECKED_BLOCKS / 2 - 1)
  })

  it('harms nobody where it cannot be kept', async () => {
    await open()
    await rm(join(directory, UNFINISHED), { recursive: true })
    const warn = jest.fn()
    await new KnownStamps(directory, 'boot').keep(new Map([['key', '1 2 3']]), { ...silent, warn })
    expect(warn).toHaveBeenCalledTimes(1)
    expect(await readdir(directory)).toEqual([])
  })

  onLinux('serves those who read the store beside its owner', async () => {
    await filled()
    const reader = new BlockFiles(directory)
    const read = jest.spyOn(reader, 'read')
    const elsewhere = await mkdtemp(join(tmpdir(), 'ipmr-known-'))
    const own = new OwnBlockFiles(elsewhere)
    await own.open()
    const local = new LocalBlockstore({ own, others: [reader], log: silent })
    const hashed = jest.spyOn(sha256, 'digest')
    expect(await local.read(cid)).toEqual(block)
    expect(read).toHaveBeenCalledTimes(1)
    expect(hashed).not.toHaveBeenCalled()
    // And a file whose time alone is another one is checked again.
    await utimes(await fileOf(), 1, 1)
    expect(await local.read(cid)).toEqual(block)
    expect(hashed).toHaveBeenCalledTimes(1)
    hashed.mockRestore()
    await rm(elsewhere, { recursive: true })
  })
})
