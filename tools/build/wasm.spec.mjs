import { expect, it } from '@jest/globals'
import { committed, generated, MODULES } from './wasm.mjs'

it.each(MODULES)('the committed bytes of %s are those of its source', path => {
  expect(committed(path)).toBe(generated(path))
})
