import type { Scenario } from './scenario.ts'

/** Runs that one shrinking may cost. */
const MAX_RUNS = 400

/**
 * Leaves out faults and jobs as long as a scenario still fails, by halves and then one by one (after Zeller and Hildebrandt's
 * delta debugging, 2002). What is left fails, and nothing can be left out of it alone.
 */
export async function minimise (scenario: Scenario, fails: (scenario: Scenario) => Promise<boolean>): Promise<Scenario> {
  let runs = 0
  const still = async (smaller: Scenario): Promise<boolean> => ++runs <= MAX_RUNS && await fails(smaller)
  let least = scenario
  for (let before = -1; before !== sizeOf(least);) {
    before = sizeOf(least)
    least = { ...least, faults: await fewest(least.faults, async faults => await still({ ...least, faults })) }
    least = { ...least, jobs: await fewest(least.jobs, async jobs => jobs.length > 0 && await still({ ...least, jobs })) }
  }
  return least
}

function sizeOf ({ faults, jobs }: Scenario): number {
  return faults.length + jobs.length
}

async function fewest<T> (items: readonly T[], suffices: (items: T[]) => Promise<boolean>): Promise<T[]> {
  let kept = [...items]
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < kept.length;) {
      const fewer = [...kept.slice(0, at), ...kept.slice(at + size)]
      if (await suffices(fewer)) kept = fewer
      else at += size
    }
  }
  return kept
}
