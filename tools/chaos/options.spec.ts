import { describe, expect, it } from '@jest/globals'
import { ALL_KINDS } from './kinds.ts'
import { HELP, parseOptions } from './options.ts'

describe('the command line', () => {
  it('has defaults: some rounds of everything, of a new seed', () => {
    expect(parseOptions([])).toEqual({ rounds: 24, minutes: Infinity, seed: expect.stringMatching(/^\d+$/), only: undefined, keep: false, loopback: false })
  })

  it('reads what was typed', () => {
    expect(parseOptions(['--minutes', '2.5', '--seed', 'x', '--only', 'loss, drain', '--keep', '--loopback'])).toEqual({ rounds: Infinity, minutes: 2.5, seed: 'x', only: ['drain', 'loss'], keep: true, loopback: true })
    expect(parseOptions(['--rounds', '3'])).toMatchObject({ rounds: 3, minutes: Infinity })
  })

  it('helps, with every kind', () => {
    expect(parseOptions(['--help'])).toBeUndefined()
    for (const kind of ALL_KINDS) expect(HELP).toContain(`\n  ${kind} `)
  })

  it.each([
    [['--rounds', '0'], '--rounds 0: it should be a positive number'],
    [['--rounds', '1.5'], '--rounds 1.5'],
    [['--minutes', ''], '--minutes'],
    [['--minutes', 'x'], '--minutes x: it should be a positive number'],
    [['--minutes', '-1'], '--minutes -1: it should be a positive number'],
    [['--rounds', '1', '--minutes', '1'], 'name one'],
    [['--only', 'loss,meteor'], '--only meteor: the kinds are kill-worker, '],
    [['--frounds'], '--frounds'],
    [['more'], 'more']
  ])('%j is bad usage, in one line', (argv, why) => {
    expect(() => parseOptions(argv)).toThrow(why)
    expect(() => parseOptions(argv)).toThrow(/^[^\n]*$/)
  })
})
