import { describe, expect, it } from '@jest/globals'
import { MapReduceError, type RunRef } from '@ipfs-mapreduce/mapreduce'
import { FETCH_BYTES, MAX_FETCHES, MIN_FETCHES, Shuffle } from './shuffle.ts'
import type { RunAt } from '@ipfs-mapreduce/protocol'

const runAt = (mapTask: number, cid = `run${mapTask}`): RunAt => ({ run: { mapTask, partition: 0, cid, bytes: 5, records: 1 }, providers: ['/p2p/m'] })

/** A shuffle over files that have what `held` names; ends of fetches are awaited by `settled`. */
function shuffle (mapTasks: number, held: Set<string>) {
  const events: string[] = []
  const abort = new AbortController()
  const fetches: Array<Promise<unknown>> = []
  const made = new Shuffle({
    mapTasks, signal: abort.signal,
    fetch: cid => {
      const fetched = held.has(cid) ? Promise.resolve({ bytes: 5, blocks: 1 }) : Promise.reject(new MapReduceError('BLOCK_UNAVAILABLE', `nobody has ${cid}`))
      fetches.push(fetched.then(() => { events.push(`fetched ${cid}`) }, () => {}))
      return fetched
    },
    onComplete: (runs: RunRef[], { bytes }) => { events.push(`complete ${runs.map(({ mapTask }) => mapTask).join()} ${bytes}`) },
    onLost: ({ cid }, { code }) => { events.push(`lost ${cid} ${code}`) }
  })
  const settled = async (): Promise<void> => {
    for (let seen = -1; seen !== fetches.length;) {
      seen = fetches.length
      await Promise.all(fetches)
      await new Promise(resolve => { setImmediate(resolve) })
    }
  }
  return { made, events, settled, abort }
}

describe('shuffle', () => {
  it('completes when each map task is accounted for, with runs in the order of map tasks', async () => {
    const { made, events, settled } = shuffle(4, new Set(['run2', 'run0', 'run3']))
    made.start()
    made.add([runAt(2), runAt(0)], [1])
    await settled()
    expect(events).toEqual(['fetched run2', 'fetched run0'])
    made.add([runAt(3)], [])
    await settled()
    expect(events.at(-1)).toBe('complete 0,2,3 15')
  })

  it('completes at once where there is no map task, but not before it starts', () => {
    const { made, events } = shuffle(0, new Set())
    expect(events).toEqual([])
    made.start()
    expect(events).toEqual(['complete  0'])
  })

  it('does not complete before it starts, though all runs are there', async () => {
    const { made, events, settled } = shuffle(1, new Set(['run0']))
    made.add([runAt(0)], [])
    await settled()
    expect(events).toEqual(['fetched run0'])
    made.start()
    expect(events.at(-1)).toBe('complete 0 5')
  })

  it('hears of a run many times and fetches it once', async () => {
    const { made, events, settled } = shuffle(1, new Set(['run0']))
    made.start()
    made.add([runAt(0)], [])
    made.add([runAt(0)], [])
    await settled()
    made.add([runAt(0)], [])
    await settled()
    expect(events).toEqual(['fetched run0', 'complete 0 5'])
  })

  it('tells of a lost run, and takes the one that replaces it', async () => {
    const held = new Set<string>()
    const { made, events, settled } = shuffle(1, held)
    made.start()
    made.add([runAt(0)], [])
    await settled()
    expect(events).toEqual(['lost run0 BLOCK_UNAVAILABLE'])
    held.add('run0')
    made.add([runAt(0)], [])
    await settled()
    expect(events.slice(1)).toEqual(['fetched run0', 'complete 0 5'])
  })

  it.each([
    ['small runs together', 1, 2 * MAX_FETCHES, MAX_FETCHES],
    ['as many as fit', FETCH_BYTES / 10, 2 * MAX_FETCHES, 10],
    ['a few large ones', 2 * FETCH_BYTES, 2 * MAX_FETCHES, MIN_FETCHES]
  ])('fetches %s at once, and each of them in the end', async (_, bytes, count, atOnce) => {
    const pending: Array<() => void> = []
    let most = 0
    let fetches = 0
    const abort = new AbortController()
    const { promise, resolve } = Promise.withResolvers<RunRef[]>()
    const made = new Shuffle({
      mapTasks: count, signal: abort.signal,
      fetch: async () => {
        fetches++
        await new Promise<void>(resolve => { most = Math.max(most, pending.push(resolve)) })
        return { bytes, blocks: 1 }
      },
      onComplete: resolve,
      onLost: () => {}
    })
    made.start()
    made.add(Array.from({ length: count }, (_, mapTask) => ({ run: { ...runAt(mapTask).run, bytes }, providers: ['/p2p/m'] })), [])
    while (fetches < count || pending.length > 0) {
      pending.shift()!()
      await new Promise(resolve => { setImmediate(resolve) })
    }
    expect(await promise).toHaveLength(count)
    expect(most).toBe(atOnce)
  })

  it('is silent once it is aborted', async () => {
    const { made, events, settled, abort } = shuffle(1, new Set())
    made.start()
    made.add([runAt(0)], [])
    abort.abort()
    await settled()
    expect(events).toEqual([])
  })
})
