import { describe, expect, it } from '@jest/globals'
import { readOptions } from './options.ts'

describe('options of npm run simulate', () => {
  it('has a default for everything', () => {
    expect(readOptions([])).toMatchObject({ seeds: 200, from: 0, twice: false, json: false, trace: false, minimise: false, seed: undefined, scenario: undefined })
    expect(readOptions(['--seeds', '2000', '--from', '7', '--workers', '2', '--twice'])).toMatchObject({ seeds: 2000, from: 7, workers: 2, twice: true })
    expect(readOptions(['--help'])).toEqual({ help: true })
  })

  it.each([
    [['--seeds', '0'], /--seeds must be a whole number from 1, not 0/],
    [['--from', '-1'], /--from/],
    [['--workers', 'two'], /--workers must be a whole number from 1, not two/],
    [['--trace'], /give --seed N or --scenario FILE/],
    [['--seed', '1', '--scenario', 'a.json'], /not both/],
    [['--sed', '1'], /--sed/]
  ])('says what is wrong with %j', (args, error) => {
    expect(readOptions(args)).toEqual({ error: expect.stringMatching(error) })
  })
})
