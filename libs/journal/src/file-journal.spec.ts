import { copyFile, mkdir, mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { JobJournal, Journal, JournalEntry } from '@ipfs-mapreduce/mapreduce'
import { fileJournal } from './file-journal.ts'
import { encodeFrame, encodeHead, parse } from './format.ts'
import { createJobFile } from './job-file.ts'
import { createJobJournal } from './job-journal.ts'
import { openFolder } from './folder.ts'

const ENTRIES: JournalEntry[] = ['first', { type: 'second', list: [1, 2, 3] }, new Uint8Array(20).fill(255), 4]
const FIRST = '000000000001.journal'
const MANY = 10_000

describe('a journal in files', () => {
  let home: string
  let dir: string
  let warnings: Array<{ fields: object, message: string }>
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'ipmr-journal-'))
    dir = join(home, 'journal')
    warnings = []
  })
  afterEach(async () => { await rm(home, { recursive: true }) })

  const use = async (options: { in?: string, sync?: boolean } = {}): Promise<Journal> => await fileJournal({
    dir: options.in ?? dir,
    sync: options.sync ?? false,
    log: { debug: () => {}, warn: (fields, message) => { warnings.push({ fields, message }) } }
  })
  const found = async (journal: Journal): Promise<JobJournal[]> => {
    const jobs: JobJournal[] = []
    for await (const job of journal.load()) jobs.push(job)
    return jobs
  }
  /** The bytes of a job's file with ENTRIES, and where in it each entry ends. */
  const example = async (): Promise<{ bytes: Buffer, headEnd: number, ends: number[] }> => {
    const journal = await use({ in: join(home, 'example') })
    const ends: number[] = []
    for (const entry of ENTRIES) {
      await journal.append('j1', entry)
      ends.push((await stat(join(home, 'example', FIRST))).size)
    }
    await journal.close()
    return { bytes: await readFile(join(home, 'example', FIRST)), headEnd: encodeHead('j1').length, ends }
  }
  const place = async (name: string, bytes: Uint8Array): Promise<void> => {
    await rm(dir, { recursive: true, force: true })
    await mkdir(dir)
    await writeFile(join(dir, name), bytes)
  }

  it.each([true, false])('is mended where it was cut off at any byte (looked at first: %p)', async looked => {
    const { bytes, ends } = await example()
    for (let size = 0; size <= bytes.length; size++) {
      await place(FIRST, bytes.subarray(0, size))
      const whole = ENTRIES.slice(0, ends.filter(end => end <= size).length)
      const journal = await use()
      if (looked) expect(await found(journal)).toEqual(whole.length > 0 ? [{ job: 'j1', entries: whole }] : [])
      await journal.append('j1', 'next')
      expect(await found(journal)).toEqual([{ job: 'j1', entries: [...whole, 'next'] }])
      await journal.close()
      const [file, ...others] = await readdir(dir)
      expect(others).toEqual([])
      expect(parse(await readFile(join(dir, file!)))).toMatchObject({ ending: 'whole', payloads: { length: whole.length + 1 } })
    }
    expect(warnings).toEqual([])
  })

  it.each([true, false])('keeps what is before a rotten byte, and the damaged file as it was (looked at first: %p)', async looked => {
    const { bytes, headEnd, ends } = await example()
    const version = 4
    for (let at = 0; at < bytes.length; at++) {
      if (at === version) continue
      const rotten = Buffer.from(bytes)
      rotten[at]! ^= 0x41
      await place(FIRST, rotten)
      warnings = []
      const whole = ENTRIES.slice(0, ends.filter(end => end <= at).length)
      const journal = await use()
      if (looked) expect(await found(journal)).toEqual(whole.length > 0 ? [{ job: 'j1', entries: whole }] : [])
      await journal.append('j1', 'next')
      expect(await found(journal)).toEqual([{ job: 'j1', entries: [...whole, 'next'] }])
      await journal.close()
      const offset = at < headEnd ? 0 : [headEnd, ...ends].findLast(end => end <= at)!
      const aside = join(dir, `${FIRST}.damaged-at-${offset}`)
      expect(rotten.equals(await readFile(aside))).toBe(true)
      expect(warnings).toEqual([{ fields: expect.objectContaining({ file: aside }), message: expect.stringContaining('as it was') }])
      const again = await use()
      expect(await found(again)).toEqual([{ job: 'j1', entries: [...whole, 'next'] }])
      await again.remove('j1')
      await again.close()
      expect(warnings).toHaveLength(1)
      expect(await readdir(dir)).toEqual([`${FIRST}.damaged-at-${offset}`])
    }
  })

  it('notices a job\'s file that rots while the journal is open', async () => {
    const journal = await use()
    for (const entry of ENTRIES) await journal.append('j1', entry)
    const file = await open(join(dir, FIRST), 'r+')
    await file.write(Buffer.from('rot'), 0, 3, encodeHead('j1').length + 40)
    await file.close()
    expect(await found(journal)).toEqual([{ job: 'j1', entries: ENTRIES.slice(0, 1) }])
    expect(warnings).toHaveLength(1)
    await journal.append('j1', 'next')
    expect(await found(journal)).toEqual([{ job: 'j1', entries: ['first', 'next'] }])
    await journal.close()
  })

  it('begins a job\'s file anew that lost its beginning while the journal is open', async () => {
    const journal = await use()
    await journal.append('j1', 1)
    await truncate(join(dir, FIRST), 3)
    expect(await found(journal)).toEqual([])
    await journal.append('j1', 2)
    expect(await found(journal)).toEqual([{ job: 'j1', entries: [2] }])
    await journal.close()
    const again = await use()
    expect(await found(again)).toEqual([{ job: 'j1', entries: [2] }])
    await again.close()
    expect(warnings).toEqual([])
  })

  it('sets aside zeros and other tails that no process leaves', async () => {
    const { bytes } = await example()
    for (const tail of [Buffer.alloc(100), encodeFrame(Buffer.from('x')).fill(7, 12), Buffer.concat([Buffer.alloc(1), encodeFrame(Buffer.from([0]))])]) {
      await place(FIRST, Buffer.concat([bytes, tail]))
      warnings = []
      const journal = await use()
      expect(await found(journal)).toEqual([{ job: 'j1', entries: ENTRIES }])
      expect(warnings).toHaveLength(1)
      await journal.close()
    }
  })

  it('refuses files of a later version, and touches none', async () => {
    const { bytes } = await example()
    bytes[4] = 2
    await place(FIRST, bytes)
    await expect(use()).rejects.toMatchObject({ name: 'MapReduceError', code: 'STORAGE', message: expect.stringMatching(/journal.*version 2.*reads version 1/) })
    expect(bytes.equals(await readFile(join(dir, FIRST)))).toBe(true)
  })

  it('has the bytes of README.md', async () => {
    const bytes = Buffer.from('49504d4a01 04000000 5778d2db a1735f4f 05026a31 01000000 a18e0c3c 96a42e34 02'.replaceAll(' ', ''), 'hex')
    await place(FIRST, bytes)
    const journal = await use()
    expect(await found(journal)).toEqual([{ job: 'j1', entries: [true] }])
    await journal.remove('j1')
    await journal.append('j1', true)
    await journal.close()
    expect((await readFile(join(dir, '000000000002.journal'))).equals(bytes)).toBe(true)
  })

  it('goes on with the later of two files of one job, and keeps the other', async () => {
    const { bytes } = await example()
    await place(FIRST, bytes)
    await copyFile(join(dir, FIRST), join(dir, '000000000002.journal'))
    const journal = await use()
    await journal.append('j1', 'next')
    expect(await found(journal)).toEqual([{ job: 'j1', entries: [...ENTRIES, 'next'] }])
    await journal.close()
    expect(warnings).toHaveLength(1)
    expect((await readdir(dir)).sort()).toEqual([`${FIRST}.damaged-at-0`, '000000000002.journal'])
  })

  it('writes together what is appended while it writes: few synchronisations, whatever the number of entries', async () => {
    const journal = await use({ sync: true })
    await journal.append('j1', -1)
    const handle = await open(join(dir, FIRST))
    const synchronise = jest.spyOn(Object.getPrototypeOf(handle) as { datasync: () => Promise<void> }, 'datasync')
    await handle.close()
    const first = journal.append('j1', 0)
    const others = first.then(() => {})
    const rest: Array<Promise<void>> = []
    for (let i = 1; i < MANY; i++) {
      rest.push(journal.append('j1', i))
      // Lets the write begin: what follows waits for it, together.
      if (i === 1) for (let turn = 0; turn < 50; turn++) await Promise.resolve()
    }
    await Promise.all([others, ...rest])
    expect(synchronise).toHaveBeenCalledTimes(2)
    synchronise.mockRestore()
    expect(await found(journal)).toEqual([{ job: 'j1', entries: Array.from({ length: MANY + 1 }, (_, i) => i - 1) }])
    await journal.close()
    const again = await use()
    expect((await found(again))[0]!.entries).toHaveLength(MANY + 1)
    await again.close()
  })

  it('fails what waits behind a failed write, cuts off what that left, and goes on', async () => {
    const folder = await openFolder(dir, false)
    let broken = false
    const file = createJobFile('j1', {
      ...folder,
      async append (number, bytes) {
        await folder.append(number, broken ? bytes.subarray(0, bytes.length - 1) : bytes)
        if (!broken) return
        broken = false
        throw new Error('I/O error')
      }
    }, { debug: () => {}, warn: () => {} })
    const journal = createJobJournal(file)
    const entry = (i: number): Uint8Array => Uint8Array.of(i)
    broken = true
    await expect(journal.append(entry(9))).rejects.toThrow('I/O error')
    await journal.append(entry(0))
    broken = true
    const ends = [journal.append(entry(1)), journal.append(entry(2)), journal.read(), journal.append(entry(3))].map(async end => await end.then(() => 'done', (error: Error) => error.message))
    expect(await Promise.all(ends)).toEqual(['I/O error', 'I/O error', 'done', 'I/O error'])
    await journal.append(entry(4))
    expect(await journal.read()).toEqual([entry(0), entry(4)])
  })

  it('clears what a killed process left unfinished, and leaves other files alone', async () => {
    const { bytes } = await example()
    await place(FIRST, bytes)
    await writeFile(join(dir, `${FIRST}.tmp`), bytes.subarray(0, 10))
    await writeFile(join(dir, 'notes.tmp'), 'mine')
    const journal = await use()
    expect(await found(journal)).toEqual([{ job: 'j1', entries: ENTRIES }])
    await journal.close()
    expect((await readdir(dir)).sort()).toEqual([FIRST, 'notes.tmp'])
  })

  it('is the owner\'s alone', async () => {
    const journal = await use()
    await journal.append('j1', 1)
    await journal.replace('j2', [1])
    await journal.close()
    expect((await stat(dir)).mode & 0o777).toBe(0o700)
    for (const name of await readdir(dir)) expect((await stat(join(dir, name))).mode & 0o777).toBe(0o600)
  })

  it('says which directory it cannot use or write, and why', async () => {
    await writeFile(join(home, 'file'), '')
    await expect(use({ in: join(home, 'file') })).rejects.toMatchObject({ code: 'STORAGE', message: expect.stringContaining(join(home, 'file')) })
    const journal = await use()
    await rm(dir, { recursive: true })
    await expect(journal.append('j1', 1)).rejects.toMatchObject({ code: 'STORAGE', message: expect.stringMatching(`job j1 in ${dir}: ENOENT`) })
    await journal.close()
  })
})
