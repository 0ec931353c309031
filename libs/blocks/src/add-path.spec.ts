import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { createFiles } from './files.ts'
import { all, collect, failure } from './peers.spec.support.ts'
import { MEMORY, openStore } from './store.ts'
import type { HeliaFiles } from './files.ts'

const EMPTY_FILE = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'
const EMPTY_DIRECTORY = 'bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354'
const HELLO = 'bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq'

describe('adding and finding', () => {
  let home: string
  let files: HeliaFiles
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'ipmr-add-'))
    files = await createFiles({ store: await openStore(MEMORY) })
  })
  afterEach(async () => {
    await files.stop()
    await rm(home, { recursive: true })
  })

  const tree = async (entries: Record<string, string>): Promise<string> => {
    for (const [path, text] of Object.entries(entries)) {
      await mkdir(join(home, path, '..'), { recursive: true })
      await writeFile(join(home, path), text)
    }
    return home
  }

  describe('a file', () => {
    it('has the CID that ipfs gives it', async () => {
      await tree({ empty: '', hello: 'hello' })
      expect(await files.addPath(join(home, 'hello'))).toEqual({ cid: HELLO, bytes: 5 })
      expect(await files.addPath(join(home, 'empty'))).toEqual({ cid: EMPTY_FILE, bytes: 0 })
    })

    it('is cut into leaves of the chosen size, three levels deep where they are many', async () => {
      // 1,024 links a node: 1,100 leaves of 1 KiB need two nodes below the root.
      const bytes = Buffer.from(Array.from({ length: 1100 * 1024 + 1 }, (_, i) => (i * 7919) % 256))
      await writeFile(join(home, 'large'), bytes)
      const progress: number[] = []
      const added = await files.addPath(join(home, 'large'), { chunkBytes: 1024, onProgress: read => { progress.push(read) } })
      expect(added.bytes).toBe(bytes.byteLength)
      expect(progress.at(-1)).toBe(bytes.byteLength)
      expect((await all(files.leaves(added.cid))).map(leaf => leaf.bytes)).toEqual([...Array.from({ length: 1100 }, () => 1024), 1])
      expect(bytes.equals(await collect(files.read(added.cid)))).toBe(true)
      expect((await files.add([bytes.subarray(0, 999), bytes.subarray(999)], { chunkBytes: 1024 })).cid).toBe(added.cid)
    })

    it('is refused with a chunk size out of bounds', async () => {
      await tree({ hello: 'hello' })
      for (const chunkBytes of [1023, 1024 * 1024 + 1, 2048.5, NaN]) {
        expect((await failure(files.addPath(join(home, 'hello'), { chunkBytes }))).error).toMatchObject({ code: 'BAD_INPUT' })
      }
    })

    it('that cannot be read is named', async () => {
      const { error } = await failure(files.addPath(join(home, 'absent')))
      expect(error).toMatchObject({ code: 'BAD_INPUT' })
      expect(error.message).toContain(`${join(home, 'absent')}: ENOENT`)
    })

    it('stops where its progress throws', async () => {
      await tree({ hello: 'hello' })
      const interrupted = new MapReduceError('ABORTED', 'interrupted')
      expect((await failure(files.addPath(join(home, 'hello'), { onProgress: () => { throw interrupted } }))).error).toBe(interrupted)
    })
  })

  describe('a directory', () => {
    it('is walked in the order of its paths, dotfiles and empty files too', async () => {
      await tree({ 'b.txt': 'b', 'a/x': 'ax', 'a/y/z': 'ayz', 'a.txt': 'a', '.hidden': 'h', 'é': '', 'a0': '0' })
      const { cid, bytes } = await files.addPath(home)
      expect(bytes).toBe(9)
      const walked = await all(files.walk(cid))
      expect(walked.map(({ path, bytes }) => [path, bytes])).toEqual([['.hidden', 1], ['a.txt', 1], ['a/x', 2], ['a/y/z', 3], ['a0', 1], ['b.txt', 1], ['é', 0]])
      expect(`${await collect(files.read(walked[3]!.cid))}`).toBe('ayz')
      expect((await files.addPath(home)).cid).toBe(cid)
    })

    it('has the CID that ipfs gives it', async () => {
      expect((await files.addPath(home)).cid).toBe(EMPTY_DIRECTORY)
      await mkdir(join(home, 'empty'))
      const { cid } = await files.addPath(home)
      expect(cid).toBe(await files.directory([{ name: 'empty', cid: EMPTY_DIRECTORY, bytes: 0 }]))
    })

    it('is the same as one made of its files', async () => {
      await tree({ one: 'x'.repeat(5000), two: 'two' })
      const entries = await Promise.all(['one', 'two'].map(async name => ({ name, ...await files.addPath(join(home, name), { chunkBytes: 1024 }) })))
      expect((await files.addPath(home, { chunkBytes: 1024 })).cid).toBe(await files.directory(entries))
    })

    it('is sharded where it is large, and walked all the same', async () => {
      const names = Array.from({ length: 950 }, (_, i) => `${'long-name-'.repeat(24)}${i}`).sort()
      for (const name of names) await writeFile(join(home, name), name)
      const { cid } = await files.addPath(home)
      const entry = await files.resolve(cid)
      expect(entry.type).toBe('directory')
      expect((await all(files.walk(cid))).map(({ path }) => path)).toEqual(names)
      const { cid: one } = await files.resolve(`${cid}/${names[700]}`)
      expect(`${await collect(files.read(one))}`).toBe(names[700])
      await files.pin(cid)
      await files.remove(cid)
      expect(await all(files.walk(cid))).toHaveLength(950)
    }, 20_000)

    it('leaves out symbolic links, and says so', async () => {
      await tree({ 'd/file': 'x' })
      await symlink(join(home, 'd'), join(home, 'link'))
      const skipped: string[] = []
      const { cid } = await files.addPath(home, { onSkipped: path => { skipped.push(path) } })
      expect(skipped).toEqual([join(home, 'link')])
      expect((await all(files.walk(cid))).map(({ path }) => path)).toEqual(['d/file'])
      expect((await files.addPath(join(home, 'link'))).cid).toBe((await files.addPath(join(home, 'd'))).cid)
    })
  })

  describe('a directory of CIDs', () => {
    it('refuses names that are none, or twice the same', async () => {
      for (const name of ['', '.', '..', 'a/b', '/', 'a\0']) {
        expect((await failure(files.directory([{ name, cid: HELLO, bytes: 5 }]))).error).toMatchObject({ code: 'BAD_INPUT' })
      }
      const { error } = await failure(files.directory([{ name: 'a', cid: HELLO, bytes: 5 }, { name: 'a', cid: EMPTY_FILE, bytes: 0 }]))
      expect(error.message).toContain('\'a\'')
    })
  })

  describe('a path', () => {
    it('is resolved in every spelling', async () => {
      await tree({ 'a b/c': 'hello' })
      const { cid } = await files.addPath(home)
      for (const path of [`${cid}/a b/c`, `/ipfs/${cid}/a b/c`, `ipfs://${cid}/a%20b/c`, `${cid}/a b/c/`]) {
        expect(await files.resolve(path)).toEqual({ cid: HELLO, name: 'c', type: 'file', bytes: 5 })
      }
      expect(await files.resolve(HELLO)).toEqual({ cid: HELLO, name: HELLO, type: 'file', bytes: 5 })
      expect(await files.resolve(`ipfs://${cid}`)).toMatchObject({ cid, name: cid, type: 'directory' })
      expect(await files.resolve(`${cid}/a b`)).toMatchObject({ name: 'a b', type: 'directory', bytes: 5 })
    })

    it('that does not exist is named', async () => {
      await tree({ 'd/c': 'hello' })
      const { cid } = await files.addPath(home)
      for (const path of [`${cid}/x`, `${cid}/d/x`, `${cid}/d/c/x`, `${HELLO}/x`, 'QmNoSuch', '', 'https://example.org', `${cid}//d`, `ipfs://${cid}/%zz`]) {
        const { error } = await failure(files.resolve(path))
        expect(error).toMatchObject({ name: 'MapReduceError', code: 'BAD_INPUT' })
        expect(error.message).toContain(`'${path.startsWith('https') ? 'https:' : path}'`)
      }
    })
  })
})
