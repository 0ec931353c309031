import { describe, expect, it } from '@jest/globals'
import { BadUsage, parseCommandLine, wholeNumber } from './options.ts'

const OPTIONS = { seeds: { type: 'string' }, json: { type: 'boolean' } } as const

describe('a command line', () => {
  it('is options and their values, which may begin with a minus', () => {
    expect(parseCommandLine(['--seeds', '-1', '--json'], OPTIONS)).toEqual({ seeds: '-1', json: true })
    expect(parseCommandLine(['--seeds=5', '--no-json'], OPTIONS)).toEqual({ seeds: '5', json: false })
    expect(parseCommandLine([], OPTIONS)).toEqual({})
  })

  it.each([[['--seed', '1']], [['--seeds']], [['--seeds', '--json']], [['--seeds=1', '-1']], [['--json', '-1']], [['more']]])('%j is bad usage, in one line', args => {
    expect(() => parseCommandLine(args, OPTIONS)).toThrow(BadUsage)
    expect(() => parseCommandLine(args, OPTIONS)).toThrow(/^[^\n]+$/)
  })

  it('has whole numbers of decimal digits', () => {
    expect(wholeNumber('--seeds', '0', 0)).toBe(0)
    for (const text of ['', '-1', '1.5', '1e3', '0x10', ' 1', 'nonsense', '0', '9007199254740993']) {
      expect(() => wholeNumber('--seeds', text, 1)).toThrow(`--seeds must be a whole number from 1, not ${text}`)
    }
  })
})
