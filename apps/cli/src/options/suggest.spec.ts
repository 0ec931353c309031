import { describe, expect, it } from '@jest/globals'
import { suggest } from './suggest.ts'

const PROGRAMS = ['word-count', 'inverted-index', 'grep']

describe('suggest', () => {
  it.each([['word-cuont', 'word-count'], ['wordcount', 'word-count'], ['Grep', 'grep'], ['inverted-indx', 'inverted-index']])('takes %s for %s', (typed, meant) => {
    expect(suggest(typed, PROGRAMS)).toBe(meant)
  })

  it('is silent about what is like nothing', () => {
    expect(suggest('./map.ts', PROGRAMS)).toBeUndefined()
    expect(suggest('sort', PROGRAMS)).toBeUndefined()
  })
})
