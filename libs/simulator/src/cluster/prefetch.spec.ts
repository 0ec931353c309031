import { describe, expect, it } from '@jest/globals'
import { defineProgram } from '@ipfs-mapreduce/mapreduce'
import { cidOf } from '../files/cid.ts'
import { createCluster } from './cluster.ts'

const MIB = 1024 * 1024
/** Maps files whole, so that one split has as many bytes as its file. */
const programs = {
  lengths: defineProgram({
    input: 'text',
    map: ({ value, file }, emit) => { emit(file, value.length) },
    reduce: (file, lengths, emit) => { emit(file, [...lengths]) }
  })
}
/** Nine blocks that differ, past two pieces. */
const TEXT = Array.from({ length: 9 }, (_, i) => `${i}`.repeat(MIB / 2)).join('')
const LAST = cidOf('raw', new TextEncoder().encode('8'.repeat(MIB / 2)))
const OPTIONS = { chunkBytes: MIB / 2, reducers: 1 }

/** Runs a job whose mapper has no input, and never gets the last block of it while `loses` says so, told of the states that the map was in. */
async function run (loses: (states: ReadonlySet<string>) => boolean) {
  const cluster = createCluster({ seed: 3, mappers: 1, reducers: 1, programs })
  const leaves: string[] = []
  const states = new Set<string>()
  cluster.network.onDelivery(({ to, cargo, lost }) => {
    if (cargo.kind === 'block' && to === 'm1' && cargo.bytes === MIB / 2 && lost === undefined) leaves.push(cargo.cid)
    if (cargo.kind !== 'gossip' || cargo.message.type !== 'heartbeat') return
    for (const { ref, state } of cargo.message.running) if (ref.kind === 'map') states.add(state)
  })
  cluster.network.intercept(({ to, cargo }) => cargo.kind === 'block' && to === 'm1' && cargo.cid === LAST && loses(states) ? { drop: true } : undefined)
  return { status: await cluster.waitForJob(await cluster.submit('lengths', { 'a.txt': TEXT }, OPTIONS)), leaves, states }
}

describe('input that is fetched while it is mapped', () => {
  it('is counted once, to the byte', async () => {
    const { status, leaves } = await run(() => false)
    expect(status).toMatchObject({ state: 'succeeded', remoteSplits: 1 })
    expect(new Set(leaves).size).toBe(9)
    expect(leaves).toHaveLength(9)
    // Beside the leaves: the file's root, and the run that the reducer fetched.
    expect(status.fetchedBytes).toBeGreaterThan(TEXT.length)
    expect(status.fetchedBytes).toBeLessThan(TEXT.length + 4096)
  })

  it('is mapped from its first piece on, while the last one is awaited', async () => {
    const { status, states } = await run(states => !states.has('executing'))
    expect(status).toMatchObject({ state: 'succeeded', maps: { failedAttempts: 0 } })
    expect(states).toContain('executing')
  })

  it('fails the attempt, and says why, where it never comes', async () => {
    const { status, states } = await run(() => true)
    expect(status).toMatchObject({ state: 'failed', reason: expect.stringMatching(/block \S+ is not available/) })
    expect(states).toContain('executing')
  })
})
