import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { chapters } from './chapters.ts'
import { countWords, linesOf } from './text.ts'
import { succeeded, workbench } from './workbench.ts'
import type { Workbench } from './workbench.ts'

let bench: Workbench
beforeAll(() => { bench = workbench() })
afterAll(async () => { await bench.remove() })

it('npm start counts a whole book exactly, shows the ten most frequent words, and leaves only the files', async () => {
  const expected = countWords(...chapters())
  for (let run = 1; run <= 2; run++) {
    const stdout = succeeded(await bench.ipmr('demo'))
    expect(linesOf(...bench.parts('out', 'moby-dick'))).toEqual(expected)
    const shown = [...stdout.matchAll(/^ *\d+ +(\p{L}+) +([\d,]+)$/gmu)].map(([, word, count]) => `${word} ${count?.replaceAll(',', '')}`)
    const counts = (lines: string[]): number[] => lines.map(line => Number(line.split(' ')[1]))
    expect(shown).toHaveLength(10)
    expect(expected).toEqual(expect.arrayContaining(shown))
    expect(counts(shown)).toEqual(counts(expected).sort((a, b) => b - a).slice(0, 10))
    expect(stdout).toMatch(/result +baf\w+/)
    expect(stdout).toContain('out/moby-dick/part-r-00000')
  }
  expect(bench.leftovers()).toEqual([])
  expect(await bench.processes()).toEqual([])
})
