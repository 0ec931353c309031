import { describe, expect, it } from '@jest/globals'
import { byPackage, hottest } from './hottest.ts'

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

  it('are added up by library and package', () => {
    const hot = (place: string, selfSeconds: number) => ({ name: 'f', place, selfSeconds })
    expect(byPackage([hot('libs/mapreduce/src/a.ts:1', 1), hot('@libp2p/noise/src/b.ts:1', 2), hot('libs/mapreduce/src/c.ts:1', 2), hot('xstate/dist/d.js:1', 0.5), hot('node:fs:1', 0.2), hot('', 0.1)]))
      .toEqual([['libs/mapreduce', 3], ['@libp2p/noise', 2], ['xstate', 0.5], ['node', 0.2], ['v8', 0.1]])
  })
})
