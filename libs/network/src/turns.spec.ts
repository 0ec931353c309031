import { describe, expect, it } from '@jest/globals'
import { Turns } from './turns.ts'

const never = new AbortController().signal

describe('turns', () => {
  it('are given in the order they were asked for, so many at a time', async () => {
    const turns = new Turns(2)
    const order: number[] = []
    let running = 0
    let most = 0
    await Promise.all([0, 1, 2, 3, 4, 5].map(async n => {
      const give = await turns.take('peer', never)
      most = Math.max(most, ++running)
      order.push(n)
      await Promise.resolve()
      running--
      give()
    }))
    expect(order).toEqual([0, 1, 2, 3, 4, 5])
    expect(most).toBe(2)
  })

  it('of one key do not wait for those of another', async () => {
    const turns = new Turns(1)
    await turns.take('slow', never)
    await expect(turns.take('fast', never)).resolves.toBeInstanceOf(Function)
  })

  it('are not lost when one in line gives up, or gives back twice', async () => {
    const turns = new Turns(1)
    const controller = new AbortController()
    const give = await turns.take('peer', never)
    const impatient = turns.take('peer', controller.signal)
    const patient = turns.take('peer', never)
    controller.abort(new Error('enough'))
    await expect(impatient).rejects.toThrow('enough')
    give()
    give()
    await patient
    const blocked = new AbortController()
    const next = turns.take('peer', blocked.signal)
    blocked.abort(new Error('still one at a time'))
    await expect(next).rejects.toThrow('still one at a time')
    await expect(turns.take('peer', blocked.signal)).rejects.toThrow('still one at a time')
  })
})
