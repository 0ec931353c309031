import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { drawScenario } from './draw.ts'
import { minimise } from './minimise.ts'
import type { Fault } from '../faults/fault.ts'

const drain = (atMs: number): Fault => ({ kind: 'drain', peer: 'm1', atMs, forMs: 1 })

describe('minimise', () => {
  it('leaves the faults and the job that it takes to fail', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 24 }), fc.uniqueArray(fc.nat(23), { minLength: 1, maxLength: 3 }), async (many, culprits) => {
      const guilty = culprits.map(culprit => culprit % many)
      const { jobs: [job], ...rest } = drawScenario(1)
      const scenario = { ...rest, jobs: [job!, { ...job!, program: 'guilty' }], faults: Array.from({ length: many }, (_, i) => drain(i)) }
      const least = await minimise(scenario, async ({ faults, jobs }) =>
        jobs.some(({ program }) => program === 'guilty') && guilty.every(atMs => faults.some(fault => fault.kind === 'drain' && fault.atMs === atMs)))
      expect(least.faults).toEqual([...new Set(guilty)].sort((a, b) => a - b).map(drain))
      expect(least.jobs.map(({ program }) => program)).toEqual(['guilty'])
    }), { numRuns: 50 })
  })
})
