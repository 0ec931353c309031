import { describe, expect, it } from '@jest/globals'
import { KeptFiles } from './kept-files.ts'

const silent = { debug () {}, info () {}, warn () {}, error () {} }

describe('kept files', () => {
  it('removes a file when the last job that needs it has ended', async () => {
    const removed: string[] = []
    const kept = new KeptFiles(async cid => { removed.push(cid) }, silent)
    kept.keep('a', 'shared')
    kept.keep('a', 'shared')
    kept.keep('a', 'own')
    kept.keep('b', 'shared')
    expect(kept.jobs).toHaveLength(2)
    await kept.release('a')
    expect(removed).toEqual(['own'])
    await kept.release('b')
    expect(removed).toEqual(['own', 'shared'])
    expect(kept.jobs).toHaveLength(0)
  })

  it('goes on where one file cannot be removed', async () => {
    const removed: string[] = []
    const warnings: string[] = []
    const kept = new KeptFiles(async cid => {
      if (cid === 'bad') throw new Error('disk')
      removed.push(cid)
    }, { ...silent, warn: (_, message) => { warnings.push(message) } })
    kept.keep('a', 'bad')
    kept.keep('a', 'good')
    await kept.release('a')
    expect(removed).toEqual(['good'])
    expect(warnings).toHaveLength(1)
  })
})
