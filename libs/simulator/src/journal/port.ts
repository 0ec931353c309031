import { checkJournalJob, decodeJournalEntry, encodeJournalEntry, MapReduceError, type Journal } from '@ipfs-mapreduce/mapreduce'
import { createChanges, type Change, type ChangesInit, type Records } from './changes.ts'

/** The `Journal` port of one run of a virtual process. */
export function createJournalPort (init: ChangesInit): Journal {
  const { name, disk, lifetime, diskMs } = init
  const commit = createChanges(init)
  let closed = false

  const checkOpen = (): void => {
    if (closed) throw new MapReduceError('STORAGE', `the journal of ${name} is closed`)
  }
  const io = async (): Promise<void> => { await new Promise<void>(resolve => { lifetime.clock.setTimeout(() => { resolve() }, diskMs) }) }
  const change = async (job: string, kind: Change['kind'], apply: (records: Records) => void): Promise<void> => {
    checkOpen()
    checkJournalJob(job)
    await commit(job, { kind, apply })
  }
  const remove = (job: string): Promise<void> => change(job, 'remove', records => { records.delete(job) })

  return {
    async append (job, entry) {
      const bytes = encodeJournalEntry(entry)
      await change(job, 'append', records => {
        const entries = records.get(job)
        if (entries === undefined) records.set(job, [bytes])
        else entries.push(bytes)
      })
    },
    async replace (job, entries) {
      const all = entries.map(encodeJournalEntry)
      await (all.length > 0 ? change(job, 'replace', records => { records.set(job, all) }) : remove(job))
    },
    remove,
    async * load () {
      checkOpen()
      await io()
      for (const job of [...disk.records.keys()]) {
        const found = disk.records.get(job)
        if (found === undefined) continue
        yield { job, entries: found.map(decodeJournalEntry) }
        await io()
      }
    },
    async close () {
      closed = true
      await io()
    }
  }
}
