import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { meetingKey } from './datum/datum.spec.support.ts'
import { encodeKey } from './datum/index.ts'
import { ProgramError } from './errors.ts'
import { Groups } from './groups.ts'
import { narrow, openMerge } from './merge-passes.ts'
import type { Datum } from './program.ts'
import { inKeyOrder, runFile, sectionOf } from './run/run.spec.support.ts'
import type { Pair } from './run/run.spec.support.ts'
import { memoryScratch } from './scratch-memory.ts'

type Group = [key: string, values: Datum[]]

/** Runs of keys whose values tell run and position. */
const runs = fc.array(fc.array(meetingKey, { maxLength: 12 }), { maxLength: 12 })
  .map(runs => runs.map((keys, run) => inKeyOrder(keys.map((key, i): Pair => [key, `${run}.${i}`]))))

function groupsOf (runs: Pair[][], fanIn = 64, bufferBytes = 64): Group[] {
  const scratch = memoryScratch()
  const narrowed = narrow(runs.map(pairs => sectionOf(runFile(pairs))), { scratch, fanIn, bufferBytes })
  expect(narrowed.sections.length).toBeLessThanOrEqual(fanIn)
  const groups = new Groups(openMerge(narrowed.sections, bufferBytes))
  const found: Group[] = []
  while (groups.next()) {
    found.push([encodeKey(groups.key).join(), [...groups.values]])
    groups.values.close()
    expect(groups.values.count).toBe(found.at(-1)![1].length)
  }
  narrowed.dispose()
  return found
}

function expectedGroups (runs: Pair[][]): Group[] {
  const groups = new Map<string, Datum[]>()
  for (const [key, value] of inKeyOrder(runs.flat())) {
    const name = encodeKey(key).join()
    groups.set(name, [...groups.get(name) ?? [], value])
  }
  return [...groups]
}

describe('merging runs', () => {
  it('gives the groups of all pairs: by key, values by run and position', () => {
    fc.assert(fc.property(runs, fc.integer({ min: 2, max: 14 }), fc.constantFrom(1, 40, 4096), (runs, fanIn, bufferBytes) => {
      expect(groupsOf(runs, fanIn, bufferBytes)).toEqual(expectedGroups(runs))
    }), { numRuns: 150 })
  })

  it('merges nothing, and one run', () => {
    expect(groupsOf([])).toEqual([])
    expect(groupsOf([[], []])).toEqual([])
    expect(groupsOf([[['a', 1], ['a', 2]]])).toEqual(expectedGroups([[['a', 1], ['a', 2]]]))
  })

  it('tells the records of each pass, and frees what passes wrote', () => {
    const scratch = memoryScratch()
    const passes: number[] = []
    const sections = Array.from({ length: 9 }, (_, i) => sectionOf(runFile([['k', i]])))
    const { sections: left, dispose } = narrow(sections, { scratch, fanIn: 2, onPass: records => passes.push(records) })
    expect(passes).toEqual([9, 9, 9])
    expect(left).toHaveLength(2)
    dispose()
    expect(() => openMerge(left)).toThrow('after it had been removed')
  })
})

describe('the values of a group', () => {
  const groups = (): Groups => new Groups(openMerge([sectionOf(runFile([['a', 1], ['a', 2], ['b', 3]])), sectionOf(runFile([['a', 4], ['c', 5]]))]))

  it('are skipped where the program leaves them', () => {
    const all = groups()
    const firsts: Datum[] = []
    while (all.next()) {
      for (const value of all.values) {
        firsts.push(value)
        break
      }
      all.values.close()
    }
    expect(firsts).toEqual([1, 3, 5])
  })

  it('are skipped where the program takes none', () => {
    const all = groups()
    const keys: Datum[] = []
    while (all.next()) {
      keys.push(all.key)
      all.values.close()
      expect(all.values.count).toBe({ a: 3, b: 1, c: 1 }[String(all.key)])
    }
    expect(keys).toEqual(['a', 'b', 'c'])
  })

  it.each<[string, (values: Iterable<Datum>) => unknown]>([
    ['after all', values => [...values]],
    ['after a break', values => { for (const value of values) return value }],
    ['while iterating', values => values[Symbol.iterator]().next()]
  ])('cannot be iterated again %s', (_, iterate) => {
    const all = groups()
    all.next()
    iterate(all.values)
    expect(() => [...all.values]).toThrow(ProgramError)
    expect(() => [...all.values]).toThrow('iterated only once')
  })

  it('cannot be read after the call', () => {
    const all = groups()
    all.next()
    const iterator = all.values[Symbol.iterator]()
    iterator.next()
    const { values } = all
    values.close()
    expect(() => iterator.next()).toThrow('only during the call')
    expect(() => [...values]).toThrow('only during the call')
    expect(all.next()).toBe(true)
    expect([...all.values]).toEqual([3])
  })

  it('end, and stay ended', () => {
    const all = groups()
    all.next()
    const iterator = all.values[Symbol.iterator]()
    expect([1, 2, 3, 4, 5].map(() => iterator.next().value)).toEqual([1, 2, 4, undefined, undefined])
  })
})
