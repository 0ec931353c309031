import type { WorkloadResult } from './results.ts'
import { formatSize } from './size.ts'

/** A workload and its size, as a person says it. */
export function titleOf ({ workload, size, unit }: Pick<WorkloadResult, 'workload' | 'size' | 'unit'>): string {
  switch (unit) {
    case 'bytes': return `${workload}, ${formatSize(size)}`
    case 'files': return `${workload}, ${size.toLocaleString('en')} files`
    case 'jobs': return workload
  }
}

/** Seconds with as many digits as matter. */
export function formatSeconds (seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`
  return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`
}
