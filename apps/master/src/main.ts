import { join } from 'node:path'
import { createWindow, master } from '@ipfs-mapreduce/actors'
import { fileJournal } from '@ipfs-mapreduce/journal'
import { runService } from '@ipfs-mapreduce/service'
import { showDashboard } from './http.ts'

/** States of the job machine in which a job is over. */
const OVER = new Set(['succeeded', 'failed', 'cancelled'])

await runService({
  role: 'master',
  create: async ({ options: { cluster, maxJobs, acceptClients }, components, keepResult, observation, dataDir, onClose }) => {
    // What lives in memory ends with the process: there is nothing to go on with.
    const journal = dataDir === undefined ? undefined : await fileJournal({ dir: join(dataDir, 'journal'), log: components.log })
    if (journal !== undefined) onClose('journal', () => journal.close())
    const { http } = observation
    const window = createWindow(components.clock)
    const { watch = window, journal: written } = observation.observer([{ watch: window }])
    const actor = master({ cluster, ...maxJobs !== undefined && { maxRunningJobs: maxJobs }, ...acceptClients !== undefined && { acceptClients } })({ ...components, watch, window, ...journal !== undefined && { journal: written?.(journal) ?? journal }, ...keepResult !== undefined && { keepResult } })
    observation.read({ master: actor })
    const open = (): number => actor.status().jobs.filter(job => !OVER.has(job.state)).length
    return {
      start: async () => {
        await actor.start()
        if (http !== undefined) showDashboard({ http, cluster, master: actor, window, components, node: observation.node, onClose })
      },
      drain: () => actor.drain(),
      stop: () => actor.stop(),
      waitsFor: () => undefined,
      remaining: () => open() === 0 ? undefined : `${open()} open ${open() === 1 ? 'job' : 'jobs'}${journal === undefined ? '' : ' (kept for the next start)'}`
    }
  }
})
