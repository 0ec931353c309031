import type { Datum } from '@ipfs-mapreduce/mapreduce'
import { decodeMessage, type Message } from '@ipfs-mapreduce/protocol'
import type { CheckerOf, View } from './checker.ts'
import { isDeterministic, liars } from './program.ts'

/** When faults have been over for so long, what is there can be had. */
const SETTLED_MS = 45_000

/** Committed map tasks: the runs of each. */
type Committed = Map<number, string[]>

/** A checkpoint is whole when it is announced, can be had as long as somebody keeps it, and what it names as mapped is not mapped again. */
export const checkpoints: CheckerOf = (view, violated) => {
  const { scenario, world, jobs, wiped, taken } = view
  const honest = liars(scenario).size === 0
  /** By checkpoint. */
  const announced = new Map<string, { cids: string[], maps: Committed }>()
  /** By master and job: what the one need not map, because of the checkpoint that it has taken up. */
  const spared = new Map<string, Committed>()

  const announce = (from: string, checkpoint: string): void => {
    const cids = [checkpoint, ...pagesOf(world.files.record(checkpoint))]
    const missing = cids.filter(cid => !world.files.disk(from).has(cid) && !taken(from, cid))
    if (missing.length > 0) violated(`${from} announces the checkpoint ${checkpoint} without having ${missing.join(' ')}`)
    if (!announced.has(checkpoint)) announced.set(checkpoint, { cids, maps: committedIn(cids.slice(1).map(cid => world.files.record(cid))) })
  }

  const lose = (key: string, lost: (mapTask: number, runs: string[]) => boolean): void => {
    const maps = spared.get(key)
    for (const [task, runs] of maps ?? []) if (lost(task, runs)) maps!.delete(task)
  }

  const request = (from: string, to: string, message: Message): void => {
    if (message.type === 'runLost') lose(`${to} ${message.ref.job}`, mapTask => mapTask === message.mapTask)
    if (message.type === 'attemptFailed' && message.failure.code === 'INPUT_LOST') lose(`${to} ${message.ref.job}`, (_, runs) => runs.includes(message.failure.cid ?? ''))
    if (message.type !== 'attemptAssigned' || message.ref.kind !== 'map') return
    const { job, task } = message.ref
    if (spared.get(`${from} ${job}`)?.has(task) === true && honest && isRepeatable(view, job)) violated(`${from} has map ${task} of ${job} run again, which had committed in the checkpoint that it took up`)
  }

  return {
    name: 'a checkpoint is worth resuming',
    observe (occurrence) {
      // Without its journal a master may take up the same job anew, and loses what came since.
      if (occurrence.type === 'ended' && (!scenario.cluster.journaled || wiped(occurrence.peer))) for (const { master, job } of jobs.all()) if (master === occurrence.peer) spared.delete(`${master} ${job}`)
      if (occurrence.type === 'job' && occurrence.what === 'not resumed' && world.clock.now() > scenario.faultsMs + SETTLED_MS) {
        const { checkpoint, master, job } = occurrence
        const there = world.names.filter(name => world.role(name) !== 'master' && world.up(name) && announced.get(checkpoint)!.cids.every(cid => world.files.disk(name).has(cid) && !taken(name, cid)))
        if (there.length > 0) violated(`${master} does not take up ${job}, and ${there.join(' ')} has its checkpoint ${checkpoint}`)
      }
      if (occurrence.type !== 'sent') return
      const { from, to, cargo } = occurrence.consignment
      if (cargo.kind === 'gossip' && cargo.message.type === 'job' && cargo.message.checkpoint !== undefined) announce(from, cargo.message.checkpoint)
      if (cargo.kind === 'request' && world.role(from) !== 'client') request(from, to, cargo.message)
      if (cargo.kind === 'answer' && cargo.request.type === 'resumeJob' && cargo.message.type === 'jobAccepted' && !spared.has(`${from} ${cargo.message.job}`)) {
        spared.set(`${from} ${cargo.message.job}`, new Map(announced.get(cargo.request.checkpoint)?.maps))
      }
    },
    finish () {}
  }
}

function isRepeatable ({ jobs }: View, job: string): boolean {
  const known = jobs.get(job)
  return known !== undefined && isDeterministic(known.errand.plan)
}

function pagesOf (root: Datum | undefined): string[] {
  if (!isFields(root)) return []
  return [root.maps, root.reduces].flatMap(list => Array.isArray(list) ? list.filter(each => typeof each === 'string') : [])
}

/** The map tasks that pages name as completed. */
function committedIn (pages: Array<Datum | undefined>): Committed {
  const maps: Committed = new Map()
  for (const entry of pages.flatMap(page => Array.isArray(page) ? page : [])) {
    if (!isFields(entry) || entry.type !== 'completed' || !(entry.message instanceof Uint8Array)) continue
    const report = decodeMessage(entry.message)
    if (report.type === 'attemptCompleted' && report.ref.kind === 'map') maps.set(report.ref.task, report.runs.map(({ cid }) => cid))
  }
  return maps
}

function isFields (value: Datum | undefined): value is Record<string, Datum> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
}
