import { describe, expect, it } from '@jest/globals'
import { MapReduceError, ProgramError } from '@ipfs-mapreduce/mapreduce'
import { errorReport, errorText, exitCodeOf, InterruptedError, JobFailedError, UsageError } from './errors.ts'

describe('failures', () => {
  it('have exit statuses that scripts can tell apart', () => {
    expect(exitCodeOf(new JobFailedError('j1', { code: 'PROGRAM', message: 'map threw' }))).toBe(1)
    expect(exitCodeOf(new MapReduceError('UNREACHABLE', 'nobody there'))).toBe(1)
    expect(exitCodeOf('anything')).toBe(1)
    expect(exitCodeOf(new UsageError('what?'))).toBe(2)
    expect(exitCodeOf(new InterruptedError(130))).toBe(130)
  })

  it('are one line', () => {
    expect(errorText(new MapReduceError('STORAGE', 'cannot write\n  to disk\n'))).toBe('ipmr: cannot write; to disk')
    expect(errorText(new UsageError('no such program'))).toBe('ipmr: no such program')
  })

  it('of the system are sentences', () => {
    const refused = Object.assign(new Error("EACCES: permission denied, open 'ro/k'"), { code: 'EACCES', syscall: 'open', path: 'ro/k' })
    expect(errorText(refused)).toBe('ipmr: cannot open ro/k: permission denied (EACCES)')
    expect(errorReport(refused)).toEqual({ code: 'ERROR', message: 'cannot open ro/k: permission denied (EACCES)' })
    expect(errorText(Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED', syscall: 'connect' }))).toBe('ipmr: connect ECONNREFUSED 127.0.0.1:9')
  })

  it('of a program show its own stack, and what to do', () => {
    const text = errorText(new JobFailedError('j1', { code: 'PROGRAM', message: 'map threw at a.txt, offset 12: TypeError: x', stack: 'TypeError: x\n    at map (p.ts:3:1)\n' }))
    expect(text.split('\n')).toEqual([
      'ipmr: job j1 failed: map threw at a.txt, offset 12: TypeError: x',
      '    TypeError: x',
      '        at map (p.ts:3:1)',
      'ipmr: mend the program and run it again; --skip-bad-records N passes over records for which it throws'
    ])
  })

  it('of a program before there is a job show its stack too', () => {
    const error = new ProgramError('map threw at a.txt, offset 12: TypeError: x', 'TypeError: x\n    at map (p.ts:3:1)\n')
    expect(errorText(error).split('\n').slice(0, 3)).toEqual(['ipmr: map threw at a.txt, offset 12: TypeError: x', '    TypeError: x', '        at map (p.ts:3:1)'])
    expect(errorReport(error)).toEqual({ code: 'PROGRAM', message: error.message, stack: error.programStack })
    expect(errorText(new ProgramError('emit was called late', ''))).toBe('ipmr: emit was called late')
  })

  it('are reported in JSON with their code, and the job and CID they are about', () => {
    expect(errorReport(new JobFailedError('j1', { code: 'BLOCK_UNAVAILABLE', message: 'nobody has it', cid: 'bafy' })))
      .toEqual({ code: 'BLOCK_UNAVAILABLE', message: 'nobody has it', job: 'j1', stack: undefined, cid: 'bafy' })
    expect(errorReport(new UsageError('what?')).code).toBe('USAGE')
    expect(errorReport(new TypeError('x')).code).toBe('ERROR')
  })
})
