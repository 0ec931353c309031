import { describe, expect, it } from '@jest/globals'
import { MapReduceError, type Files } from '@ipfs-mapreduce/mapreduce'
import fc from 'fast-check'
import { createClock } from '../clock.ts'
import { createLifetime } from '../lifetime.ts'
import { createVirtualNetwork } from '../network/virtual-network.ts'
import { pace } from '../pace.ts'
import { createRandom } from '../prng.ts'
import { BLOCK_TIMEOUT_MS } from './fetcher.ts'
import { createVirtualFiles } from './virtual-files.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Peers a, b and c, none connected. */
function three () {
  const clock = createClock()
  const network = createVirtualNetwork({ clock, random: createRandom('files') })
  const files = createVirtualFiles({ clock, network })
  const [a, b, c] = ['a', 'b', 'c'].map(peer => {
    network.join(peer)
    return files.open(peer)
  }) as [Files, Files, Files]
  const provider = (peer: string): string[] => [network.address(peer)]
  return { clock, network, files, a, b, c, provider }
}

async function collect (content: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of content) text += decoder.decode(chunk, { stream: true })
  return text
}

/** How a promise ends: its value, or its error. */
function watch (promise: Promise<unknown>): { ended: unknown } {
  const state: { ended: unknown } = { ended: undefined }
  promise.then(value => { state.ended = value }, (error: unknown) => { state.ended = error })
  return state
}

const failure = (code: string, ...parts: string[]) => expect.objectContaining({ name: MapReduceError.name, code, message: expect.stringMatching(parts.join('.*')) })

