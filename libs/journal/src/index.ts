/**
 * The `Journal` port on files: a file for each job, appended to and read back after the process was killed.
 *
 * `fileJournal({ dir: join(dataDir, 'journal') })`, where `dataDir` is held by this process. README.md describes the
 * files and what they survive.
 */
export { fileJournal } from './file-journal.ts'
export type { FileJournalInit } from './file-journal.ts'
export type { Log } from './log.ts'
