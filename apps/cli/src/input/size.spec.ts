import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { isSmall, SMALL_INPUT_BYTES } from './size.ts'
import { parseInput } from './source.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'size-'))
  for (const [name, bytes] of [['a', 10], ['half', SMALL_INPUT_BYTES / 2], ['whole', SMALL_INPUT_BYTES]] as const) {
    writeFileSync(join(folder, name), '')
    truncateSync(join(folder, name), bytes)
  }
})
afterAll(() => { rmSync(folder, { recursive: true }) })

describe('a small input', () => {
  const of = async (...names: string[]): Promise<boolean> => await isSmall(names.map(name => parseInput(name.startsWith('b') ? name : join(folder, name))))

  it('is one of files that are small together', async () => {
    expect(await Promise.all([of('a'), of('half', 'half'), of('whole'), of()])).toEqual([true, true, true, true])
    expect(await Promise.all([of('whole', 'a'), of('half', 'half', 'a')])).toEqual([false, false])
  })

  it('is none whose size is not known', async () => {
    expect(await of('')).toBe(false)
    expect(await of('a', 'bafkreiemqpndzewx4bioklzfvhtiegsfny5fxuc3nkjk2vmcpjxiammsti')).toBe(false)
  })
})
