import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { blockFolders } from './block-folders.ts'

describe('what --store names', () => {
  let root: string
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'stores-'))
    for (const path of ['one/blocks', 'cli/1/blocks', 'cli/2/blocks', 'cli/detached', 'none']) mkdirSync(join(root, path), { recursive: true })
  })
  afterAll(() => { rmSync(root, { recursive: true }) })

  it('is a data directory, a folder of numbered ones, or the blocks themselves', () => {
    expect(blockFolders(join(root, 'one'))).toEqual([join(root, 'one/blocks')])
    expect(blockFolders(join(root, 'cli'))).toEqual([join(root, 'cli/1/blocks'), join(root, 'cli/2/blocks')])
    expect(blockFolders(join(root, 'one/blocks'))).toEqual([join(root, 'one/blocks')])
  })

  it.each([['none', 'there is no folder blocks in it'], ['gone', 'there is no such directory']])('is refused where it has no blocks: %s', (name, message) => {
    expect(() => blockFolders(join(root, name))).toThrow(message)
  })
})
