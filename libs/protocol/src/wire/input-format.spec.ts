import { describe, expect, it } from '@jest/globals'
import { formatInputFormat, parseInputFormat } from './input-format.ts'

describe('input formats as words', () => {
  it.each(['lines', 'text', 'ndjson', 'csv', 'bytes:1', 'bytes:65536'])('%s comes back', word => {
    expect(formatInputFormat(parseInputFormat(word))).toBe(word)
  })

  it.each(['', 'LINES', 'bytes', 'bytes:', 'bytes:0', 'bytes:01', 'bytes:-1', 'bytes:1.5', 'bytes:1e3', 'bytes:99999999999999999999', 'bytes:268435457', ' lines', 'toString'])('%j is refused', word => {
    expect(() => parseInputFormat(word)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
  })
})
