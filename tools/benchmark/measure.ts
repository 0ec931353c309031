import { availableParallelism, loadavg } from 'node:os'
import type { Bench } from './bench.ts'
import { largestOf } from './footprint.ts'
import type { ContenderResult, WorkloadResult } from './results.ts'
import { summarise } from './statistics.ts'
import { formatSeconds } from './titles.ts'
import type { Contender, Sample } from './contender.ts'
import type { Workload } from './workload.ts'

/** Making an input keeps one core busy. */
const BUSY_LOAD_PER_CORE = 0.75

/** Runs a workload's contenders in turn, each turn beginning with another one, and compares what they made. */
export async function measure (bench: Bench, workload: Workload, size: number, turns: number): Promise<WorkloadResult> {
  const stage = await workload.prepare(bench, size, turns)
  const busy = busyNote()
  const samples = new Map<Contender, Sample[]>(stage.contenders.map(contender => [contender, []]))
  try {
    for (let turn = 0; turn < turns; turn++) {
      const checks = new Map<string, string>()
      for (const contender of rotated(stage.contenders, turn).filter(({ turns = Infinity }) => turn < turns)) {
        bench.signal.throwIfAborted()
        const sample = await contender.run(turn)
        samples.get(contender)!.push(sample)
        if (sample.check !== undefined) checks.set(contender.name, sample.check)
        bench.say(`  run ${turn + 1} of ${turns}: ${contender.name} ${formatSeconds(sample.seconds)}${sample.check === undefined ? '' : `, ${sample.check}`}`)
      }
      refuseDifference(workload.name, checks)
    }
  } finally {
    await stage.close?.()
  }
  const contenders = [...samples].map(([{ name }, of]) => resultOf(name, of))
  return { workload: workload.name, size, unit: workload.unit, at: new Date().toISOString(), contenders, notes: [...stage.notes ?? [], ...busy] }
}

/** Whoever else is at work slows all contenders, and not alike: their processor time tells more then. */
function busyNote (): string[] {
  const [load = 0] = loadavg()
  const cores = availableParallelism()
  return load <= cores * BUSY_LOAD_PER_CORE ? [] : [`the machine was busy with other work (load ${load.toFixed(1)} on ${cores} cores): processor time tells more than time`]
}

function rotated<T> (list: T[], by: number): T[] {
  const at = by % list.length
  return [...list.slice(at), ...list.slice(0, at)]
}

/** A contender that made something else was not measured at the same work. */
function refuseDifference (workload: string, checks: Map<string, string>): void {
  const [first, ...others] = checks
  const other = others.find(([, check]) => check !== first![1])
  if (first !== undefined && other !== undefined) throw new Error(`${workload}: ${first[0]} made ${first[1]}, and ${other[0]} made ${other[1]}`)
}

function resultOf (name: string, samples: Sample[]): ContenderResult {
  const footprints = samples.flatMap(({ footprint }) => footprint === undefined ? [] : [footprint])
  const phases = samples.flatMap(({ phases }) => phases === undefined ? [] : [phases])
  return {
    name,
    seconds: summarise(samples.map(({ seconds }) => seconds)),
    ...(footprints.length === 0 ? {} : { footprint: largestOf(footprints) }),
    ...(phases.length === 0 ? {} : { phases: mediansOf(phases) })
  }
}

function mediansOf (phases: Array<Record<string, number>>): Record<string, number> {
  const names = Object.keys(phases[0]!)
  return Object.fromEntries(names.map(name => [name, summarise(phases.map(each => each[name] ?? 0)).median]))
}
