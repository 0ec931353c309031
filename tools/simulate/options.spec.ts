import { describe, expect, it } from '@jest/globals'
import { RARE } from '@ipfs-mapreduce/simulator'
import { readOptions } from './options.ts'

describe('options of npm run simulate', () => {
  it('has a default for everything', () => {
    expect(readOptions([])).toMatchObject({ seeds: 200, from: 0, twice: false, json: false, trace: false, minimise: false, seed: undefined, scenario: undefined })
    expect(readOptions(['--seeds', '2000', '--from', '7', '--workers', '2', '--twice'])).toMatchObject({ seeds: 2000, from: 7, workers: 2, twice: true })
    expect(readOptions(['--help'])).toBeUndefined()
  })

  it('takes a seed by its number, and a rare path by its name', () => {
    expect(readOptions(['--seed', '17', '--trace'])).toMatchObject({ seed: '17', trace: true })
    expect(readOptions(['--seed', RARE[0]!.seed, '--minimise'])).toMatchObject({ seed: RARE[0]!.seed, minimise: true })
  })

  it.each([
    [['--seeds', '0'], /^--seeds must be a whole number from 1, not 0$/],
    [['--seeds', '-1'], /^--seeds must be a whole number from 1, not -1$/],
    [['--from', '-1'], /--from/],
    [['--workers', 'two'], /--workers must be a whole number from 1, not two/],
    [['--seed', 'nonsense'], /--seed must be a whole number or the name of a rare path, not nonsense; the rare paths are: /],
    [['--seed', '5', '--seeds', '9'], /give the one or the other/],
    [['--scenario', 'a.json', '--twice'], /give the one or the other/],
    [['--trace'], /give --seed N or --scenario FILE/],
    [['--seed', '1', '--scenario', 'a.json'], /not both/],
    [['--sed', '1'], /--sed/],
    [['17'], /17/]
  ])('says in one line what is wrong with %j', (args, why) => {
    expect(() => readOptions(args)).toThrow(why)
    expect(() => readOptions(args)).toThrow(/^[^\n]*$/)
  })
})
