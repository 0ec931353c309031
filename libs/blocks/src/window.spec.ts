import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { WINDOW_BLOCKS, WINDOW_BYTES } from './constants.ts'
import { all, failure } from './peers.spec.support.ts'
import { inOrder } from './window.ts'

it('keeps order and bounds, whatever the weights', async () => {
  const weight = fc.oneof(fc.nat(100), fc.nat(2 * WINDOW_BYTES))
  await fc.assert(fc.asyncProperty(fc.array(weight, { maxLength: 2 * WINDOW_BLOCKS }), async weights => {
    const open = new Set<number>()
    const results = inOrder(weights.keys(), i => weights[i]!, async i => {
      open.add(i)
      const bytes = [...open].reduce((sum, j) => sum + weights[j]!, 0)
      expect(open.size === 1 || bytes <= WINDOW_BYTES).toBe(true)
      expect(open.size).toBeLessThanOrEqual(WINDOW_BLOCKS)
      await new Promise(setImmediate)
      return i
    })
    let expected = 0
    for await (const i of results) {
      expect(i).toBe(expected++)
      open.delete(i)
    }
    expect(expected).toBe(weights.length)
  }), { numRuns: 50 })
})

it('starts what fits before the first result is taken', async () => {
  let started = 0
  const results = inOrder([1, 2, 3, 4], () => WINDOW_BYTES / 2, async i => {
    started++
    return i
  })
  await results.next()
  expect(started).toBe(3 - 1)
  expect(await all(results)).toEqual([2, 3, 4])
})

it('passes on a failure in its turn, and stops', async () => {
  const seen: number[] = []
  const work = async (i: number): Promise<number> => {
    if (i === 2) throw new RangeError('two')
    return i
  }
  const read = async (): Promise<void> => { for await (const i of inOrder([1, 2, 3], () => 1, work)) seen.push(i) }
  expect((await failure(read())).error.message).toBe('two')
  expect(seen).toEqual([1])
})

it('stops what is under way when its consumer does', async () => {
  let stopped = 0
  const work = async (i: number, signal: AbortSignal): Promise<number> => {
    signal.addEventListener('abort', () => { stopped++ })
    return i
  }
  for await (const i of inOrder([1, 2, 3], () => WINDOW_BYTES / 2, work)) if (i === 1) break
  expect(stopped).toBe(2)
})
