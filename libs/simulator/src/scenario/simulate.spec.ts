import { beforeAll, describe, expect, it } from '@jest/globals'
import { FAULT_KINDS } from '../faults/fault.ts'
import type { Report } from './run.ts'
import { simulate } from './simulate.ts'

/** Seeds that every run of the tests tries, from 0 on. */
const SEEDS = 300
/** Of these one in so many runs twice. */
const TWICE_EVERY = 25
/** Fresh seeds beside them: as many as `SIMULATE_FRESH` says, from `SIMULATE_FROM` on; `.ci/run` draws and prints it. */
const FRESH = Number(process.env['SIMULATE_FRESH'] ?? 0)
const FROM = Number(process.env['SIMULATE_FROM'] ?? SEEDS)

async function reportsOf (from: number, seeds: number): Promise<Report[]> {
  const reports: Report[] = []
  for (let seed = from; seed < from + seeds; seed++) reports.push(await simulate(seed))
  return reports
}

function brokenPromises (reports: Report[]): string[] {
  return reports.flatMap(({ seed, violations }) => violations.map(({ checker, message }) => `npm run simulate -- --seed ${seed} --trace: ${checker}: ${message}`))
}

describe('simulated clusters under schedules of faults', () => {
  let reports: Report[]
  beforeAll(async () => { reports = await reportsOf(0, SEEDS) }, 300_000)

  it(`keep every promise for seeds 0 to ${SEEDS - 1}`, () => {
    expect(brokenPromises(reports)).toEqual([])
  })

  it('suffer faults of every kind, and end their jobs in every way', () => {
    expect(FAULT_KINDS.filter(kind => !reports.some(({ struck }) => (struck[kind] ?? 0) > 0))).toEqual([])
    const ends = new Set(reports.flatMap(({ ends }) => ends.map(({ state }) => state)))
    expect([...ends].sort()).toEqual(['cancelled', 'failed', 'succeeded'])
  })

  it('run otherwise for another seed, and the same for the same', async () => {
    expect(new Set(reports.map(({ hash }) => hash)).size).toBe(SEEDS)
    for (let seed = 0; seed < SEEDS; seed += TWICE_EVERY) expect(`${seed} ${(await simulate(seed)).hash}`).toBe(`${seed} ${reports[seed]!.hash}`)
  }, 60_000)

  if (FRESH > 0) {
    it(`keep every promise for ${FRESH} fresh seeds from ${FROM}`, async () => {
      expect(brokenPromises(await reportsOf(FROM, FRESH))).toEqual([])
    }, 60_000 + FRESH * 1_000)
  }
})
