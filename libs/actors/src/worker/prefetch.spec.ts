import { describe, expect, it } from '@jest/globals'
import { MapReduceError, SPLIT_TAIL_BYTES, type RangeOptions, type SplitRange } from '@ipfs-mapreduce/mapreduce'
import { PIECE_BYTES, PIECES_AT_ONCE, Prefetch } from './prefetch.ts'

const FILE_BYTES = 10 * PIECE_BYTES
const split = (cid: string, offset: number, length: number): SplitRange => ({ file: cid, cid, offset, length, fileBytes: FILE_BYTES })
/** Until everything that can go on has. */
const settled = async (): Promise<void> => await new Promise(resolve => { setImmediate(resolve) })

/** A prefetch over files whose fetches end when the test says so. `fetched` and `reads` name ranges as `cid start-end`. */
function prefetch (splits: SplitRange[]) {
  const fetches: Array<{ name: string, bytes: number, land: () => void, fail: (error: Error) => void }> = []
  const reads: string[] = []
  let lasts = 0
  const name = (cid: string, offset: number, length: number): string => `${cid} ${offset}-${offset + length}`
  const made = new Prefetch({
    splits,
    onLast: () => { lasts++ },
    fetch: (cid, { offset, length }) => new Promise((resolve, reject) => {
      fetches.push({ name: name(cid, offset, length), bytes: length, land: () => { resolve({ bytes: length, blocks: 1 }) }, fail: reject })
    })
  })
  const content = async function * (cid: string, { offset = 0, length = Infinity }: RangeOptions): AsyncGenerator<Uint8Array> {
    reads.push(name(cid, offset, length))
    yield new Uint8Array(length)
  }
  const read = async (cid: string, offset: number, length: number): Promise<void> => {
    let bytes = 0
    for await (const piece of made.read(cid, { offset, length }, content)) bytes += piece.length
    expect(bytes).toBe(length)
  }
  return { made, fetches, reads, read, lasts: () => lasts }
}

describe('prefetch', () => {
  it('starts with the first piece, and goes on behind it', async () => {
    const { made, fetches } = prefetch([split('a', 0, FILE_BYTES)])
    const started = made.start()
    await settled()
    expect(fetches.map(({ name }) => name)).toEqual(Array.from({ length: PIECES_AT_ONCE }, (_, i) => `a ${i * PIECE_BYTES}-${(i + 1) * PIECE_BYTES}`))
    fetches[0]!.land()
    expect(await started).toEqual({ bytes: PIECE_BYTES, blocks: 1 })
    const rest = made.rest()
    for (let i = 1; i < 10; i++) {
      await settled()
      fetches[i]!.land()
    }
    expect(await rest).toEqual({ bytes: 9 * PIECE_BYTES, blocks: 9 })
    expect(fetches).toHaveLength(10)
  })

  it('tells when the last byte of the last split is handed out', async () => {
    const { made, fetches, read, lasts } = prefetch([split('a', 0, 100), split('b', 100, 50)])
    void made.start()
    await settled()
    for (const { land } of fetches) land()
    await read('a', 0, 100)
    await read('b', 99, 50)
    expect(lasts()).toBe(0)
    await read('b', 149, 1)
    expect(lasts()).toBe(1)
  })

  it('fetches the byte before a split and the end of its last record, and nothing past the file', async () => {
    const { made, fetches } = prefetch([split('a', 100, 50), split('b', FILE_BYTES - 10, 10), split('c', 5, 0)])
    void made.start()
    await settled()
    expect(fetches.map(({ name }) => name)).toEqual([`a 99-${150 + SPLIT_TAIL_BYTES}`, `b ${FILE_BYTES - 11}-${FILE_BYTES}`])
  })

  it('reads what is here at once, and waits for the rest', async () => {
    const { made, fetches, reads, read } = prefetch([split('a', 0, FILE_BYTES)])
    void made.start()
    fetches[0]!.land()
    fetches[1]!.land()
    await settled()
    const reading = read('a', 0, 3 * PIECE_BYTES)
    await settled()
    expect(reads).toEqual([`a 0-${2 * PIECE_BYTES}`])
    fetches[2]!.land()
    await reading
    expect(reads).toEqual([`a 0-${2 * PIECE_BYTES}`, `a ${2 * PIECE_BYTES}-${3 * PIECE_BYTES}`])
  })

  it('reads past what it fetches, where a record is longer', async () => {
    const { made, fetches, reads, read } = prefetch([split('a', 0, 10)])
    void made.start()
    fetches[0]!.land()
    const end = 10 + SPLIT_TAIL_BYTES
    await read('a', 5, end)
    expect(reads).toEqual([`a 5-${end}`, `a ${end}-${end + 5}`])
  })

  it('has nothing to wait for without bytes', async () => {
    const { made } = prefetch([split('a', 0, 0)])
    expect(await made.start()).toEqual({ bytes: 0, blocks: 0 })
    expect(await made.rest()).toEqual({ bytes: 0, blocks: 0 })
  })

  it('fails its start, its readers and its rest with the first failure, and fetches no more', async () => {
    const lost = new MapReduceError('BLOCK_UNAVAILABLE', 'nobody has it')
    const before = prefetch([split('a', 0, FILE_BYTES)])
    const started = before.made.start()
    before.fetches[1]!.fail(lost)
    await expect(started).rejects.toBe(lost)

    const { made, fetches, read } = prefetch([split('a', 0, FILE_BYTES)])
    void made.start()
    fetches[0]!.land()
    const reading = read('a', 0, 2 * PIECE_BYTES)
    await settled()
    const count = fetches.length
    fetches[1]!.fail(lost)
    await expect(reading).rejects.toBe(lost)
    await expect(made.rest()).rejects.toBe(lost)
    for (const { land } of fetches) land()
    await settled()
    expect(fetches).toHaveLength(count)
  })
})
