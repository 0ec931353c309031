import { describe, expect, it } from '@jest/globals'
import type { Files } from '@ipfs-mapreduce/mapreduce'
import { inject, watch } from './injection.spec.support.ts'

/** Files in memory, by number; what the attempts of a worker ask of the port. */
function memoryFiles (): Files {
  const content = new Map<string, Uint8Array>()
  const put = async (pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<{ cid: string, bytes: number }> => {
    const parts: number[] = []
    for await (const piece of pieces) parts.push(...piece)
    const cid = `cid-${content.size}`
    content.set(cid, Uint8Array.from(parts))
    return { cid, bytes: parts.length }
  }
  const unused = (): never => { throw new Error('no test asks for this') }
  return {
    put,
    read: async function * (file) { yield content.get(file)! },
    fetch: async file => ({ blocks: 1, bytes: content.get(file)!.length }),
    has: async cids => cids.map(cid => content.has(cid)),
    walk: async function * (root) { yield { path: root, cid: root, bytes: content.get(root)!.length } },
    leaves: async function * (file) { yield { cid: file, offset: 0, bytes: content.get(file)!.length } },
    pin: async () => ({ blocks: 0, bytes: 0 }),
    directory: async () => (await put([])).cid,
    putRecord: async () => (await put([])).cid,
    getRecord: unused,
    unpin: unused,
    remove: async cid => { content.delete(cid) }
  }
}

const HELLO = new TextEncoder().encode('hello')

async function all<T> (items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

describe('files', () => {
  it('do not fit on a full disk, until there is room again', async () => {
    const { files, time, struck } = inject('full:disk,for=1s')
    const faulty = files(memoryFiles())
    const full = { name: 'MapReduceError', code: 'STORAGE', message: expect.stringContaining('ENOSPC: no space left on device') }
    await expect(faulty.put([HELLO])).rejects.toMatchObject(full)
    await expect(faulty.directory([])).rejects.toMatchObject(full)
    await expect(faulty.putRecord({})).rejects.toMatchObject(full)
    await time.advance(1000)
    const { cid } = await faulty.put([HELLO])
    expect(await all(faulty.read(cid))).toEqual([HELLO])
    expect(struck).toEqual(['full:disk', 'full:disk', 'full:disk'])
  })

  it('are missing, and named', async () => {
    const { files } = inject('missing:block')
    const faulty = files(memoryFiles())
    const { cid } = await faulty.put([HELLO])
    const missing = { name: 'MapReduceError', code: 'BLOCK_UNAVAILABLE', message: expect.stringContaining(cid) }
    for (const failure of [all(faulty.read(cid)), faulty.fetch(cid), all(faulty.walk(cid)), all(faulty.leaves(cid)), faulty.pin(cid), faulty.getRecord(cid)]) {
      await expect(failure).rejects.toMatchObject(missing)
    }
    expect(await faulty.has([cid])).toEqual([true])
  })

  it('are fetched late, or never, or the process dies of it', async () => {
    const { files, time, crashes } = inject('slow:fetch,ms=200,nth=1; stall:fetch,nth=2; crash:fetch,nth=3')
    const faulty = files(memoryFiles())
    const { cid } = await faulty.put([HELLO])
    const late = watch(faulty.fetch(cid))
    await time.advance(199)
    expect(late.state).toBe('pending')
    await time.advance(1)
    expect(late.value).toEqual({ blocks: 1, bytes: 5 })
    const aborting = new AbortController()
    const stalled = watch(faulty.fetch(cid, { signal: aborting.signal }))
    await time.advance(1_000_000)
    expect(stalled.state).toBe('pending')
    aborting.abort(new Error('the fetch took too long'))
    await time.advance(0)
    expect(stalled).toMatchObject({ state: 'rejected', error: { code: 'ABORTED' } })
    const last = watch(faulty.fetch(cid))
    await time.advance(0)
    expect([last.state, crashes()]).toEqual(['pending', 1])
  })

  it('are not stored when the process dies of it', async () => {
    const { files, time, crashes } = inject('crash:store')
    const inner = memoryFiles()
    const stored = watch(files(inner).put([HELLO]))
    await time.advance(0)
    expect([stored.state, crashes(), await inner.has(['cid-0'])]).toEqual(['pending', 1, [false]])
  })

  it('that no fault concerns are as they were', () => {
    const inner = memoryFiles()
    for (const spec of ['', 'drop:gossip', 'crash:execute', 'rot:block']) expect(inject(spec).files(inner)).toBe(inner)
  })
})

describe('blocks', () => {
  it('rot where they are read, and are spoiled where they are served', () => {
    const bytes = Buffer.from(HELLO)
    for (const [spec, way, other] of [['rot:block', 'stored', 'served'], ['corrupt:block', 'served', 'stored']] as const) {
      const { blocks } = inject(spec)
      const spoiled = blocks![way]('cid', bytes)
      expect(spoiled.length).toBe(bytes.length)
      expect([...spoiled].filter((byte, index) => byte !== bytes[index])).toHaveLength(1)
      expect(blocks![other]('cid', bytes)).toBe(bytes)
    }
    expect(bytes.equals(HELLO)).toBe(true)
    expect(inject('corrupt:gossip').blocks).toBeUndefined()
  })
})
