import type { Datum } from './program.ts'

/** One fact about a job, as data: what was decided, not what is to be done. */
export type JournalEntry = Datum

/** The journal of one job as a process finds it. */
export interface JobJournal {
  job: string
  entries: JournalEntry[]
}

/**
 * The port to what a master has decided about its jobs. It outlives the process: whoever writes down a decision
 * before acting on it can go on after a `kill -9`. A job is named by 1 to 128 printable ASCII characters.
 *
 * What is called for one job takes effect in the order of the calls, awaited or not. A call whose process dies
 * before it resolves has taken effect or has not, and none has without those before it.
 *
 * Calls fail with a `MapReduceError`: `BAD_INPUT` for a name or an entry that cannot be written, and nothing has
 * happened; `STORAGE` where the disk is full, not writable or broken, or after `close`.
 * Adapters: `@ipfs-mapreduce/journal` (files), `@ipfs-mapreduce/simulator` (virtual).
 */
export interface Journal {
  /**
   * Appends to the journal of a job, which begins with its first entry. Resolves when the entry survives the end of
   * the process. What happens to the entry afterwards does not reach the journal.
   *
   * Where it fails with `STORAGE`, so do the appends to this job that wait behind it: no entry is kept without those
   * before it. The next one is tried anew.
   */
  append: (job: string, entry: JournalEntry) => Promise<void>
  /**
   * What was appended and not removed, job by job, in order of each job's first entry; one job at a time is in
   * memory. A torn last entry is dropped. Other calls may be made between two jobs.
   */
  load: () => AsyncIterable<JobJournal>
  /**
   * Puts entries in the place of a job's journal, all or nothing: compaction. The job keeps its place in the order.
   * No entries are no journal, as after `remove`.
   */
  replace: (job: string, entries: readonly JournalEntry[]) => Promise<void>
  /** Forgets a job. One that has no journal is no error. */
  remove: (job: string) => Promise<void>
  /** Resolves when what was called before has ended. Later calls fail. */
  close: () => Promise<void>
}
