import { describe, expect, it } from '@jest/globals'
import type { JournalEntry } from '@ipfs-mapreduce/mapreduce'
import { createClock } from '../clock.ts'
import { createLifetime } from '../lifetime.ts'
import { createRandom } from '../prng.ts'
import { createVirtualJournals } from './virtual-journals.ts'

const DISK_MS = 10
const SEEDS = 60

function machine (seed: number | string = 'journal') {
  const clock = createClock()
  const journals = createVirtualJournals({ clock, random: createRandom(seed), diskMs: DISK_MS })
  const start = (name = 'm') => {
    const lifetime = createLifetime(clock, name)
    return { journal: journals.open(name, lifetime), crash: lifetime.end }
  }
  return { clock, journals, start }
}

/** How a promise ends: its value, or its error. */
function watch (promise: Promise<unknown>): { ended: unknown } {
  const state: { ended: unknown } = { ended: undefined }
  promise.then(() => { state.ended = 'resolved' }, (error: unknown) => { state.ended = error })
  return state
}

/** What one seed leaves of five calls for job a and two for job b, under way at a crash. */
async function left (seed: number): Promise<{ a: JournalEntry[], b: JournalEntry[] }> {
  const { clock, journals, start } = machine(seed)
  const { journal, crash } = start()
  watch(journal.append('a', 'kept'))
  await clock.advance(DISK_MS)
  const calls = [journal.append('a', 1), journal.append('a', 2), journal.replace('a', [3, 4]), journal.append('a', 5), journal.remove('a'), journal.append('b', 1), journal.append('b', 2)].map(watch)
  await clock.advance(DISK_MS - 1)
  crash()
  await clock.advance(10 * DISK_MS)
  expect(calls.map(({ ended }) => ended)).toEqual(calls.map(() => undefined))
  const found = Object.fromEntries(journals.content('m').map(({ job, entries }) => [job, entries]))
  return { a: found['a'] ?? [], b: found['b'] ?? [] }
}

describe('virtual journals', () => {
  it('take virtual time, and write together what is called together', async () => {
    const { clock, journals, start } = machine()
    const { journal } = start()
    const first = watch(journal.append('a', 1))
    await clock.advance(DISK_MS / 2)
    const second = watch(journal.append('a', 2))
    const third = watch(journal.append('b', 3))
    expect(journals.content('m')).toEqual([])
    await clock.advance(DISK_MS / 2)
    expect([first.ended, second.ended, third.ended]).toEqual(['resolved', undefined, undefined])
    await clock.advance(DISK_MS / 2)
    expect([second.ended, third.ended]).toEqual(['resolved', 'resolved'])
    expect(journals.content('m')).toEqual([{ job: 'a', entries: [1, 2] }, { job: 'b', entries: [3] }])
  })

  it('have, after a crash, some of the calls under way, in order and whole, and any number of them by the seed', async () => {
    const seen = { a: new Set<string>(), b: new Set<string>() }
    for (let seed = 0; seed < SEEDS; seed++) {
      const { a, b } = await left(seed)
      seen.a.add(JSON.stringify(a))
      seen.b.add(JSON.stringify(b))
      expect(await left(seed)).toEqual({ a, b })
    }
    expect(seen.a).toEqual(new Set(['["kept"]', '["kept",1]', '["kept",1,2]', '[3,4]', '[3,4,5]', '[]']))
    expect(seen.b).toEqual(new Set(['[]', '[1]', '[1,2]']))
  })

  it('draw anew at each crash', async () => {
    const { clock, journals, start } = machine()
    const survived: boolean[] = []
    for (let run = 0; run < SEEDS; run++) {
      const { journal, crash } = start()
      watch(journal.append(`run ${run}`, 1))
      crash()
      await clock.advance(DISK_MS)
      survived.push(journals.content('m').some(({ job }) => job === `run ${run}`))
    }
    expect(new Set(survived)).toEqual(new Set([true, false]))
  })

  it('do nothing for a process that has crashed', async () => {
    const { clock, journals, start } = machine()
    const { journal, crash } = start()
    crash()
    const late = [watch(journal.append('a', 1)), watch(journal.replace('a', [1])), watch(journal.close())]
    await clock.advance(10 * DISK_MS)
    expect(late.map(({ ended }) => ended)).toEqual([undefined, undefined, undefined])
    expect(journals.content('m')).toEqual([])
  })

  it('let go of jobs on a full disk', async () => {
    const { clock, journals, start } = machine()
    const { journal, crash } = start()
    watch(journal.append('a', 1))
    watch(journal.append('b', 1))
    await clock.advance(DISK_MS)
    journals.setFull('m', true)
    const ends = [watch(journal.append('b', 2)), watch(journal.remove('a'))]
    await clock.advance(DISK_MS)
    expect(ends.map(({ ended }) => ended)).toEqual([expect.objectContaining({ code: 'STORAGE', message: expect.stringMatching(/job b.*disk of m is full/) }), 'resolved'])
    expect(journals.content('m')).toEqual([{ job: 'b', entries: [1] }])
    watch(journal.append('b', 2))
    crash()
    expect(journals.content('m')).toEqual([{ job: 'b', entries: [1] }])
  })

  it('fail what waits behind a failed append, though the disk has room by then', async () => {
    const { clock, journals, start } = machine()
    const { journal } = start()
    journals.setFull('m', true)
    const first = watch(journal.append('a', 1))
    await clock.advance(DISK_MS - 1)
    const [second, replaced, third] = [watch(journal.append('a', 2)), watch(journal.replace('b', [2])), watch(journal.append('a', 3))]
    await clock.advance(1)
    journals.setFull('m', false)
    const anew = watch(journal.append('a', 4))
    await clock.advance(DISK_MS)
    expect([first.ended, second.ended, third.ended]).toEqual([1, 2, 3].map(() => expect.objectContaining({ code: 'STORAGE' })))
    expect([replaced.ended, anew.ended]).toEqual(['resolved', 'resolved'])
    expect(journals.content('m')).toEqual([{ job: 'b', entries: [2] }, { job: 'a', entries: [4] }])
  })

  it('are lost with their disk, and only those', async () => {
    const { clock, journals, start } = machine()
    for (const name of ['m', 'n']) watch(start(name).journal.append('a', name))
    await clock.advance(DISK_MS)
    journals.wipe('m')
    expect(journals.content('m')).toEqual([])
    expect(journals.content('n')).toEqual([{ job: 'a', entries: ['n'] }])
  })
})
