import { describe, expect, it } from '@jest/globals'
import { FIRST_SAMPLE_MS, MAX_SAMPLES, Samples } from './samples.ts'

const counts = { total: 0, pending: 0, running: 1, committed: 0, failed: 0, attempts: 0, failedAttempts: 0, backups: 0 }

describe('samples of a job', () => {
  it('cover all of it in bounded memory, evenly, and keep the newest', () => {
    const samples = new Samples()
    const day = 24 * 3_600_000
    for (let ms = 0; ms <= day; ms += FIRST_SAMPLE_MS) {
      if (samples.isDue(ms)) samples.take(ms, { records: ms, fetchedBytes: 0, counters: { 'shuffle.bytes': 7 }, maps: counts, reduces: counts })
      if (samples.all.length > MAX_SAMPLES) throw new Error('too many')
    }
    const { all } = samples
    expect(all.length).toBeGreaterThan(MAX_SAMPLES / 2)
    expect(all[0]).toEqual({ ms: 0, records: 0, shuffleBytes: 7, fetchedBytes: 0, maps: 1, reduces: 1 })
    expect(all.at(-1)!.ms).toBeGreaterThan(day * 0.99)
    const gaps = all.slice(1).map(({ ms }, i) => ms - all[i]!.ms)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(Math.min(...gaps) * 2)
  })
})
