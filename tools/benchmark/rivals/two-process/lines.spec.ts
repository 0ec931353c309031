import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eachLine } from './lines.ts'

const LINES_PER_OFFSET = 500

let directory: string
beforeAll(async () => { directory = await mkdtemp(join(tmpdir(), 'ipmr-lines-')) })
afterAll(async () => { await rm(directory, { recursive: true }) })

interface Said { lines: string[], offsets: number[] }

/** What all shares say: each line, and the offset of one in so many. */
async function linesOf (content: string, shares: number): Promise<Said> {
  const path = join(directory, 'text')
  await writeFile(path, content)
  const said: Said = { lines: [], offsets: [] }
  for (let share = 0; share < shares; share++) {
    eachLine(path, share, shares, (line, offset) => {
      if (said.lines.length % LINES_PER_OFFSET === 0) said.offsets.push(offset())
      said.lines.push(line)
    })
  }
  return said
}

/** The same by a simpler way. */
function wanted (content: string): Said {
  const lines = content.split('\n')
  const offsets: number[] = []
  let at = 0
  for (const [n, line] of lines.entries()) {
    if (n % LINES_PER_OFFSET === 0) offsets.push(at)
    at += Buffer.byteLength(line) + 1
  }
  return { lines, offsets }
}

describe('lines of a share', () => {
  it.each([1, 2, 3])('are each line once, in order, with its offset, over %i shares', async shares => {
    const content = Array.from({ length: 30_000 }, (_, n) => `${'é'.repeat(n % 50)}line ${n}`).join('\n')
    expect(await linesOf(`${content}\n`, shares)).toEqual(wanted(content))
    expect(await linesOf(content, shares)).toEqual(wanted(content))
  })

  it('may be longer than what is read at a time', async () => {
    const long = 'x'.repeat(3 * 1024 * 1024)
    expect(await linesOf(`a\n${long}\nb\n`, 2)).toEqual(wanted(`a\n${long}\nb`))
  })

  it('are none of an empty file', async () => {
    expect(await linesOf('', 2)).toEqual({ lines: [], offsets: [] })
  })
})
