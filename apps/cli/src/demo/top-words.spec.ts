import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from '@jest/globals'
import { topWords } from './top-words.ts'

const dir = mkdtempSync(join(tmpdir(), 'ipmr-spec-'))
afterAll(() => { rmSync(dir, { recursive: true }) })

it('takes the most frequent words of all parts, words of one count in their order', async () => {
  const parts = ['the 9\nwhale 3\n', 'a 3\nsea 10\nrare 1\n'].map((content, index) => {
    const path = join(dir, `part-r-0000${index}`)
    writeFileSync(path, content)
    return path
  })
  expect(await topWords(parts, 4)).toEqual([{ word: 'sea', count: 10 }, { word: 'the', count: 9 }, { word: 'a', count: 3 }, { word: 'whale', count: 3 }])
})
