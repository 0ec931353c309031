import { describe, expect, it } from '@jest/globals'
import * as exported from '@ipfs-mapreduce/state-machines'
import { DEFAULT_TIMING, MachineActor, masterMachine } from '@ipfs-mapreduce/state-machines'
import { createClock } from './clock.ts'
import { coverageOf, createCoverage, mergeReached, type Reached } from './coverage.ts'

/** What one life of a master's beat reaches. */
async function live (ms: number, end?: 'stop'): Promise<Reached> {
  const clock = createClock()
  const { inspect, reached } = createCoverage()
  const actor = new MachineActor(masterMachine, { clock, inspect, input: { timing: DEFAULT_TIMING }, onCommand: () => {} })
  actor.start()
  await clock.advance(ms)
  if (end !== undefined) actor.send({ type: end })
  actor.stop()
  return reached()
}

const ofMaster = (reached: Reached) => coverageOf(reached).find(({ machine }) => machine === 'master')!

describe('coverage', () => {
  it('knows every machine that there is', () => {
    const declared = Object.keys(exported).filter(name => name.endsWith('Machine')).map(name => name.replace('Machine', ''))
    expect(coverageOf({ states: [], transitions: [] }).map(({ machine }) => machine).sort()).toEqual(declared.sort())
  })

  it('names the states that were entered, the first one too, and the transitions that were taken', async () => {
    expect(ofMaster(await live(0))).toMatchObject({ statesReached: ['master', 'master.serving'], transitionsReached: [] })
    expect(ofMaster(await live(DEFAULT_TIMING.advertMs))).toMatchObject({ statesReached: ['master', 'master.serving'], transitionsReached: ['master.serving on after advert -> master.serving'] })
    const { states, transitions, statesReached, transitionsReached } = ofMaster(mergeReached([await live(DEFAULT_TIMING.advertMs), await live(0, 'stop')]))
    expect(statesReached).toEqual(states)
    expect(transitionsReached).toEqual(transitions)
  })

  it('gives each transition a name of its own', () => {
    const names = coverageOf({ states: [], transitions: [] }).flatMap(({ transitions }) => transitions)
    expect(new Set(names).size).toBe(names.length)
  })
})
