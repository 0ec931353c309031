import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { linesOf } from './lines.ts'
import type { Line } from './lines.ts'

async function * inPieces (content: Uint8Array, bytes: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < content.length; at += bytes) yield content.subarray(at, at + bytes)
}

async function gathered (lists: AsyncIterable<Line[]>): Promise<Line[]> {
  const lines: Line[] = []
  for await (const list of lists) lines.push(...list)
  return lines
}

/** What is told of a file, as text. */
async function told (text: string, chunkBytes: number, maxBytes?: number): Promise<Array<[offset: number, text: string, more: boolean]>> {
  const lines = await gathered(linesOf(inPieces(Buffer.from(text), chunkBytes), maxBytes))
  return lines.map(({ offset, bytes, more }) => [offset, Buffer.from(bytes).toString(), more])
}

describe('the lines of a file', () => {
  it.each([1, 2, 3, 100])('come with their offsets, whatever the chunks are: of %i bytes', async chunkBytes => {
    expect(await told('one\n\nthree\nlast', chunkBytes)).toEqual([[0, 'one', false], [4, '', false], [5, 'three', false], [11, 'last', false]])
    expect(await told('ends\n', chunkBytes)).toEqual([[0, 'ends', false]])
    expect(await told('', chunkBytes)).toEqual([])
  })

  it('come in pieces where they are too long, each of whole characters', async () => {
    expect(await told('abcdefg\nx', 3, 4)).toEqual([[0, 'abcd', true], [4, 'efg', false], [8, 'x', false]])
    expect(await told('aéééé\nb', 2, 4)).toEqual([[0, 'aé', true], [3, 'éé', true], [7, 'é', false], [10, 'b', false]])
    expect(await told('abcd\n', 5, 4)).toEqual([[0, 'abcd', false]])
  })

  it('give the file back', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 9 }), async (content, chunkBytes, maxBytes) => {
      const lines = await gathered(linesOf(inPieces(content, chunkBytes), maxBytes))
      const back = Buffer.concat(lines.flatMap(({ bytes, more, offset }) => [bytes, more || offset + bytes.length === content.length ? new Uint8Array() : Uint8Array.of(0x0a)]))
      expect(back).toEqual(Buffer.from(content))
      for (const { bytes } of lines) expect(bytes.length).toBeLessThanOrEqual(maxBytes)
    }))
  })
})
