import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MAX_JOURNAL_JOB_CHARS } from '../journal-entry.ts'
import type { JobJournal, Journal, JournalEntry } from '../journal.ts'

export interface JournalSetup {
  /** The journal of a process that starts now, on the disk of the one before, which was killed. The first finds none. */
  start: () => Journal | Promise<Journal>
  /** Makes what is written fail from now on, or work again. */
  setWritable: (writable: boolean) => void | Promise<void>
  teardown: () => void | Promise<void>
}

/** Entries appended without waiting for one another. */
const BURST = 1000
const PROPERTY_RUNS = 40
/** More than lie between a call and its I/O. */
const MICROTASKS = 50

const rejection = (code: string): unknown => expect.objectContaining({ name: 'MapReduceError', code })

/** What every adapter of the `Journal` port must do. Registers a jest suite. */
export function journalCompliance (name: string, setup: () => JournalSetup | Promise<JournalSetup>): void {
  describe(`${name} as Journal`, () => {
    let given: JournalSetup
    let journal: Journal
    beforeEach(async () => {
      given = await setup()
      journal = await given.start()
    })
    afterEach(async () => {
      await journal.close()
      await given.teardown()
    })

    const restart = async (): Promise<void> => { journal = await given.start() }
    const found = async (): Promise<JobJournal[]> => await all(journal.load())
    /** What is there now, and after the process was killed. */
    const kept = async (): Promise<JobJournal[]> => {
      const now = await found()
      await restart()
      expect(await found()).toEqual(now)
      return now
    }

    it('is empty at first', async () => {
      expect(await kept()).toEqual([])
    })

    describe('append', () => {
      it('keeps entries in order, over any number of processes', async () => {
        await journal.append('j1', { type: 'accepted' })
        await journal.append('j1', { type: 'planned', tasks: 3 })
        await restart()
        await journal.append('j1', 'by the second')
        await restart()
        await found()
        await journal.append('j1', 'by the third')
        expect(await kept()).toEqual([{ job: 'j1', entries: [{ type: 'accepted' }, { type: 'planned', tasks: 3 }, 'by the second', 'by the third'] }])
      })

      it('keeps any datum equal', async () => {
        const data: JournalEntry[] = [
          null, true, false, 0, -0, -1.5, 2 ** 30, 2 ** 53, 1e300, '', 'é\u{1F600}\n"', new Uint8Array(0), new Uint8Array([0, 255]), [], {}, [[], {}, null],
          { '': 1, '/': { bytes: 'no' }, toString: 'b', nested: { deep: [{ bytes: new Uint8Array(300) }] } }, JSON.parse('{"__proto__": 1}') as JournalEntry, 'x'.repeat(1_000_000)
        ]
        for (const datum of data) await journal.append('j1', datum)
        const [{ entries } = { entries: [] }] = await kept()
        expect(entries).toEqual(data)
      })

      it('keeps what an entry was when it was appended', async () => {
        const entry = { list: [1], bytes: new Uint8Array([7]) }
        const appended = journal.append('j1', entry)
        entry.list.push(2)
        entry.bytes[0] = 8
        await appended
        const [first] = await found()
        ;(first!.entries[0] as typeof entry).list.push(3)
        expect(await kept()).toEqual([{ job: 'j1', entries: [{ list: [1], bytes: new Uint8Array([7]) }] }])
      })

      it('keeps the order of each job where nothing is awaited', async () => {
        const jobs = ['a', 'b', 'c']
        const appended = Array.from({ length: BURST }, async (_, i) => { await journal.append(jobs[i % jobs.length]!, i) })
        await Promise.all(appended)
        const expected = jobs.map((job, j) => ({ job, entries: Array.from({ length: BURST }, (_, i) => i).filter(i => i % jobs.length === j) }))
        expect(await kept()).toEqual(expected)
      })

      it('takes any printable name for what it is', async () => {
        const names = ['.', '..', '../../etc/passwd', 'a/b', 'a\\b', 'A', 'a', 'CON', 'con.txt', ' ', ' a ', '%2e', '*?<>|":', '~', '-rf', '__proto__', 'constructor', 'x'.repeat(MAX_JOURNAL_JOB_CHARS), `${'/'.repeat(MAX_JOURNAL_JOB_CHARS - 1)}a`, 'mh5x2k1a-0f3k9']
        for (const name of names) await journal.append(name, name)
        expect(await kept()).toEqual(names.map(name => ({ job: name, entries: [name] })))
        for (const name of names) await journal.remove(name)
        expect(await kept()).toEqual([])
      })

      it('refuses what is no name or no datum, and does nothing', async () => {
        const undatable = [undefined, NaN, Infinity, 1n, () => 1, new Date(0), { a: undefined }, [[undefined]], '\ud800'] as JournalEntry[]
        for (const entry of undatable) {
          await expect(journal.append('j1', entry)).rejects.toEqual(rejection('BAD_INPUT'))
          await expect(journal.replace('j1', ['good', entry])).rejects.toEqual(rejection('BAD_INPUT'))
        }
        for (const name of ['', 'a\nb', 'é', '\u007f', 'x'.repeat(MAX_JOURNAL_JOB_CHARS + 1)]) {
          await expect(journal.append(name, 1)).rejects.toEqual(rejection('BAD_INPUT'))
          await expect(journal.replace(name, [1])).rejects.toEqual(rejection('BAD_INPUT'))
          await expect(journal.remove(name)).rejects.toEqual(rejection('BAD_INPUT'))
        }
        expect(await kept()).toEqual([])
      })
    })

    describe('load', () => {
      it('gives jobs in order of their first entries', async () => {
        for (const job of ['zebra', 'ant', 'mole', 'ant', 'zebra', 'bee']) await journal.append(job, job)
        expect((await kept()).map(({ job }) => job)).toEqual(['zebra', 'ant', 'mole', 'bee'])
      })

      it('sees what was called before it', async () => {
        const appended = [journal.append('j1', 1), journal.append('j1', 2)]
        expect(await found()).toEqual([{ job: 'j1', entries: [1, 2] }])
        await Promise.all(appended)
      })

      it('lets other calls be made between two jobs', async () => {
        for (const job of ['a', 'b', 'c']) await journal.append(job, 0)
        await restart()
        const seen: string[] = []
        for await (const { job } of journal.load()) {
          seen.push(job)
          await journal.append(job, 1)
          if (job === 'a') await journal.remove('b')
        }
        expect(seen).toEqual(['a', 'c'])
        expect(await kept()).toEqual([{ job: 'a', entries: [0, 1] }, { job: 'c', entries: [0, 1] }])
      })

      it('may be left before its end', async () => {
        for (const job of ['a', 'b']) await journal.append(job, 0)
        for await (const { job } of journal.load()) {
          expect(job).toBe('a')
          break
        }
        expect(await found()).toHaveLength(2)
      })
    })

    describe('replace and remove', () => {
      it('puts entries in the place of others, the job where it was', async () => {
        for (const job of ['a', 'b', 'a']) await journal.append(job, 'old')
        await journal.replace('a', ['new', { and: 'more' }])
        await journal.append('a', 'newest')
        expect(await kept()).toEqual([{ job: 'a', entries: ['new', { and: 'more' }, 'newest'] }, { job: 'b', entries: ['old'] }])
        await journal.replace('a', [1])
        await journal.append('a', 2)
        expect((await kept())[0]).toEqual({ job: 'a', entries: [1, 2] })
      })

      it('begins the journal of a job that has none', async () => {
        await journal.append('b', 0)
        await journal.replace('a', [1, 2])
        expect(await kept()).toEqual([{ job: 'b', entries: [0] }, { job: 'a', entries: [1, 2] }])
      })

      it('forgets a job', async () => {
        for (const job of ['a', 'b', 'c']) await journal.append(job, 0)
        await journal.remove('a')
        await journal.replace('b', [])
        expect(await kept()).toEqual([{ job: 'c', entries: [0] }])
      })

      it('counts a job that comes back as new', async () => {
        for (const job of ['a', 'b']) await journal.append(job, 0)
        await Promise.all([journal.remove('a'), journal.append('a', 1)])
        expect(await kept()).toEqual([{ job: 'b', entries: [0] }, { job: 'a', entries: [1] }])
      })

      it('removes what is not there without complaint', async () => {
        await journal.remove('a')
        await journal.append('a', 1)
        await journal.remove('a')
        await journal.remove('a')
        await journal.replace('a', [])
        expect(await kept()).toEqual([])
      })

      it('keeps one journal of a job that comes back while it is removed once more', async () => {
        await journal.append('a', 0)
        await Promise.all([journal.remove('a').then(async () => { await journal.append('a', 1) }), journal.remove('a'), journal.remove('a')])
        await journal.append('a', 2)
        expect(await kept()).toEqual([{ job: 'a', entries: [1, 2] }])
      })

      it('keeps the order of calls where nothing is awaited', async () => {
        await Promise.all([
          journal.append('a', 1), journal.replace('a', [2]), journal.append('a', 3), journal.append('a', 4),
          journal.append('b', 1), journal.remove('b'), journal.append('b', 2),
          journal.replace('c', [1]), journal.append('c', 2), journal.remove('c')
        ])
        const byJob = (await kept()).sort((a, b) => a.job < b.job ? -1 : 1)
        expect(byJob).toEqual([{ job: 'a', entries: [2, 3, 4] }, { job: 'b', entries: [2] }])
      })
    })

    it('is, after any calls and any kills, what they say', async () => {
      const job = fc.constantFrom('a', 'b', 'c')
      const step = fc.oneof(
        { weight: 6, arbitrary: fc.record({ kind: fc.constant('append' as const), job, entry: fc.nat() }) },
        { weight: 2, arbitrary: fc.record({ kind: fc.constant('replace' as const), job, entries: fc.array(fc.nat(), { maxLength: 3 }) }) },
        { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), job }) },
        { weight: 1, arbitrary: fc.record({ kind: fc.constant('settle' as const) }) },
        { weight: 1, arbitrary: fc.record({ kind: fc.constant('kill' as const) }) }
      )
      await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 25 }), async steps => {
        const model = new Map<string, JournalEntry[]>()
        let calls: Array<Promise<void>> = []
        for (const step of steps) {
          if (step.kind === 'append') {
            calls.push(journal.append(step.job, step.entry))
            model.set(step.job, [...model.get(step.job) ?? [], step.entry])
          } else if (step.kind === 'replace') {
            calls.push(journal.replace(step.job, step.entries))
            model.set(step.job, step.entries)
          } else if (step.kind === 'remove') {
            calls.push(journal.remove(step.job))
            model.delete(step.job)
          } else {
            await Promise.all(calls)
            calls = []
            if (step.kind === 'kill') await restart()
          }
        }
        await Promise.all(calls)
        expect(new Map((await kept()).map(({ job, entries }) => [job, entries]))).toEqual(new Map([...model].filter(([, entries]) => entries.length > 0)))
        for (const job of model.keys()) await journal.remove(job)
      }), { numRuns: PROPERTY_RUNS })
    })

    describe('on a disk that is not writable', () => {
      it('fails with STORAGE, keeps what was there, and works again when the disk does', async () => {
        await journal.append('a', 1)
        await given.setWritable(false)
        await expect(journal.append('a', 2)).rejects.toEqual(rejection('STORAGE'))
        await expect(journal.append('new', 1)).rejects.toEqual(rejection('STORAGE'))
        await expect(journal.replace('a', [3])).rejects.toEqual(rejection('STORAGE'))
        await given.setWritable(true)
        expect(await found()).toEqual([{ job: 'a', entries: [1] }])
        await journal.append('a', 4)
        await journal.append('new', 2)
        expect(await kept()).toEqual([{ job: 'a', entries: [1, 4] }, { job: 'new', entries: [2] }])
      })

      it('keeps no entry without those before it', async () => {
        await journal.append('a', 0)
        await given.setWritable(false)
        const ends = outcomes([journal.append('a', 1), journal.append('a', 2), journal.append('b', 1)])
        const behind = outcomes(Array.from({ length: BURST }, (_, i) => journal.append('a', 3 + i)))
        expect(new Set([...await ends, ...await behind])).toEqual(new Set(['STORAGE']))
        await given.setWritable(true)
        await journal.append('a', 'anew')
        expect(await kept()).toEqual([{ job: 'a', entries: [0, 'anew'] }])
      })

      it('nor where the disk works again before those behind have their turn', async () => {
        await journal.append('a', 0)
        await given.setWritable(false)
        const first = outcomes([journal.append('a', 1)]).then(async ends => {
          await given.setWritable(true)
          return ends
        })
        // No I/O ends between two microtasks: the first is under way, and the second waits behind it.
        for (let i = 0; i < MICROTASKS; i++) await Promise.resolve()
        expect(await outcomes([journal.append('a', 2)])).toEqual(['STORAGE'])
        expect(await first).toEqual(['STORAGE'])
        await journal.append('a', 3)
        expect(await kept()).toEqual([{ job: 'a', entries: [0, 3] }])
      })
    })

    it('ends with what was called before, and takes no more', async () => {
      const appended = [journal.append('a', 1), journal.append('a', 2)]
      await journal.close()
      await Promise.all(appended)
      for (const late of [journal.append('a', 3), journal.replace('a', [3]), journal.remove('a'), found()]) await expect(late).rejects.toEqual(rejection('STORAGE'))
      await journal.close()
      await restart()
      expect(await found()).toEqual([{ job: 'a', entries: [1, 2] }])
    })
  })
}

async function all <T> (items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

/** For each promise the code it failed with, or undefined. */
async function outcomes (promises: Array<Promise<unknown>>): Promise<unknown[]> {
  return await Promise.all(promises.map(async promise => await promise.then(() => undefined, (error: { code?: unknown }) => error.code)))
}
