import { expect, it } from '@jest/globals'
import { MUTANTS } from './list.ts'
import { mutate, sourceOf } from './mutant.ts'

it('there are at least ten mutants, each of a name of its own', () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
  expect(MUTANTS.length).toBeGreaterThanOrEqual(10)
})

it.each(MUTANTS.map(mutant => [mutant.name, mutant] as const))('%s: its place is in the code, once', (_, mutant) => {
  const source = sourceOf(mutant)
  expect(mutate(mutant, source)).not.toBe(source)
})

it('a mutant whose place is gone says so', () => {
  expect(() => mutate({ name: 'x', file: 'f', from: 'a', to: 'b' }, 'nothing')).toThrow("mutant 'x': its place stands 0 times in f")
})
