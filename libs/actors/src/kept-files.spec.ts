import { describe, expect, it } from '@jest/globals'
import { KeptFiles } from './kept-files.ts'

const silent = { debug () {}, info () {}, warn () {}, error () {} }

interface Gate { passed: Promise<void>, pass: () => void }

function gate (): Gate {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { passed: promise, pass: resolve }
}

/** A disk on which the drops of a file wait for its gate. */
function createDisk (gates: Record<string, Gate> = {}) {
  const held = new Set<string>()
  const events: string[] = []
  return {
    held,
    events,
    async put (cid: string): Promise<{ cid: string }> {
      held.add(cid)
      events.push(`put ${cid}`)
      return { cid }
    },
    async drop (cid: string): Promise<void> {
      await gates[cid]?.passed
      held.delete(cid)
      events.push(`drop ${cid}`)
    }
  }
}

describe('kept files', () => {
  it('drops what has come of a file that could not be fetched whole, when its job ends or at once where it has', async () => {
    const disk = createDisk()
    const kept = new KeptFiles(disk.drop, silent)
    const broken = async (): Promise<void> => {
      await disk.put('some of it')
      throw new Error('the rest never came')
    }
    await expect(kept.fetch('a', 'some of it', broken)).rejects.toThrow('the rest never came')
    expect(kept.jobs).toEqual(['a'])
    await kept.release('a')
    expect([...disk.held]).toEqual([])
    const late = gate()
    const fetching = kept.fetch('b', 'some of it', async () => {
      await late.passed
      await broken()
    })
    await kept.release('b')
    late.pass()
    await expect(fetching).rejects.toThrow('the rest never came')
    expect([...disk.held]).toEqual([])
    expect(kept.jobs).toEqual([])
  })

  it('leaves what has come of a file to another job that needs it', async () => {
    const disk = createDisk()
    const kept = new KeptFiles(disk.drop, silent)
    kept.keep('other', 'shared')
    await expect(kept.fetch('a', 'shared', async () => {
      await disk.put('shared')
      await kept.release('a')
      throw new Error('aborted')
    })).rejects.toThrow('aborted')
    expect([...disk.held]).toEqual(['shared'])
    await kept.release('other')
    expect([...disk.held]).toEqual([])
  })

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

  it('stores a file again that was dropped for another job meanwhile, and keeps nothing else waiting', async () => {
    const [storing, dropping] = [gate(), gate()]
    const disk = createDisk({ shared: dropping })
    const kept = new KeptFiles(disk.drop, silent)
    await kept.store('a', async () => await disk.put('shared'))
    const stored = kept.store('b', async () => {
      await storing.passed
      return await disk.put('shared')
    })
    const released = kept.release('a')
    storing.pass()
    expect(await kept.store('b', async () => await disk.put('own'))).toEqual({ cid: 'own' })
    dropping.pass()
    expect(await stored).toEqual({ cid: 'shared' })
    await released
    expect(disk.events).toEqual(['put shared', 'put own', 'put shared', 'drop shared', 'put shared'])
    await kept.release('b')
    expect(disk.held).toEqual(new Set())
  })

  it('stores a file again that was being dropped as that began', async () => {
    const dropping = gate()
    const disk = createDisk({ shared: dropping })
    const kept = new KeptFiles(disk.drop, silent)
    kept.keep('a', 'shared')
    const released = kept.release('a')
    const stored = kept.store('b', async () => await disk.put('shared'))
    dropping.pass()
    await Promise.all([stored, released])
    expect(disk.events).toEqual(['put shared', 'drop shared', 'put shared'])
  })

  it('drops a file that is being dropped once more when that has ended, and not if it is kept again by then', async () => {
    for (const again of [false, true]) {
      const dropping = gate()
      const disk = createDisk({ shared: dropping })
      const kept = new KeptFiles(disk.drop, silent)
      const releases = ['a', 'b'].map(async job => {
        kept.keep(job, 'shared')
        await kept.release(job)
      })
      if (again) kept.keep('c', 'shared')
      expect(disk.events).toEqual([])
      dropping.pass()
      await Promise.all(releases)
      expect(disk.events).toEqual(again ? ['drop shared'] : ['drop shared', 'drop shared'])
    }
  })

  it('tells of a file that could not be stored, and goes on', async () => {
    const disk = createDisk()
    const kept = new KeptFiles(disk.drop, silent)
    await expect(kept.store('a', async () => { throw new Error('full') })).rejects.toThrow('full')
    expect(kept.jobs).toEqual([])
    await kept.store('a', async () => await disk.put('shared'))
    await kept.release('a')
    expect(disk.held).toEqual(new Set())
  })
})
