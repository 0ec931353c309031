import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandom } from '@ipfs-mapreduce/simulator'
import { findAbilities } from './abilities.ts'
import { startCluster } from './cluster.ts'
import type { Cluster } from './cluster.ts'
import { prepareJobs } from './jobs.ts'
import { openNamespaces } from './namespaces.ts'
import type { Namespaces } from './namespaces.ts'
import type { Options } from './options.ts'
import { createReport, summary } from './report.ts'
import { playRound } from './round.ts'
import { roundAt } from './schedule.ts'
import { Statistics } from './statistics.ts'
import { waitForWorkers } from './workers.ts'

const MAPPERS = 3
const REDUCERS = 2
/** Attempts at once of each worker: with one, every worker that is away is missed. */
const SLOTS = 1
const MINUTE = 60_000
/** Seeds of texts are whole numbers below this. */
const TEXT_SEEDS = 1_000_000

/**
 * Plays rounds until their number or the time is over, and takes everything down again, however it ends.
 *
 * @param stop - aborted when a person has had enough
 */
export async function runChaos (options: Options, stream: NodeJS.WriteStream, stop: AbortSignal): Promise<Statistics> {
  const statistics = new Statistics()
  const report = createReport(stream, statistics)
  const abilities = await findAbilities(options)
  const dir = await mkdtemp(join(tmpdir(), 'ipmr-chaos-'))
  let namespaces: Namespaces | undefined
  let cluster: Cluster | undefined
  let finished = false
  const close = async (): Promise<void> => {
    await cluster?.close()
    await namespaces?.close()
  }
  const closeAtOnce = (): void => { void cluster?.close() }
  stop.addEventListener('abort', closeAtOnce)
  try {
    report.say(`seed ${options.seed}: 1 master, ${MAPPERS} mappers, ${REDUCERS} reducers, ${abilities.network ? 'each with an address on a network of its own' : 'on loopback'}`)
    if (abilities.leftOut !== undefined) report.say(`left out: ${abilities.leftOut.kinds.join(', ')} (${abilities.leftOut.why})`)
    const jobs = await prepareJobs(dir, createRandom(options.seed).int(TEXT_SEEDS))
    namespaces = abilities.network ? await openNamespaces(options.seed) : undefined
    let round = 0
    cluster = await startCluster({
      dir, namespaces, mappers: MAPPERS, reducers: REDUCERS, slots: SLOTS, onLost: what => { if (!stop.aborted) statistics.lost.push(`round ${round}: ${what}`) }
    })
    const missing = await waitForWorkers(cluster)
    if (missing !== undefined) throw new Error(missing)
    report.say('all have joined')
    const schedule = { seed: options.seed, kinds: abilities.kinds, master: cluster.master, workers: cluster.workers }
    const endMs = performance.now() + options.minutes * MINUTE
    while (round < options.rounds && performance.now() < endMs && !stop.aborted) {
      const next = roundAt(schedule, ++round)
      report.begin(next)
      const result = await unlessStopped(stop, playRound(cluster, jobs, next, dir))
      if (result === undefined) break
      statistics.add(result)
      report.end(result)
    }
    const { passed, lost } = namespaces?.counts() ?? { passed: 0, lost: 0 }
    if (namespaces !== undefined) report.say(`packets: ${passed} passed, ${lost} lost on the line`)
    for (const line of summary(statistics, replayCommand(options, statistics.rounds))) report.say(line)
    finished = true
    return statistics
  } catch (error) {
    if (!stop.aborted) throw error
    finished = true
    return statistics
  } finally {
    report.close()
    stop.removeEventListener('abort', closeAtOnce)
    await close()
    if (options.keep || statistics.lost.length > 0 || !finished) report.say(`kept: ${dir} (the processes' logs are in ${join(dir, 'logs')})`)
    else await rm(dir, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** What was done while everything was taken down counts for nothing. */
async function unlessStopped<T> (stop: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  try {
    const result = await work
    return stop.aborted ? undefined : result
  } catch (error) {
    if (stop.aborted) return undefined
    throw error
  }
}

function replayCommand ({ seed, only, loopback }: Options, rounds: number): string {
  return ['npm run chaos --', `--seed ${seed}`, `--rounds ${rounds}`, ...only === undefined ? [] : [`--only ${only.join(',')}`], ...loopback ? ['--loopback'] : []].join(' ')
}
