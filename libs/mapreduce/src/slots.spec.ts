import { describe, expect, it } from '@jest/globals'
import { Slots } from './slots.ts'

const never = new AbortController().signal

describe('slots', () => {
  it('are given in order, and no more than there are', async () => {
    const slots = new Slots(2)
    const order: number[] = []
    const back = await Promise.all([slots.take(never), slots.take(never)])
    const waiting = [3, 4].map(n => slots.take(never).then(giveBack => {
      order.push(n)
      return giveBack
    }))
    await Promise.resolve()
    expect([order, slots.waiting]).toEqual([[], 2])
    back[0]!()
    const third = await waiting[0]!
    expect(order).toEqual([3])
    third()
    await waiting[1]!
    expect([order, slots.waiting]).toEqual([[3, 4], 0])
  })

  it('are not lost on those who left the queue', async () => {
    const slots = new Slots(1)
    const giveBack = await slots.take(never)
    const leaving = new AbortController()
    const left = slots.take(leaving.signal)
    const stays = slots.take(never)
    leaving.abort(new Error('left'))
    await expect(left).rejects.toThrow('left')
    giveBack()
    ;(await stays)()
    await slots.take(never)
    await expect(slots.take(AbortSignal.abort(new Error('late')))).rejects.toThrow('late')
  })
})
