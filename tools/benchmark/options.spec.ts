import { describe, expect, it } from '@jest/globals'
import { BadUsage, help, parseOptions, sizesOf, turnsOf } from './options.ts'
import { MIB } from './size.ts'
import { WORKLOADS } from './workloads/index.ts'

const parse = (...argv: string[]) => parseOptions(argv, WORKLOADS)!

describe('the command line', () => {
  it('measures everything three times where nothing is said', () => {
    expect(parse()).toEqual({ workloads: WORKLOADS, size: undefined, runs: 3, quick: false, try: false, json: undefined, against: undefined, keep: false, profile: false })
  })

  it('takes workloads, a size and a number of runs', () => {
    const options = parse('sort', 'word-count', 'sort', '--size', '64MiB', '--runs', '5')
    expect(options.workloads.map(({ name }) => name)).toEqual(['sort', 'word-count'])
    expect(options.runs).toBe(5)
    expect(options.workloads.map(workload => sizesOf(workload, options))).toEqual([[64 * MIB], [64 * MIB]])
  })

  it('uses small sizes and fewer runs where it is to be quick, and no size for what has none', () => {
    const quick = parse('--quick')
    expect(quick.runs).toBe(2)
    for (const workload of quick.workloads) expect(sizesOf(workload, quick)).toEqual([workload.quickSize])
    for (const workload of quick.workloads) expect(turnsOf(workload, quick)).toBe(2 * (workload.quickTurnsPerRun ?? 1))
    expect(turnsOf(quick.workloads[0]!, parse())).toBe(15)
    const sized = parse('no-op', '--size', '64MiB')
    expect(sizesOf(sized.workloads[0]!, sized)).toEqual([1])
  })

  it('runs each once and as small as it can be where it is merely to be tried', () => {
    const tried = parse('--try')
    for (const workload of tried.workloads) {
      expect(turnsOf(workload, tried)).toBe(1)
      for (const size of sizesOf(workload, tried)) expect(size).toBeLessThanOrEqual(workload.quickSize)
    }
  })

  it.each([
    [['wordcount'], /^there is no workload wordcount: choose from no-op, /],
    [['--runs', '0'], /^--runs 0: /],
    [['--runs', 'many'], /^--runs many: /],
    [['--size', 'big'], /^--size big: /],
    [['--size', '1KiB'], /^--size 1KiB: it should be a size from 1MiB on/],
    [['--keep', '--quick'], /^--keep is for whole runs/],
    [['--keep', '--try'], /^--keep is for whole runs: leave out --try/],
    [['--try', '--size', '2MiB'], /^--try has its own sizes/],
    [['--fast'], /--fast/]
  ])('refuses %j in one line', (argv, message) => {
    expect(() => parse(...argv)).toThrow(BadUsage)
    expect(() => parse(...argv)).toThrow(message)
  })

  it('explains itself, and each workload', () => {
    expect(parseOptions(['--help'], WORKLOADS)).toBeUndefined()
    for (const { name, title } of WORKLOADS) expect(help(WORKLOADS)).toMatch(new RegExp(`^  ${name} +${title}$`, 'm'))
  })
})
