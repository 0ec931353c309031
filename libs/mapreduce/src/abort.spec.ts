import { describe, expect, it } from '@jest/globals'
import { abortableRead } from './abort.ts'
import type { ReadContent } from './executor.ts'

async function all (chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const list: Uint8Array[] = []
  for await (const chunk of chunks) list.push(chunk)
  return list
}

describe('abortableRead', () => {
  const chunks: ReadContent = async function * (file, { offset = 0 }) {
    yield Uint8Array.of(1, offset)
    yield Uint8Array.of(2)
  }

  it('gives all content, and hands on range and signal', async () => {
    const { signal } = new AbortController()
    let seen: AbortSignal | undefined
    const read = abortableRead((file, options) => { seen = options.signal; return chunks(file, options) }, signal)
    expect(await all(read('a', { offset: 7 }))).toEqual([Uint8Array.of(1, 7), Uint8Array.of(2)])
    expect(seen).toBe(signal)
  })

  it('ends what it reads when its reader does', async () => {
    let ended = false
    const read = abortableRead(async function * (file, options) { try { yield * chunks(file, options) } finally { ended = true } }, new AbortController().signal)
    for await (const chunk of read('a', {})) {
      expect(chunk).toEqual(Uint8Array.of(1, 0))
      break
    }
    expect(ended).toBe(true)
  })

  it('rejects while the content hangs', async () => {
    const aborting = new AbortController()
    const read = abortableRead(async function * (file, options) { yield * chunks(file, options); await new Promise(() => {}) }, aborting.signal)
    const reading = (async () => { for await (const [first] of read('a', {})) if (first === 2) queueMicrotask(() => aborting.abort('reason')) })()
    await expect(reading).rejects.toMatchObject({ code: 'ABORTED', message: 'the attempt was aborted: reason' })
  })

  it('lets the loop turn after each chunk', async () => {
    let pauses = 0
    const read = abortableRead(chunks, new AbortController().signal, async () => { pauses++ })
    expect(await all(read('a', {}))).toHaveLength(2)
    expect(pauses).toBe(2)
  })
})
