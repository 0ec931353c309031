import { randomInt } from 'node:crypto'
import { formatFaults, injectFaults, seededRandom, type FaultInjection } from '@ipfs-mapreduce/faults'
import { systemClock } from './clock.ts'
import type { ServiceLog } from './log.ts'
import { FAULT_SEEDS, type ServiceOptions } from './options.ts'

/** The faults that this process was told to suffer, of which it warns; without any, nothing is decorated. */
export function prepareFaults ({ faults, faultSeed }: Pick<ServiceOptions, 'faults' | 'faultSeed'>, log: ServiceLog): FaultInjection {
  const seed = faultSeed ?? randomInt(FAULT_SEEDS)
  if (faults.length > 0) log.warn({ faults: formatFaults(faults), seed }, `fault injection is on: this process will suffer ${formatFaults(faults)}; --fault-seed ${seed} repeats its draws`)
  return injectFaults(faults, { random: seededRandom(seed), clock: systemClock, crash: () => { process.kill(process.pid, 'SIGKILL') }, log })
}
