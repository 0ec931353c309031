import { describe, expect, it } from '@jest/globals'
import { drawFaults } from './draw.ts'
import { FAULT_KINDS, type Fault, type FaultKind } from './fault.ts'
import { createRandom } from '../prng.ts'
import { runScenario } from '../scenario/run.ts'
import type { Scenario } from '../scenario/scenario.ts'

const SCENARIO: Scenario = {
  seed: 'inflict', faultsMs: 6_000, faults: [],
  cluster: {
    masters: 1, spares: 1, mappers: 2, reducers: 2, slots: 1, named: true, journaled: true, timing: { executeMs: 20_000, awayMs: 60_000 },
    latencyMs: { min: 1, max: 3 }, diskMs: 1, executeMs: { min: 50, max: 400 }, endless: 0
  },
  jobs: [{
    atMs: 100, master: 'master', program: 'counting', args: {}, files: { 'a.txt': 'the whale the ship\nof the sea\nand the deep\n'.repeat(4) }, chunkBytes: 16, splitBytes: 16,
    reducers: 2, holders: [], priority: 'normal', maxAttempts: 0, deadlineMs: 0, skipBadRecords: 0
  }]
}
const SPAN = { atMs: 600, forMs: 900 }

/** One fault of each kind, and what the transcript says of it. */
const CASES: Record<FaultKind, { fault: Fault, seen: RegExp }> = {
  drop: { fault: { kind: 'drop', of: 'attemptCompleted', p: 0.5, ...SPAN }, seen: /^\d+ m\d -x master attemptCompleted .* \(dropped\)$/ },
  delay: { fault: { kind: 'delay', of: 're:attemptCompleted', p: 1, ms: 700, ...SPAN }, seen: /^\d+ master -> m\d ack of attemptCompleted/ },
  reorder: { fault: { kind: 'reorder', of: 'any', p: 1, ms: 300, ...SPAN }, seen: /attemptCompleted/ },
  duplicate: { fault: { kind: 'duplicate', of: 'gossip', p: 1, ...SPAN }, seen: /jobs job/ },
  corrupt: { fault: { kind: 'corrupt', of: 'attemptAssigned', p: 1, ...SPAN }, seen: /^\d+ master -x m\d attemptAssigned .* \(reset\)$/ },
  partition: { fault: { kind: 'partition', from: ['m1'], to: ['master'], ...SPAN }, seen: /fault: m1 \| master for 900 ms$/ },
  cut: { fault: { kind: 'cut', from: ['m1', 'm2'], to: ['master'], ...SPAN }, seen: /^\d+ m\d -x master attemptCompleted .* \(cut\)$/ },
  crash: { fault: { kind: 'crash', peer: 'm1', disk: 'wiped', ...SPAN }, seen: /^1500 m1 starts again$/ },
  drain: { fault: { kind: 'drain', peer: 'm1', ...SPAN }, seen: /^1500 m1 starts again$/ },
  stop: { fault: { kind: 'stop', peer: 'master', ...SPAN }, seen: /^1500 master starts again$/ },
  lose: { fault: { kind: 'lose', peer: 'client', atMs: 150, which: 0.5 }, seen: /^150 fault: client loses baf/ },
  rot: { fault: { kind: 'rot', peer: 'm1', atMs: 900, which: 0.5 }, seen: /^900 fault: m1 lets rot baf/ },
  full: { fault: { kind: 'full', peer: 'm2', ...SPAN }, seen: /^600 fault: the disk of m2 is full for 900 ms$/ },
  forge: { fault: { kind: 'forge', atMs: 900, which: [0, 0.3, 0.6, 0.9] }, seen: /^900 fault: client says \w+.* to \w+$/ },
  takeover: { fault: { kind: 'takeover', peer: 'master', by: 'master2', atMs: 600, resumeMs: 900 }, seen: /^1500 user: master2 shall take up the jobs of master$/ },
  rival: { fault: { kind: 'rival', peer: 'master', by: 'master2', resumeMs: 200, ...SPAN }, seen: /^1500 master starts again$/ },
  process: { fault: { kind: 'process', peer: 'm1', faults: 'crash:execute, nth=2' }, seen: /fault: m1 suffers crash:execute$/ }
}

describe('a fault', () => {
  for (const kind of FAULT_KINDS) {
    it(`of kind ${kind} strikes, shows in the transcript, and breaks no promise`, async () => {
      const { fault, seen } = CASES[kind]
      const { violations, struck, transcript } = await runScenario({ ...SCENARIO, faults: [fault] })
      expect(violations).toEqual([])
      expect(struck[kind]).toBeGreaterThan(0)
      expect(transcript).toContainEqual(expect.stringMatching(seen))
    })
  }

  it('is data: a scenario of faults that were drawn runs the same from its JSON', async () => {
    const random = createRandom('json')
    const faults = Array.from({ length: 4 }, () => drawFaults(random, { cluster: SCENARIO.cluster, faultsMs: SCENARIO.faultsMs })).flat()
    const scenario = { ...SCENARIO, faults }
    expect(new Set(faults.map(({ kind }) => kind)).size).toBeGreaterThan(5)
    expect((await runScenario(JSON.parse(JSON.stringify(scenario)) as Scenario)).hash).toBe((await runScenario(scenario)).hash)
  })

  it('does nothing once the time of faults is over', async () => {
    const calm = await runScenario({ ...SCENARIO, faultsMs: 50 })
    const late = await runScenario({ ...SCENARIO, faultsMs: 50, faults: Object.values(CASES).map(({ fault }) => fault).filter(({ kind }) => kind !== 'process') })
    expect({ struck: late.struck, transcript: late.transcript }).toEqual({ struck: {}, transcript: calm.transcript })
  })
})
