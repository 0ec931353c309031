import type { JobStatus, Status } from '@ipfs-mapreduce/protocol'
import { createClosers, createLog } from '@ipfs-mapreduce/service'
import type { CommandContext } from '../commands/context.ts'
import type { DoorFlags } from '../commands/options.ts'
import { glanceAtJob, glanceAtMaster } from '../view/glance.ts'
import { renderJob, renderJobs, renderStatus, renderWorkers } from '../view/status-page.ts'
import { askJob, askStatus, cancelJob } from './ask.ts'
import type { MasterLink } from './ask.ts'
import { openClient, openNetwork, reachMaster } from './client.ts'
import { jobEnded, watch } from './watch-status.ts'

export interface MasterOptions extends DoorFlags { connect: string, cluster: string }

/** A peer without a repo, for one question: nobody needs to reach it. With a data directory it is the peer of that. */
async function withMaster (options: MasterOptions & { dataDir?: string }, signal: AbortSignal, use: (link: MasterLink) => Promise<void>): Promise<void> {
  const log = createLog('ipmr', { level: 'silent', format: 'json' })
  const closers = createClosers(log)
  try {
    const listen: string[] = []
    const { network } = options.dataDir === undefined ? { network: await openNetwork({ ...options, listen }, log, closers) } : await openClient({ ...options, dataDir: options.dataDir, listen }, log, closers)
    await use(await reachMaster(network, options.connect, signal))
  } finally {
    await closers.close()
  }
}

export interface StatusOptions extends MasterOptions { json?: boolean, watch?: boolean }

export async function status (job: string | undefined, options: StatusOptions, context: CommandContext): Promise<void> {
  const { interrupt: { signal }, print } = context
  const isJson = options.json === true
  await withMaster(options, signal, async link => {
    if (options.watch === true && job === undefined) {
      await watch(link, { ask: async at => await askStatus(at, undefined, signal), page: renderStatus, glance: glanceAtMaster, ...isJson && { json: jobsAndWorkers }, ended: () => false }, context)
    } else if (options.watch === true && job !== undefined) {
      await watch(link, { ask: async at => await askJob(at, job, signal), page: renderJob, glance: glanceAtJob, ...isJson && { json: (seen: JobStatus) => seen }, ended: jobEnded }, context)
    } else if (job === undefined) {
      const all = await askStatus(link, undefined, signal)
      await print(isJson ? toJson(jobsAndWorkers(all)) : `${renderStatus(all)}\n`)
    } else {
      const one = await askJob(link, job, signal)
      await print(isJson ? toJson(one) : `${renderJob(one)}\n`)
    }
  })
}

/** What of a status a script is told. */
function jobsAndWorkers ({ jobs, workers }: Status): Pick<Status, 'jobs' | 'workers'> {
  return { jobs, workers }
}

export async function jobs (options: MasterOptions & { json?: boolean }, { interrupt: { signal }, print }: CommandContext): Promise<void> {
  await withMaster(options, signal, async link => {
    const all = await askStatus(link, undefined, signal)
    await print(options.json === true ? toJson(all.jobs) : `${renderJobs(all)}\n`)
  })
}

export async function cancel (job: string, options: MasterOptions & { reason: string, dataDir: string, json?: boolean }, { interrupt: { signal }, print }: CommandContext): Promise<void> {
  await withMaster(options, signal, async link => {
    await cancelJob(link, job, options.reason, signal)
    const { state } = await askJob(link, job, signal)
    await print(options.json === true ? toJson({ job, state }) : `${job} ${state}\n`)
  })
}

export async function peers (options: MasterOptions & { json?: boolean }, { interrupt: { signal }, print }: CommandContext): Promise<void> {
  await withMaster(options, signal, async link => {
    const all = await askStatus(link, undefined, signal)
    await print(options.json === true ? toJson(all.workers) : `${renderWorkers(all)}\n`)
  })
}

function toJson (value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
