import { describe, expect, it } from '@jest/globals'
import { pickLines } from './service-process.ts'

describe('a service\'s last words', () => {
  it('are its errors where it had any', () => {
    const log = [
      '{"level":30,"msg":"joined master"}',
      '{"level":50,"msg":"cannot store the run","err":{"message":"ENOSPC: no space left"}}',
      '{"level":30,"msg":"leaving"}'
    ].join('\n')
    expect(pickLines(log)).toBe('cannot store the run: ENOSPC: no space left')
  })

  it('are its last lines otherwise, structured or not', () => {
    expect(pickLines('{"level":30,"msg":"joined"}\nmapper: cannot start: address in use\n\n')).toBe('joined; mapper: cannot start: address in use')
    expect(pickLines('')).toBe('')
    expect(pickLines('{"half a line')).toBe('{"half a line')
  })
})
