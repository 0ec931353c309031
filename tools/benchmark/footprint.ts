import type { Footprint } from './process-tree.ts'
import { median } from './statistics.ts'

/** Of several runs: the most memory that any took, and the medians of processor seconds. */
export function largestOf (footprints: readonly Footprint[]): Footprint {
  const largest = footprints.reduce((most, each) => each.largestMiB > most.largestMiB ? each : most)
  const names = [...new Set(footprints.flatMap(({ peakMiB }) => Object.keys(peakMiB)))]
  return {
    largest: largest.largest,
    largestMiB: largest.largestMiB,
    sumMiB: Math.max(...footprints.map(({ sumMiB }) => sumMiB)),
    peakMiB: Object.fromEntries(names.map(name => [name, Math.max(...footprints.map(({ peakMiB }) => peakMiB[name] ?? 0))])),
    cpuSeconds: Object.fromEntries(names.map(name => [name, median(footprints.map(({ cpuSeconds }) => cpuSeconds[name] ?? 0))]))
  }
}

/** Of all processes together. */
export function processorSeconds ({ cpuSeconds }: Footprint): number {
  return Object.values(cpuSeconds).reduce((sum, seconds) => sum + seconds, 0)
}
