import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { importDirectory, importFile } from './import.ts'
import { failure } from './peers.spec.support.ts'
import type { CID } from 'multiformats/cid'

const TURNS = 50
const KIB = 1024

/** Fails its first put at once, and takes its time for the others. */
function failing (): { put: (cid: CID) => Promise<CID>, underWay: () => number, puts: () => number } {
  let [puts, underWay] = [0, 0]
  return {
    puts: () => puts,
    underWay: () => underWay,
    put: async cid => {
      if (puts++ === 0) throw new MapReduceError('STORAGE', 'no room')
      underWay++
      for (let i = 0; i < TURNS; i++) await turn()
      underWay--
      return cid
    }
  }
}

describe('content of which a block cannot be stored', () => {
  const content = Buffer.alloc(16 * KIB, 'text')

  it('fails no earlier than all blocks that were being stored', async () => {
    const file = failing()
    expect((await failure(importFile(file, [content], KIB))).error).toMatchObject({ code: 'STORAGE', message: 'no room' })
    expect([file.puts() > 1, file.underWay()]).toEqual([true, 0])
    const directory = failing()
    const files = [{ path: 'a', content: [content] }, { path: 'b', content: [content] }]
    expect((await failure(importDirectory(directory, files, KIB))).error).toMatchObject({ code: 'STORAGE', message: 'no room' })
    expect([directory.puts() > 1, directory.underWay()]).toEqual([true, 0])
  })
})
