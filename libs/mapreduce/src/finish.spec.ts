import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { runJob } from './map-reduce.spec.support.ts'
import type { Emit, Program, WrittenProgram } from './program.ts'
import { sequential } from './sequential.ts'
import { sum } from './sum.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Counts words in a table of its own, which it empties when there are `most` of them, and at the end. */
function counting (most: number, more: Partial<WrittenProgram> = {}): WrittenProgram {
  const counts = new Map<string, number>()
  const empty = (emit: Emit): void => {
    for (const [word, n] of counts) emit(word, n)
    counts.clear()
  }
  return {
    input: 'lines',
    map ({ value }, emit) {
      for (const word of String(value).match(/\p{L}+/gu) ?? []) {
        counts.set(word, (counts.get(word) ?? 0) + 1)
        if (counts.size > most) empty(emit)
      }
    },
    finish (emit, { count }) {
      count('emptied')
      empty(emit)
    },
    reduce: (word, times, emit) => emit(word, sum(times)),
    ...more
  }
}

const jobOf = (program: Program, text: string, cuts: number[] = []): Parameters<typeof runJob>[0] => ({ program, content: bytesOf(text), cuts, reducers: 1, bufferBytes: 1000 })

describe('what a program finishes a map task with', () => {
  it.each([['by itself', {}], ['and combined', { combine: counting(0).reduce as Program['combine'] }]])('is in the output %s, once, for any splits and buffer', async (_, more) => {
    const text = fc.array(fc.constantFrom('a', 'aa', 'ab', 'é', ' ', ' ', '\n', '\r\n', 'seas'), { maxLength: 120 }).map(parts => parts.join(''))
    await fc.assert(fc.asyncProperty(text, fc.array(fc.nat(200), { maxLength: 5 }), fc.constantFrom(1, 100, 1000), fc.constantFrom(0, 1, 3, 100), async (text, cuts, bufferBytes, most) => {
      const program = counting(most, more)
      const { parts } = await runJob({ ...jobOf(program, text, cuts), reducers: 2, bufferBytes })
      const oracle = await sequential(counting(0, { finish: undefined }), [{ path: 'file', content: bytesOf(text) }], { reducers: 2 })
      expect(parts.map(part => Buffer.from(part).toString())).toEqual(oracle.parts.map(part => Buffer.from(part).toString()))
      // As the oracle has it where it is one task.
      const whole = await sequential(program, [{ path: 'file', content: bytesOf(text) }], { reducers: 2 })
      expect(whole.parts).toEqual(oracle.parts)
      expect(whole.counters['user.emptied'] ?? 0).toBe(text === '' ? 0 : 1)
    }), { numRuns: 100 })
  })

  it('is asked for once a task, and not where a task has no records', async () => {
    const { counters } = await runJob(jobOf(counting(100), 'one\ntwo\nthree\n', [4, 6, 8]))
    // Of the four splits the one from 6 to 8 has no line's beginning.
    expect(counters['user.emptied']).toBe(3)
    expect((await runJob(jobOf(counting(100), ''))).counters['user.emptied']).toBeUndefined()
  })

  it('fails the task where it throws, also where records may be skipped', async () => {
    const throws = counting(100, { finish: () => { throw new RangeError('nothing kept') } })
    for (const skipBadRecords of [0, 5]) {
      await expect(runJob({ ...jobOf(throws, 'one\n'), skipBadRecords })).rejects.toMatchObject({ code: 'PROGRAM', message: 'finish threw at the end of a task: RangeError: nothing kept', programStack: expect.stringContaining('finish') })
    }
    await expect(sequential(throws, [{ path: 'file', content: bytesOf('one\n') }], { reducers: 1 })).rejects.toThrow('nothing kept')
  })

  it('cannot come later', async () => {
    const later = counting(100, { finish: (async () => {}) as unknown as Program['finish'] })
    await expect(runJob(jobOf(later, 'one\n'))).rejects.toMatchObject({ code: 'PROGRAM', message: expect.stringMatching(/^finish returned a promise at the end of a task: programs are synchronous/) })
  })

  it('is of the records that were not skipped', async () => {
    const program = counting(100)
    const { map } = program
    program.map = (record, emit, context) => {
      if (record.value === 'bad') throw new Error('bad')
      map(record, emit, context)
    }
    const { parts, counters } = await runJob({ ...jobOf(program, 'good\nbad\ngood\n'), skipBadRecords: 1 })
    expect(Buffer.from(parts[0]!).toString()).toBe('good 2\n')
    expect(counters['map.skipped.records']).toBe(1)
    expect((await runJob({ ...jobOf(program, 'bad\n'), skipBadRecords: 1 })).counters['user.emptied']).toBeUndefined()
  })
})
