import type { Measurement } from './run.ts'

/** What a task may cost the master in processor time, heartbeats aside, and in heap while it waits. */
export const TARGET_TASK_US = 100
export const TARGET_WAITING_BYTES = 1024
/** A target is missed where it is exceeded by this much: machines differ. */
const TOLERANCE = 2
/** What a task costs grows with their number where one of the largest job costs so many times one of the smallest. */
const GROWTH = 2

/** Microseconds of the master's processor time for each map task, heartbeats aside. */
export function taskUs ({ masterMs, heartbeatMs, job }: Measurement): number {
  return (masterMs - heartbeatMs) * 1000 / job.tasks
}

export function heartbeatUs ({ heartbeatMs, workers }: Measurement): number {
  return heartbeatMs * 1000 / Math.max(1, workers.heartbeats - workers.lostHeartbeats)
}

/** A line for each job. */
export function tableText (measurements: readonly Measurement[]): string {
  const rows = measurements.map(measurement => {
    const { job, wallMs, virtualMs, masterMs, waitingBytes, committedBytes, leftBytes, heapBytes, status } = measurement
    return {
      workers: String(job.workers), tasks: String(job.tasks), state: status.state,
      'wall s': (wallMs / 1000).toFixed(1), 'virtual s': (virtualMs / 1000).toFixed(0), 'load %': (masterMs / virtualMs * 100).toFixed(0),
      'µs/task': taskUs(measurement).toFixed(1), 'plan µs/task': (measurement.planMs * 1000 / job.tasks).toFixed(1), 'µs/beat': heartbeatUs(measurement).toFixed(1),
      'B waiting': waitingBytes.toFixed(0), 'B committed': committedBytes.toFixed(0), 'MB heap': mb(heapBytes), 'MB left': mb(leftBytes)
    }
  })
  const names = Object.keys(rows[0]!) as Array<keyof typeof rows[0]>
  const widths = names.map(name => Math.max(name.length, ...rows.map(row => row[name].length)))
  const line = (cells: string[]): string => cells.map((cell, i) => cell.padStart(widths[i]!)).join('  ')
  return [line(names), ...rows.map(row => line(names.map(name => row[name])))].join('\n')
}

/** What took the master's time, and what happened. */
export function detailText ({ job, kinds, masterMs, status, workers, files, journal, violations }: Measurement): string {
  const { maps, reduces } = status
  return [
    `${job.workers} workers, ${job.tasks} map and ${job.reducers} reduce tasks${job.faults ? '' : ', no faults'}${job.journal ? '' : ', no journal'}: ${status.state}`,
    ...kinds.filter(({ ms }) => ms > masterMs / 1000).map(({ name, ms, count }) =>
      `  ${name.padEnd(28)} ${(ms / 1000).toFixed(2).padStart(8)} s ${String(count).padStart(10)} times ${(ms * 1000 / count).toFixed(1).padStart(8)} µs ${(ms * 1000 / job.tasks).toFixed(1).padStart(7)} µs/task`),
    `  attempts: ${maps.attempts + reduces.attempts}, failed ${maps.failedAttempts + reduces.failedAttempts}, backups ${maps.backups + reduces.backups}; local splits ${status.localSplits} of ${status.localSplits + status.remoteSplits}; blacklisted ${status.blacklist.length}`,
    `  workers: ${Object.entries(workers).map(([name, count]) => `${name} ${count}`).join(', ')}`,
    `  store: ${Object.entries(files).map(([name, count]) => `${name} ${count}`).join(', ')}; journal: ${journal.entries} entries, ${mb(journal.bytes)} MB`,
    ...violations.map(violation => `  WRONG: ${violation}`)
  ].join('\n')
}

/** What went wrong, and which targets are missed. */
export function judge (measurements: readonly Measurement[]): string[] {
  const [least, ...more] = [...measurements].sort((a, b) => a.job.tasks - b.job.tasks)
  const most = more.at(-1)
  const grows = most !== undefined && taskUs(most) > GROWTH * taskUs(least!)
  return [...measurements.flatMap(judgeOne), ...grows ? [`a task of ${most.job.tasks} took ${(taskUs(most) / taskUs(least!)).toFixed(1)} times as long as one of ${least!.job.tasks}`] : []]
}

function judgeOne (measurement: Measurement): string[] {
  const { job: { workers, tasks }, violations, waitingBytes } = measurement
  const us = taskUs(measurement)
  return [
    ...violations,
    ...us > TOLERANCE * TARGET_TASK_US ? [`a task took ${us.toFixed(1)} µs of the master's processor time, and ${TARGET_TASK_US} µs are aimed at`] : [],
    ...waitingBytes > TOLERANCE * TARGET_WAITING_BYTES ? [`a waiting task took ${waitingBytes.toFixed(0)} bytes, and ${TARGET_WAITING_BYTES} are aimed at`] : []
  ].map(text => `${workers} workers, ${tasks} tasks: ${text}`)
}

function mb (bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1)
}
