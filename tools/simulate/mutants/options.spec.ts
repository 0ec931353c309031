import { describe, expect, it } from '@jest/globals'
import { MUTANTS } from './list.ts'
import { readOptions } from './options.ts'

describe('options of npm run mutants', () => {
  it('has a default for everything', () => {
    expect(readOptions([])).toMatchObject({ seeds: 2000, mutants: MUTANTS })
    expect(readOptions(['--help'])).toBeUndefined()
  })

  it('takes some of the mutants', () => {
    const [{ name }] = MUTANTS as [typeof MUTANTS[0]]
    expect(readOptions(['--only', name, '--seeds', '5', '--workers', '1'])).toEqual({ seeds: 5, mutants: [MUTANTS[0]], workers: 1 })
  })

  it.each([
    [['--seeds', '-1'], /^--seeds must be a whole number from 1, not -1$/],
    [['--workers', '0'], /^--workers must be a whole number from 1, not 0$/],
    [['--only', 'nobody'], /^--only nobody: no mutant's name has this text; the mutants are: a lease is never renewed, /],
    [['--what'], /--what/],
    [['5'], /5/]
  ])('says in one line what is wrong with %j', (args, why) => {
    expect(() => readOptions(args)).toThrow(why)
    expect(() => readOptions(args)).toThrow(/^[^\n]*$/)
  })
})
