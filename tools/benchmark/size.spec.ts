import { describe, expect, it } from '@jest/globals'
import { formatSize, GIB, MIB, parseSize } from './size.ts'

describe('sizes', () => {
  it.each([['256MiB', 256 * MIB], ['1GiB', GIB], ['64m', 64 * MIB], ['0.5g', GIB / 2], ['512 k', MIB / 2], ['100', 100]])('reads %s', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes)
  })

  it.each(['', 'big', '10 apples', '-1MiB', '0', 'MiB', '1e3'])('refuses %j', text => {
    expect(parseSize(text)).toBeUndefined()
  })

  it('writes them as a person does', () => {
    expect([256 * MIB, GIB, 1.5 * GIB, 96 * 1024, 581_000, 12].map(formatSize)).toEqual(['256 MiB', '1 GiB', '1.5 GiB', '96 KiB', '581 KB', '12 B'])
  })
})
