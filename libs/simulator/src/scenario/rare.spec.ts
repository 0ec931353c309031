import { beforeAll, describe, expect, it } from '@jest/globals'
import { coverageOf, mergeReached } from '../coverage.ts'
import { FAILING, RARE } from './rare.ts'
import { runScenario, type Report } from './run.ts'
import { simulate } from './simulate.ts'

/** Drawn schedules beside the rare paths: enough to take what is not rare. */
const SEEDS = 150

describe('paths that are seldom taken', () => {
  let rare: Report[]
  beforeAll(async () => {
    rare = []
    for (const scenario of RARE) rare.push(await runScenario(scenario))
  }, 60_000)

  it('keep every promise', () => {
    expect(rare.flatMap(({ seed, violations }) => violations.map(({ message }) => `${seed}: ${message}`))).toEqual([])
    const failed = rare.filter(({ ends }) => ends[0]!.state !== 'succeeded')
    expect(failed.map(({ seed }) => seed).sort()).toEqual(Object.keys(FAILING).sort())
    for (const { seed, ends } of failed) expect(ends[0]!.reason).toMatch(FAILING[seed]!)
  })

  it('with drawn schedules take every transition of every machine', async () => {
    const drawn: Report[] = []
    for (let seed = 0; seed < SEEDS; seed++) drawn.push(await simulate(seed))
    const missed = coverageOf(mergeReached([...rare, ...drawn].map(({ reached }) => reached))).flatMap(({ states, statesReached, transitions, transitionsReached }) => [
      ...states.filter(state => !statesReached.includes(state)),
      ...transitions.filter(transition => !transitionsReached.includes(transition))
    ])
    expect(missed).toEqual([])
  }, 120_000)
})
