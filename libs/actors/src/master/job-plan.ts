import { fillTable, planInput } from './planner.ts'
import type { Survey } from './locality.ts'
import type { Progress } from './progress.ts'
import type { TaskTable } from './task-table.ts'
import type { WorkerTable } from './worker-table.ts'
import type { MasterComponents } from '../components.ts'
import type { SubmitJob } from '@ipfs-mapreduce/protocol'

export interface JobPlanInit extends Pick<MasterComponents, 'files' | 'log'> {
  job: string
  submit: SubmitJob
  /** Both are filled. */
  maps: TaskTable
  reduces: TaskTable
  survey: Survey
  workers: WorkerTable
  progress: Progress
  signal: AbortSignal
}

/** Fetches a job's program, and makes a task of each group of the input's splits and of each partition. Where `signal` is aborted nothing is told of it. Rejects with what reading throws. */
export async function planJob ({ job, submit: { spec, providers, roots }, maps, reduces, survey, workers, progress, files, log, signal }: JobPlanInit): Promise<void> {
  await files.fetch(spec.program, { providers, signal })
  const plan = await planInput(files, spec.input, { format: spec.inputFormat, splitBytes: spec.splitBytes, providers, ...roots !== undefined && { roots }, signal })
  progress.inputBytes = plan.inputBytes
  await fillTable(maps, plan, async tasks => {
    await survey.planned(tasks, workers.ready('mapper').map(({ peer }) => peer))
  })
  for (let partition = 0; partition < spec.reducers; partition++) reduces.add([], [])
  if (signal.aborted) return
  progress.endPhase('plan')
  if (maps.records.length === 0) progress.endPhase('map')
  log.info({ job, maps: maps.records.length, reduces: spec.reducers, inputBytes: plan.inputBytes }, 'planned')
}
