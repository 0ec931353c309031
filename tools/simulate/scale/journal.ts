import { encodeJournalEntry, type Journal } from '@ipfs-mapreduce/mapreduce'

export interface JournalCounts {
  entries: number
  bytes: number
}

/** A journal that encodes what it is given, as one on files does, and forgets it: what the disk takes is not measured here. */
export function createJournal (): { journal: Journal, counts: JournalCounts } {
  const counts: JournalCounts = { entries: 0, bytes: 0 }
  const journal: Journal = {
    async append (_, entry) {
      counts.entries++
      counts.bytes += encodeJournalEntry(entry).length
    },
    async * load () {},
    async replace () {},
    async remove () {},
    async close () {}
  }
  return { journal, counts }
}