describe('virtual files', () => {
  it('reads any range as the slice of the content, for any chunk size', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 1, max: 20 }), fc.nat(70), fc.nat(70), async (content, chunkBytes, offset, length) => {
      const { clock, files, a } = three()
      const stop = pace(clock)
      const cid = await files.addFile('a', content, chunkBytes)
      const parts: number[] = []
      for await (const part of a.read(cid, { offset, length })) parts.push(...part)
      const leaves: Array<[number, number]> = []
      for await (const leaf of a.leaves(cid)) leaves.push([leaf.offset, leaf.bytes])
      await stop()
      expect(parts).toEqual([...content.slice(offset, offset + length)])
      expect(leaves).toEqual(Array.from({ length: Math.ceil(content.length / chunkBytes) }, (_, i) => [i * chunkBytes, Math.min(chunkBytes, content.length - i * chunkBytes)]))
    }), { numRuns: 60 })
  })

  it('reads what a provider holds, keeps it, and counts what moved', async () => {
    const { clock, files, b, provider } = three()
    const cid = await files.addFile('a', bytes('forty-two bytes in chunks of sixteen bytes'), 16)
    const fetched = watch(b.fetch(cid, { providers: provider('a'), offset: 20 }))
    await clock.advance(100)
    // The node, and the leaves from 16 and from 32.
    expect(fetched.ended).toEqual({ blocks: 3, bytes: expect.any(Number) })
    const again = watch(b.fetch(cid, { offset: 20 }))
    const text = watch(collect(b.read(cid, { offset: 20 })))
    await clock.advance(100)
    expect(again.ended).toEqual({ blocks: 0, bytes: 0 })
    expect(text.ended).toBe('forty-two bytes in chunks of sixteen bytes'.slice(20))
    expect(files.holders(cid)).toEqual(['a', 'b'])
  })

  it('fails at once, naming the CID and whom it asked, where nobody there holds a block', async () => {
    const { clock, network, files, b, provider } = three()
    const cid = await files.addFile('a', bytes('lost'), 16)
    files.lose('a', cid)
    const asked = watch(collect(b.read(cid, { providers: [...provider('a'), ...provider('c')] })))
    const alone = watch(collect(b.read(cid)))
    await clock.advance(100)
    expect(asked.ended).toEqual(failure('BLOCK_UNAVAILABLE', cid, 'asked a, c'))
    expect(alone.ended).toEqual(failure('BLOCK_UNAVAILABLE', cid, 'no peer'))
    await files.addFile('c', bytes('lost'), 16)
    network.crash('c')
    const dead = watch(collect(b.read(cid, { providers: provider('c') })))
    await clock.advance(100)
    expect(dead.ended).toEqual(failure('BLOCK_UNAVAILABLE', cid, 'asked c'))
  })

  it('waits for a holder behind a cut until it is mended, or its time is over', async () => {
    const { clock, network, files, b, provider } = three()
    const cid = await files.addFile('a', bytes('far'), 16)
    network.cut('b', 'a')
    const healed = watch(collect(b.read(cid, { providers: provider('a') })))
    await clock.advance(BLOCK_TIMEOUT_MS / 2)
    expect(healed.ended).toBeUndefined()
    network.heal()
    await clock.advance(1000)
    expect(healed.ended).toBe('far')
    files.lose('b', cid)
    network.cut('b', 'a')
    const late = watch(collect(b.read(cid, { providers: provider('a') })))
    await clock.advance(BLOCK_TIMEOUT_MS + 1000)
    expect(late.ended).toEqual(failure('BLOCK_UNAVAILABLE', cid, 'asked a'))
  })

  it('turns to another holder where one crashes in mid-transfer or a block is dropped', async () => {
    const { clock, network, files, b, provider } = three()
    const cid = await files.addFile('a', bytes('twice'), 16)
    await files.addFile('c', bytes('twice'), 16)
    let transfers = 0
    network.intercept(({ cargo }) => cargo.kind === 'block' && ++transfers === 1 ? { drop: true } : undefined)
    const read = watch(collect(b.read(cid, { providers: [...provider('a'), ...provider('c')] })))
    await clock.advance(1)
    network.crash('a')
    await clock.advance(1000)
    expect(read.ended).toBe('twice')
    expect(transfers).toBe(2)
  })

  it('aborts by signal, and never settles in a crashed process', async () => {
    const { clock, network, files, b, provider } = three()
    const cid = await files.addFile('a', bytes('slow'), 16)
    network.partition('a', ['b', 'c'])
    const controller = new AbortController()
    const aborted = watch(collect(b.read(cid, { providers: provider('a'), signal: controller.signal })))
    await clock.advance(100)
    controller.abort()
    await clock.advance(1)
    expect(aborted.ended).toEqual(failure('ABORTED', cid))
    const process = createLifetime(clock, 'd')
    network.join('d', process)
    const port = files.open('d', process)
    const dead = [watch(collect(port.read(cid, { providers: provider('a') }))), watch(port.put([bytes('x')]))]
    network.crash('d')
    await clock.advance(2 * BLOCK_TIMEOUT_MS)
    expect(dead.map(({ ended }) => ended)).toEqual([undefined, undefined])
  })

  it('removes intermediates but nothing that a pin holds, and keeps its disk over a crash until it is wiped', async () => {
    const { clock, network, files, a, b } = three()
    const stop = pace(clock)
    const shared = await files.addFile('a', bytes('shared leaf here'), 16)
    const file = await files.addFile('a', bytes('shared leaf here and more'), 16)
    const directory = await a.directory([{ name: 'part', cid: shared, bytes: 16 }])
    await a.pin(directory)
    await a.remove(file)
    expect(await a.has([shared, file, directory])).toEqual([true, false, true])
    await a.unpin(directory)
    await a.remove(shared)
    await a.remove(shared)
    expect(await a.has([shared])).toEqual([false])
    await expect(b.getRecord(directory, { providers: [network.address('a')] })).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await stop()
    network.crash('a')
    network.join('a')
    expect(files.holders(directory)).toEqual(['a', 'b'])
    files.wipe('a')
    expect(files.holders(directory)).toEqual(['b'])
  })

  it('walks trees by the bytes of their paths', async () => {
    const { clock, files, a } = three()
    const stop = pace(clock)
    // By UTF-16 units the astral name would come before the one at U+FF61; `a.b` before `a/b`, as their bytes are.
    const root = await files.addTree('a', { '\u{1f600}': bytes('4'), '\uff61': bytes('3'), 'a/b': bytes('2'), 'a.b': bytes('1'), 'a/c/d': bytes('') }, 16)
    const paths: string[] = []
    for await (const { path } of a.walk(root)) paths.push(path)
    await stop()
    expect(paths).toEqual(['a.b', 'a/b', 'a/c/d', '\uff61', '\u{1f600}'])
  })

  it('counts a damaged block as absent and gets it from another holder', async () => {
    const { clock, files, a, provider } = three()
    const stop = pace(clock)
    const cid = await files.addFile('a', bytes('whale'), 16)
    await files.addFile('b', bytes('whale'), 16)
    files.rot('a', cid)
    expect(await a.has([cid])).toEqual([true])
    expect(await collect(a.read(cid, { providers: provider('b') }))).toBe('whale')
    files.rot('b', cid)
    expect(await collect(a.read(cid))).toBe('whale')
    await stop()
  })

  it('takes no block that was damaged on its way, or that comes when nobody waits for it any more', async () => {
    const { clock, files, network, c, provider } = three()
    const cid = await files.addFile('a', bytes('whale'), 16)
    const mend = network.intercept(({ cargo }) => cargo.kind === 'block' ? { damage: 0.5 } : undefined)
    const first = watch(c.fetch(cid, { providers: provider('a') }))
    await clock.runUntil(() => first.ended !== undefined, BLOCK_TIMEOUT_MS + 1000)
    expect(first.ended).toEqual(failure('BLOCK_UNAVAILABLE', cid))
    mend()
    network.intercept(({ cargo }) => cargo.kind === 'block' ? { delayMs: 100 } : undefined)
    const abort = new AbortController()
    const second = watch(c.fetch(cid, { providers: provider('a'), signal: abort.signal }))
    await clock.advance(50)
    abort.abort()
    await clock.advance(1000)
    expect(second.ended).toEqual(failure('ABORTED'))
    expect(files.holders(cid)).toEqual(['a'])
  })

  it('says STORAGE where a disk is full, and takes what it has already', async () => {
    const { clock, files, a, c, provider } = three()
    const stop = pace(clock)
    const { cid } = await a.put([bytes('whale')])
    files.fill('a', true)
    expect(await a.put([bytes('whale')])).toMatchObject({ cid })
    await expect(a.put([bytes('ship')])).rejects.toEqual(failure('STORAGE', 'no space left'))
    files.fill('c', true)
    await expect(c.fetch(cid, { providers: provider('a') })).rejects.toEqual(failure('STORAGE'))
    await stop()
  })

  it('tells of each block that is dropped', async () => {
    const { clock, files, a } = three()
    const stop = pace(clock)
    const dropped: string[] = []
    files.onDropped((peer, cid) => { dropped.push(`${peer} ${cid}`) })
    const { cid } = await a.put([bytes('whale')])
    const { cid: other } = await a.put([bytes('ship')])
    await a.remove(cid)
    await a.remove(cid)
    files.wipe('a')
    expect(dropped).toEqual([`a ${cid}`, `a ${other}`])
    await stop()
  })
})
