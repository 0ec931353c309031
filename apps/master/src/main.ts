import { master } from '@ipfs-mapreduce/actors'
import { runService } from '@ipfs-mapreduce/service'

/** States of the job machine in which a job is over. */
const OVER = new Set(['succeeded', 'failed', 'cancelled'])

await runService({
  role: 'master',
  create: ({ options, components }) => {
    const actor = master({ cluster: options.cluster })(components)
    const open = (): number => actor.status().jobs.filter(job => !OVER.has(job.state)).length
    return {
      start: () => actor.start(),
      drain: () => actor.drain(),
      stop: () => actor.stop(),
      remaining: () => open() === 0 ? undefined : `${open()} open ${open() === 1 ? 'job' : 'jobs'}`
    }
  }
})
