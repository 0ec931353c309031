import { describe, expect, it } from '@jest/globals'
import { endingError } from './ending.ts'

const alive = { started: true, code: null, signal: null, stderr: '', maxHeapMiB: 64 }

describe('endingError', () => {
  it.each([
    ['exit', { ...alive, code: 3 }, 'PROGRAM', 'the program ended its executor with exit code 3'],
    ['exit that says why', { ...alive, code: 1, stderr: 'x\nError: bad\n\nNode.js v24.1.0\n' }, 'PROGRAM', 'the program ended its executor with exit code 1: Error: bad'],
    ['kill from outside', { ...alive, signal: 'SIGKILL' }, 'TRANSIENT', 'the executor was ended by SIGKILL from outside'],
    ['crash', { ...alive, signal: 'SIGSEGV' }, 'PROGRAM', 'the program crashed its executor with SIGSEGV'],
    ['memory', { ...alive, signal: 'SIGABRT', stderr: 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n 1: 0xb' }, 'PROGRAM', expect.stringContaining('out of memory: a program may use 64 MiB')],
    ['no start', { ...alive, started: false, code: 9, stderr: 'node: bad option: --x\n' }, 'TRANSIENT', 'the executor did not start (exit code 9): node: bad option: --x']
  ])('tells of %s', (_, ending, code, message) => {
    expect(endingError(ending)).toMatchObject({ code, message })
  })
})
