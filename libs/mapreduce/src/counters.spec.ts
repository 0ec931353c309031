import { expect, it } from '@jest/globals'
import { sumCounters, Tally } from './counters.ts'

it('sums counters by name, whatever the name', () => {
  const tally = new Tally()
  tally.add('map.input.records', 2)
  tally.count('__proto__')
  tally.count('words', -3)
  const sums = sumCounters([tally.toCounters(), { 'map.input.records': 5, 'user.words': 10 }, {}])
  expect(Object.entries(sums).sort()).toEqual([['map.input.records', 7], ['user.__proto__', 1], ['user.words', 7]])
})
