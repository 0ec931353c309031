import { describe, expect, it } from '@jest/globals'
import { programMessage, programStack } from './program-stack.ts'

const directory = '/data/scratch/sandbox-1-x/executor-1'

describe('programStack', () => {
  it('keeps the program\'s frames and the calls between them, without paths', () => {
    const stack = `TypeError: x is not a function
    at JSON.parse (<anonymous>)
    at inner (file://${directory}/program.mjs:3:7)
    at Array.map (<anonymous>)
    at Object.map (file://${directory}/program.mjs:9:11)
    at Set.forEach (<anonymous>)
    at callMap (file:///opt/app/executor.mjs:100:2)
    at process.processTicksAndRejections (node:internal/process/task_queues:104:5)`
    expect(programStack(stack, directory)).toBe(`TypeError: x is not a function
    at JSON.parse (<anonymous>)
    at inner (program.mjs:3:7)
    at Array.map (<anonymous>)
    at Object.map (program.mjs:9:11)`)
  })

  it('leaves a message alone where no frame is the program\'s', () => {
    expect(programStack('RangeError: too\nlong\n    at f (node:fs:1:1)', directory)).toBe('RangeError: too\nlong')
  })

  it('shows where a syntax error is', () => {
    const stack = `file://${directory}/program.mjs:2\nexport default {{\n                ^\n\nSyntaxError: Unexpected token '{'\n    at compileSourceTextModule (node:internal/modules/esm/utils:357:16)`
    expect(programStack(stack, directory)).toBe('program.mjs:2\nexport default {{\n                ^\n\nSyntaxError: Unexpected token \'{\'')
  })

  it('is bounded', () => {
    expect(programStack('x'.repeat(1e6), directory).length).toBeLessThan(9000)
  })
})

describe('programMessage', () => {
  it('has no path of the machine and is bounded', () => {
    expect(programMessage(`no ${directory}/program.mjs in ${directory}`, directory)).toBe('no program.mjs in scratch')
    expect(programMessage('y'.repeat(1e6), directory).length).toBeLessThan(5000)
  })
})
