import { describe, expect, it } from '@jest/globals'
import { guardScratch } from './scratch-guard.ts'
import { memoryScratch } from './scratch-memory.ts'
import type { Scratch } from './scratch.ts'

/** Scratch whose first `failures` writes fail. */
function failingScratch (failures: number): { scratch: Scratch, log: string[] } {
  const log: string[] = []
  const inner = memoryScratch()
  const create = (): ReturnType<Scratch['create']> => {
    const out = inner.create()
    return {
      write: bytes => {
        log.push('write')
        if (failures-- > 0) throw new Error('ENOSPC')
        out.write(bytes)
      },
      close: () => {
        log.push('close')
        return out.close()
      }
    }
  }
  return { scratch: { create }, log }
}

describe('guardScratch', () => {
  it('writes nothing after a failure, which it keeps', () => {
    const { scratch, log } = failingScratch(1)
    const guarded = guardScratch(scratch)
    const out = guarded.create()
    const failure = expect.objectContaining({ code: 'STORAGE', message: 'cannot write to scratch: Error: ENOSPC; is the disk full?' })
    expect(() => out.write(Uint8Array.of(1))).toThrow(failure)
    expect(() => out.write(Uint8Array.of(2))).toThrow(failure)
    expect(() => guarded.create()).toThrow(failure)
    expect(log).toEqual(['write'])
  })

  it('clears files and what is being written, but for one that is kept', () => {
    const { scratch, log } = failingScratch(0)
    const guarded = guardScratch(scratch)
    const [kept, cleared] = [guarded.create().close(), guarded.create().close()]
    guarded.create().write(Uint8Array.of(1))
    guarded.clear(kept)
    expect(log).toEqual(['close', 'close', 'write', 'close'])
    expect(kept.read(new Uint8Array(1), 0)).toBe(0)
    expect(() => cleared.read(new Uint8Array(1), 0)).toThrow('cannot read from scratch')
  })

  it('clears after a failure, whatever closing throws', () => {
    const guarded = guardScratch({ create: () => ({ write: () => { throw new Error('first') }, close: () => { throw new Error('second') } }) })
    const out = guarded.create()
    expect(() => out.write(Uint8Array.of(1))).toThrow('first')
    guarded.clear()
    expect(() => guarded.create()).toThrow('first')
  })
})
