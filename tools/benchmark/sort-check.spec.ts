import { describe, expect, it } from '@jest/globals'
import { RECORD_BYTES, recordChunks } from './inputs/records.ts'
import { joined, sumOfSorted } from './sort-check.ts'

const made = Buffer.concat([...recordChunks({ bytes: 500 * RECORD_BYTES, seed: 5 })])
const all = Array.from({ length: 500 }, (_, n) => made.subarray(n * RECORD_BYTES, (n + 1) * RECORD_BYTES)).sort(Buffer.compare)

async function * cut (records: Buffer[], bytes: number): AsyncGenerator<Uint8Array> {
  const content = Buffer.concat(records)
  for (let at = 0; at < content.length; at += bytes) yield content.subarray(at, at + bytes)
}

describe('the check of a sort', () => {
  it('says the same however the output is cut', async () => {
    const sums = await Promise.all([7, 100, 333, 100_000].map(async bytes => await sumOfSorted(cut(all, bytes))))
    expect(new Set(sums).size).toBe(1)
    expect(sums[0]).toMatch(/^500 records, checksum [0-9a-f]+$/)
  })

  it('finds records that are out of order, over parts too', async () => {
    const swapped = [...all.slice(0, 200), all[201]!, all[200]!, ...all.slice(202)]
    await expect(sumOfSorted(cut(swapped, 64))).rejects.toThrow('record 202 is below the one before it')
    async function * parts (): AsyncGenerator<AsyncIterable<Uint8Array>> {
      yield cut(all.slice(250), 4_096)
      yield cut(all.slice(0, 250), 4_096)
    }
    await expect(sumOfSorted(joined(parts()))).rejects.toThrow('record 251 is below')
  })

  it('sees a record that is missing, twice there, or spoiled', async () => {
    const right = await sumOfSorted(cut(all, 4_096))
    const spoiled = Buffer.from(all[10]!)
    spoiled[50]! ^= 1
    for (const wrong of [all.slice(1), [all[0]!, ...all], [all[0]!, all[0]!, ...all.slice(2)], [...all.slice(0, 10), spoiled, ...all.slice(11)]]) {
      expect(await sumOfSorted(cut(wrong, 4_096))).not.toBe(right)
    }
    await expect(sumOfSorted(cut([...all, Buffer.from('x')], 64))).rejects.toThrow('1 bytes at the end')
  })
})
