import { join } from 'node:path'
import { master } from '@ipfs-mapreduce/actors'
import { fileJournal } from '@ipfs-mapreduce/journal'
import { runService } from '@ipfs-mapreduce/service'

/** States of the job machine in which a job is over. */
const OVER = new Set(['succeeded', 'failed', 'cancelled'])

await runService({
  role: 'master',
  create: async ({ options, components, dataDir, onClose }) => {
    // What lives in memory ends with the process: there is nothing to go on with.
    const journal = dataDir === undefined ? undefined : await fileJournal({ dir: join(dataDir, 'journal'), log: components.log })
    if (journal !== undefined) onClose('journal', () => journal.close())
    const actor = master({ cluster: options.cluster, ...options.maxJobs !== undefined && { maxRunningJobs: options.maxJobs } })({ ...components, ...journal !== undefined && { journal } })
    const open = (): number => actor.status().jobs.filter(job => !OVER.has(job.state)).length
    return {
      start: () => actor.start(),
      drain: () => actor.drain(),
      stop: () => actor.stop(),
      remaining: () => open() === 0 ? undefined : `${open()} open ${open() === 1 ? 'job' : 'jobs'}${journal === undefined ? '' : ' (kept for the next start)'}`
    }
  }
})
