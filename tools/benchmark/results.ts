import type { Footprint } from './process-tree.ts'
import type { Summary } from './statistics.ts'

/** What is kept of a measurement: the JSON's shape. */

export interface ContenderResult {
  name: string
  seconds: Summary
  footprint?: Footprint
  phases?: Record<string, number>
}

export interface WorkloadResult {
  workload: string
  size: number
  unit: 'bytes' | 'files' | 'jobs'
  /** ISO 8601, when it ended. */
  at: string
  /** This project's first. */
  contenders: ContenderResult[]
  notes: string[]
}

export interface Machine {
  cpu: string
  cores: number
  memoryMiB: number
  system: string
  node: string
}

export interface Results {
  /** Short hash, with `-dirty` where files of the project were changed. */
  commit: string
  machine: Machine
  workloads: WorkloadResult[]
}

/** A result of the same workload and size takes the place of an older one. */
export function merge (results: Results, added: readonly WorkloadResult[]): Results {
  const same = (a: WorkloadResult) => (b: WorkloadResult): boolean => a.workload === b.workload && a.size === b.size
  const replaced = results.workloads.map(old => added.find(same(old)) ?? old)
  return { ...results, workloads: [...replaced, ...added.filter(result => !results.workloads.some(same(result)))] }
}

export function findContender (result: WorkloadResult | undefined, name: string): ContenderResult | undefined {
  return result?.contenders.find(contender => contender.name === name)
}

/** The project's own. */
export function ours (result: WorkloadResult): ContenderResult {
  return result.contenders[0]!
}
