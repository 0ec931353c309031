import { describe, expect, it } from '@jest/globals'
import { hottest } from './hottest.ts'

const frame = (functionName: string, url = '', lineNumber = 0) => ({ functionName, url, lineNumber, columnNumber: 0 })

describe('the hottest functions', () => {
  it('are those with most time of their own, whoever called them; idle time is none', async () => {
    const found = await hottest({
      nodes: [
        { id: 1, callFrame: frame('(root)') }, { id: 2, callFrame: frame('(idle)') },
        { id: 3, callFrame: frame('map', 'node:fs', 11) }, { id: 4, callFrame: frame('', 'node:fs', 20) }, { id: 5, callFrame: frame('map', 'node:fs', 11) }
      ],
      samples: [1, 2, 3, 4, 5, 3],
      timeDeltas: [1_000, 500_000, 200_000, 300_000, 100_000, 400_000]
    })
    expect(found.busySeconds).toBeCloseTo(1)
    expect(found.functions.map(({ name, place, selfSeconds }) => [name, place, Math.round(selfSeconds * 10) / 10])).toEqual([['map', 'node:fs:12', 0.7], ['(anonymous)', 'node:fs:21', 0.3]])
  })
})
