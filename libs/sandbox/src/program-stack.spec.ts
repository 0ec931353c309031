import { describe, expect, it } from '@jest/globals'
import { programMessage, programStack } from './program-stack.ts'

describe('programStack', () => {
  it('keeps the program\'s frames and the calls between them, and leaves out the engine\'s', () => {
    const stack = `TypeError: x is not a function
    at JSON.parse (<anonymous>)
    at inner (program.mjs:3:7)
    at Array.map (<anonymous>)
    at Object.map (program.mjs:9:11)
    at Set.forEach (<anonymous>)
    at callMap (engine.js:100:2)
    at (<isolated-vm boundary>)
    at process.processTicksAndRejections (node:internal/process/task_queues:104:5)`
    expect(programStack(stack)).toBe(`TypeError: x is not a function
    at JSON.parse (<anonymous>)
    at inner (program.mjs:3:7)
    at Array.map (<anonymous>)
    at Object.map (program.mjs:9:11)`)
  })

  it('leaves a message alone where no frame is the program\'s', () => {
    expect(programStack('RangeError: too\nlong\n    at f (node:fs:1:1)')).toBe('RangeError: too\nlong')
  })

  it('is bounded', () => {
    expect(programStack('x'.repeat(1e6)).length).toBeLessThan(9000)
  })
})

describe('programMessage', () => {
  it('is bounded', () => {
    expect(programMessage('y'.repeat(1e6)).length).toBeLessThan(5000)
  })
})
