import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { requiredText } from './required-text.ts'

describe('the text that a regular expression requires', () => {
  it.each([
    ['needle', 'needle'],
    ['^needle$', 'needle'],
    ['a needle|hay', undefined],
    ['(?:a needle|hay)stack', 'stack'],
    ['in.*haystack', 'haystack'],
    ['need+le', 'need'],
    ['need?le', 'nee'],
    ['nee(dl)?e', 'nee'],
    ['nee{2}dle', 'nee'],
    ['ne{2}dles', 'dles'],
    ['xyz{0,3}', 'xy'],
    ['xyz{2,3}', 'xyz'],
    ['[a-z]+ing\\b', 'ing'],
    ['[)\\]]end', 'end'],
    ['(a[)]b)end', 'end'],
    ['3\\.14', '3.14'],
    ['a\\\\b', 'a\\b'],
    ['\\d+ errors?', ' error'],
    ['\\x41bc', undefined],
    ['(a)\\1', undefined],
    ['(?<n>a)\\k<n>', undefined],
    ['😀+!', '😀'],
    ['.*', undefined],
    ['a{x', undefined],
    ['(', undefined],
    ['(?!needle)hay', 'hay']
  ])('%s', (pattern, text) => {
    expect(requiredText(pattern)).toBe(text)
  })

  it('is none where case does not count', () => {
    expect(requiredText('needle', 'i')).toBeUndefined()
    expect(requiredText('needle', 'gu')).toBe('needle')
    expect(requiredText('[[a-z]--[b]]needle', 'v')).toBeUndefined()
  })

  it('is in every text that the expression matches', () => {
    const atom = fc.constantFrom('a', 'b', 'ab', '.', '\\.', '\\w', '\\b', '[ab]', '[^]a]', '^', '$', '(a|b)', '(?:ab)', '(?=a)', '(?<!b)', '[\\]]', '\\/', '(b(a)?)', '😀', 'é')
    const quantifier = fc.constantFrom('', '', '', '*', '+', '?', '+?', '{2}', '{0,2}', '{1,}')
    const pattern = fc.array(fc.tuple(atom, quantifier).map(([item, times]) => '^$'.includes(item) || /\\b|\(\?/.test(item) ? item : item + times), { minLength: 1, maxLength: 6 }).map(parts => parts.join(''))
    const lines = fc.array(fc.constantFrom('a', 'b', 'ab', '.', ']', '/', ' ', '😀', 'é', 'x'), { maxLength: 10 }).map(parts => parts.join(''))
    let required = 0
    let matched = 0
    fc.assert(fc.property(pattern, fc.constantFrom('', 'g', 'm', 's'), fc.array(lines, { minLength: 20, maxLength: 20 }), (pattern, flags, lines) => {
      const text = requiredText(pattern, flags)
      if (text === undefined) return
      required++
      for (const line of lines) {
        if (!new RegExp(pattern, flags).test(line)) continue
        matched++
        expect(line).toContain(text)
      }
    }), { numRuns: 3000 })
    expect(required).toBeGreaterThan(500)
    expect(matched).toBeGreaterThan(1000)
  })
})
