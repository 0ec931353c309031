import { expect, it } from '@jest/globals'
import { committed, generated } from './text-codec.mjs'

it('the committed bytes of the text codec are those of its source', () => {
  expect(committed()).toBe(generated())
})
