import { describe, expect, it } from '@jest/globals'
import { createWorld } from './world.spec.support.ts'

const TEXT = { 'a.txt': 'one two\ntwo\n' }

describe('a master that brings results elsewhere', () => {
  it('has brought a result there before it says that the job succeeded', async () => {
    const w = createWorld({ seed: 'kept' })
    const taken = Promise.withResolvers<undefined>()
    const asked: string[] = []
    w.master('master', {
      keepResult: async result => {
        asked.push(result)
        await taken.promise
      }
    })
    for (const name of ['m1', 'r1']) w.worker(name, ['master'])
    const job = await w.submit('master', 'word-count', TEXT, { reducers: 1 })
    await w.clock.runUntil(() => asked.length > 0, 60_000, 'a result to keep')
    await w.clock.advance(60_000)
    expect(w.lead('master').job(job)).toMatchObject({ state: 'committing' })
    taken.resolve(undefined)
    expect(await w.ended('master', job)).toMatchObject({ state: 'succeeded', result: asked[0], warnings: [] })
  })

  it('has a warning in a job whose result could not be brought there, and its result', async () => {
    const w = createWorld({ seed: 'not kept' })
    w.master('master', { keepResult: async () => { throw new Error('no room there') } })
    for (const name of ['m1', 'r1']) w.worker(name, ['master'])
    const job = await w.submit('master', 'word-count', TEXT, { reducers: 1 })
    const status = await w.ended('master', job)
    expect(status.state).toBe('succeeded')
    expect(status.warnings).toEqual([`the result ${status.result} is kept by the master alone: no room there`])
  })
})
