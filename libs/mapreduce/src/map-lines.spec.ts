import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { runJob } from './map-reduce.spec.support.ts'
import type { Program } from './program.ts'
import { SEARCHED_BYTES } from './records/byte-search.ts'
import { sequential } from './sequential.ts'

const NEWLINE = 0x0a
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Emits each line under its offset; many at once where it may. Notes how it was called. */
function numbering (calls: string[] = [], more: Partial<Program> = {}): Program {
  return {
    input: 'raw-lines',
    map ({ value, offset }, emit) {
      calls.push('map')
      emit(offset, value)
    },
    mapLines ({ value, offset, file }, emit, { count }) {
      calls.push(`mapLines ${file}`)
      count('calls')
      for (let start = 0; start < value.length;) {
        const newline = value.indexOf(NEWLINE, start)
        const end = newline < 0 ? value.length : newline
        emit(offset + start, value.slice(start, end))
        start = end + 1
      }
    },
    reduce (offset, lines, emit) { for (const line of lines) emit(offset, Buffer.from(line as Uint8Array).toString('latin1')) },
    ...more
  }
}

const jobOf = (program: Program, content: Uint8Array, cuts: number[] = []): Parameters<typeof runJob>[0] => ({ program, content, cuts, reducers: 2, bufferBytes: 1000 })

async function expectOracle (content: Uint8Array, cuts: number[]): Promise<string[]> {
  const calls: string[] = []
  const { parts, counters } = await runJob(jobOf(numbering(calls), content, cuts))
  const oracle = await sequential(numbering([], { mapLines: undefined }), [{ path: 'file', content }], { reducers: 2 })
  expect(parts.map(part => Buffer.from(part).toString('latin1'))).toEqual(oracle.parts.map(part => Buffer.from(part).toString('latin1')))
  if (content.length > 0) expect(counters).toMatchObject(oracle.counters)
  return calls
}

describe('a program that maps many lines at once', () => {
  it('gives what it gives line by line, for any splits, and as many records', async () => {
    const text = fc.array(fc.constantFrom('a', 'bb', 'é', '\n', '\n', '\r\n'), { maxLength: 80 }).map(parts => parts.join(''))
    await fc.assert(fc.asyncProperty(text, fc.array(fc.nat(150), { maxLength: 5 }), async (text, cuts) => {
      expect(await expectOracle(bytesOf(text), cuts)).not.toContain('map')
    }), { numRuns: 200 })
  })

  it('is given lines that together or by themselves are longer than what it is given at a time', async () => {
    const lines = Array.from({ length: 9000 }, (_, n) => 'x'.repeat(n % 90))
    lines.splice(5000, 0, 'y'.repeat(SEARCHED_BYTES), 'z'.repeat(2 * SEARCHED_BYTES), 'w'.repeat(SEARCHED_BYTES - 1))
    const calls = await expectOracle(bytesOf(lines.join('\n')), [SEARCHED_BYTES + 7, 3 * SEARCHED_BYTES])
    expect(calls.length).toBeGreaterThan(4)
    expect(calls.length).toBeLessThan(20)
    expect(new Set(calls)).toEqual(new Set(['mapLines text.txt']))
  })

  it('is given line by line what a job may skip', async () => {
    const calls: string[] = []
    const { skipped, counters } = await runJob({
      ...jobOf(numbering(calls, { map ({ value }) { if ((value as Uint8Array).length === 3) throw new Error('three') } }), bytesOf('one\nfour\nsix\n')), skipBadRecords: 2
    })
    expect(skipped.map(({ offset }) => offset)).toEqual([0, 9])
    expect([counters['map.input.records'], counters['user.calls']]).toEqual([3, undefined])
  })

  it('fails the task where it throws, with the place of its lines', async () => {
    const throws = numbering([], { mapLines: () => { throw new RangeError('no lines') } })
    await expect(runJob(jobOf(throws, bytesOf('one\ntwo\n'), [2]))).rejects.toMatchObject({ code: 'PROGRAM', message: 'mapLines threw at text.txt, offset 0: RangeError: no lines', programStack: expect.stringContaining('mapLines') })
    const later = numbering([], { mapLines: (async () => {}) as unknown as Program['mapLines'] })
    await expect(runJob(jobOf(later, bytesOf('one\n')))).rejects.toMatchObject({ message: expect.stringMatching(/^mapLines returned a promise at text\.txt, offset 0: programs are synchronous/) })
  })
})
