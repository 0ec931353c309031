import { checkJournalJob, decodeJournalEntry, encodeJournalEntry, MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { parseHead } from './format.ts'
import { createJobFile } from './job-file.ts'
import { createJobJournal } from './job-journal.ts'
import { openFolder } from './folder.ts'
import { silent } from './log.ts'
import type { Folder } from './folder.ts'
import type { JobJournal } from './job-journal.ts'
import type { Log } from './log.ts'
import type { Journal } from '@ipfs-mapreduce/mapreduce'

export interface FileJournalInit {
  /** The journal's own directory, in a data directory that this process holds: two processes would spoil each other's files. */
  dir: string
  /** Whether entries survive a power cut too, not only the end of the process. Default true. */
  sync?: boolean
  log?: Log
}

/** Opens the journal of a directory, which is made where it is absent. Rejects with `STORAGE` where that cannot be. */
export async function fileJournal ({ dir, sync = true, log = silent }: FileJournalInit): Promise<Journal> {
  const { folder, jobs } = await asStorage(`cannot use the journal in ${dir}`, async () => {
    const folder = await openFolder(dir, sync)
    return { folder, jobs: await findJobs(folder, log) }
  })
  let closed = false

  const checkOpen = (): void => {
    if (closed) throw new MapReduceError('STORAGE', `the journal in ${dir} is closed`)
  }
  const ended = async (): Promise<void> => { await Promise.all([...jobs.values()].map(journal => journal.ended())) }

  const withJob = async (job: string, work: (journal: JobJournal) => Promise<void>): Promise<void> => {
    checkOpen()
    checkJournalJob(job)
    const journal = jobs.get(job) ?? createJobJournal(createJobFile(job, folder, log))
    jobs.set(job, journal)
    try {
      await asStorage(`cannot write the journal of job ${job} in ${dir}`, () => work(journal))
    } finally {
      if (jobs.get(job) === journal && journal.number() === undefined && journal.idle()) jobs.delete(job)
    }
  }

  return {
    async append (job, entry) {
      const payload = encodeJournalEntry(entry)
      await withJob(job, journal => journal.append(payload))
    },
    async replace (job, entries) {
      const payloads = entries.map(encodeJournalEntry)
      await withJob(job, journal => payloads.length > 0 ? journal.replace(payloads) : journal.remove())
    },
    remove: job => withJob(job, journal => journal.remove()),
    async * load () {
      checkOpen()
      await ended()
      const listed = [...jobs].flatMap(([job, journal]) => {
        const number = journal.number()
        return number === undefined ? [] : { job, journal, number }
      })
      for (const { job, journal } of listed.sort((a, b) => a.number - b.number)) {
        const payloads = await asStorage(`cannot read the journal of job ${job} in ${dir}`, journal.read)
        if (payloads.length > 0) yield { job, entries: payloads.map(decodeJournalEntry) }
      }
    },
    async close () {
      closed = true
      await ended()
    }
  }
}

/** The jobs that have files, in order. What no job can be made of is set aside. */
async function findJobs (folder: Folder, log: Log): Promise<Map<string, JobJournal>> {
  const jobs = new Map<string, JobJournal>()
  for (const number of folder.found) {
    const head = parseHead(await folder.head(number))
    if ('job' in head) {
      const earlier = jobs.get(head.job)?.number()
      if (earlier !== undefined) await abandon(folder, earlier, log, `a later file is of job ${head.job} too`)
      jobs.set(head.job, createJobJournal(createJobFile(head.job, folder, log, number)))
    } else if (head.ending === 'rotten') await abandon(folder, number, log, 'its beginning, which names the job, is damaged')
    // The process died while it began the file: no call for the job had resolved.
    else await folder.remove(number)
  }
  return jobs
}

async function abandon (folder: Folder, number: number, log: Log, reason: string): Promise<void> {
  const file = await folder.setAside(number, 0, await folder.read(number))
  await folder.remove(number)
  await folder.sync()
  log.warn({ file, reason }, 'a file of the journal cannot be used, and is kept as it was')
}

/** What went wrong below, told as what could not be done. */
async function asStorage<T> (what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new MapReduceError('STORAGE', `${what}: ${(cause as Error).message}`, { cause })
  }
}
