import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { candidate } from './candidates.ts'
import { blockMaker, makeCids } from './content.ts'
import type { Candidate } from './candidates.ts'
import type { Made } from './content.ts'

/** Puts, gets and deletes under way at once: what an import has. */
const AT_ONCE = 8
const WARM_UP = { blockBytes: 512, count: 500 }

const { values } = parseArgs({
  options: { name: { type: 'string' }, modules: { type: 'string' }, directory: { type: 'string' }, step: { type: 'string' }, bytes: { type: 'string' }, count: { type: 'string' } }
})
const directory = values.directory!
const blockBytes = Number(values.bytes)
const make = blockMaker(blockBytes)
const blocks = await makeCids(blockBytes, Number(values.count))
const open = await candidate(values.name!, values.modules)
const steps: Record<string, () => Promise<object>> = { speed, fill, start, crash, verify }
process.stdout.write(`${JSON.stringify(await steps[values.step!]!())}\n`)
process.exit(0)

/** All blocks put, read in another order, deleted. */
async function speed (): Promise<object> {
  const before = process.resourceUsage().maxRSS
  const store = await open(directory)
  await warmUp(store)
  const put = await timed(blocks, async ({ cid, index }) => { await store.put(cid, make(index)) })
  const diskBytes = await bytesOnDisk(directory)
  const shuffled = blocks.map((block, i) => ({ block, at: Math.imul(i + 1, 0x9e3779b1) >>> 0 })).sort((a, b) => a.at - b.at).map(({ block }) => block)
  const get = async ({ cid }: Made): Promise<void> => {
    if ((await store.get(cid))?.byteLength !== blockBytes) throw new Error(`${cid} was not read as it was written`)
  }
  const first = await timed(shuffled, get)
  const again = await timed(shuffled, get)
  const removed = await timed(blocks, async ({ cid }) => { await store.delete(cid) })
  await store.close()
  return { put, get: first, again, delete: removed, diskBytes, leftBytes: await bytesOnDisk(directory), grownBytes: (process.resourceUsage().maxRSS - before) * 1024 }
}

/** The code that runs is compiled by then. */
async function warmUp (store: Candidate): Promise<void> {
  const make = blockMaker(WARM_UP.blockBytes)
  for (const { cid, index } of await makeCids(WARM_UP.blockBytes, WARM_UP.count)) {
    await store.put(cid, make(index))
    await store.get(cid)
    await store.delete(cid)
  }
}

async function fill (): Promise<object> {
  const store = await open(directory)
  await timed(blocks, async ({ cid, index }) => { await store.put(cid, make(index)) })
  await store.close()
  return {}
}

/** From nothing to the first block, and to the bytes of all. */
async function start (): Promise<object> {
  const before = process.memoryUsage.rss()
  const startedMs = performance.now()
  const store = await open(directory)
  if (await store.get(blocks[7]!.cid) === undefined) throw new Error('a block is gone')
  const firstMs = performance.now() - startedMs
  const found = await store.total()
  const totalMs = performance.now() - startedMs
  if (found !== blocks.length * blockBytes) throw new Error(`${found} bytes were found`)
  return { firstMs, totalMs, grownBytes: process.memoryUsage.rss() - before }
}

/** Puts for ever, and prints the number of blocks that are stored, until it is killed. */
async function crash (): Promise<object> {
  const store = await open(directory)
  let done = 0
  await timed(blocks, async ({ cid, index }) => {
    await store.put(cid, make(index))
    done++
    process.stdout.write(`${index}\n`)
  })
  throw new Error(`nobody ended it in ${done} blocks`)
}

/** After a kill: which blocks are there, and whether they are whole. */
async function verify (): Promise<object> {
  const store = await open(directory)
  const found: number[] = []
  let damaged = 0
  for (const { cid, index } of blocks) {
    const bytes = await store.get(cid)
    if (bytes === undefined) continue
    if (Buffer.compare(bytes, make(index)) === 0) found.push(index)
    else damaged++
  }
  await store.close()
  return { found, damaged, diskBytes: await bytesOnDisk(directory) }
}

interface Timed {
  /** Milliseconds for each block, with AT_ONCE at once, by the clock and by the processors. */
  ms: number
  cpuMs: number
}

async function timed (blocks: readonly Made[], work: (block: Made) => Promise<void>): Promise<Timed> {
  const startedMs = performance.now()
  const before = process.cpuUsage()
  const left = blocks.values()
  await Promise.all(Array.from({ length: AT_ONCE }, async () => { for (const block of left) await work(block) }))
  const { user, system } = process.cpuUsage(before)
  return { ms: (performance.now() - startedMs) / blocks.length, cpuMs: (user + system) / 1000 / blocks.length }
}

async function bytesOnDisk (directory: string): Promise<number> {
  let bytes = 0
  for (const { name, parentPath } of (await readdir(directory, { recursive: true, withFileTypes: true })).filter(entry => entry.isFile())) {
    const found = await stat(join(parentPath, name)).catch(gone)
    // What is not written back yet has no blocks.
    if (found !== undefined) bytes += found.blocks === 0 ? found.size : found.blocks * 512
  }
  return bytes
}

/** A store may compact while it is looked at. */
function gone (error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
