import type { Block } from './cid.ts'
import { directoryBlock, fileBlock, leafBlock, type Link } from './nodes.ts'
import { chunked } from './range.ts'

/** Content as blocks, its root among them. */
export interface Imported {
  cid: string
  bytes: number
  blocks: Block[]
}

/** Cuts content into a file of raw leaves. Content that fits in one leaf, also none, is that leaf. */
export async function importFile (content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, chunkBytes: number): Promise<Imported> {
  const blocks: Block[] = []
  for await (const chunk of chunked(content, chunkBytes)) blocks.push(leafBlock(chunk))
  if (blocks.length === 0) blocks.push(leafBlock(new Uint8Array(0)))
  const bytes = blocks.reduce((sum, { block }) => sum + block.length, 0)
  if (blocks.length === 1) return { cid: blocks[0]!.cid, bytes, blocks }
  const root = fileBlock(blocks.map(({ cid, block }) => ({ cid, bytes: block.length })))
  return { cid: root.cid, bytes, blocks: [...blocks, root] }
}

/** Files by path, `/`-separated, as a directory of directories. */
export async function importTree (files: Readonly<Record<string, Uint8Array>>, chunkBytes: number): Promise<Imported> {
  const links: Link[] = []
  const blocks: Block[] = []
  const below = new Map<string, Record<string, Uint8Array>>()
  const enter = (name: string, part: Imported): void => {
    links.push({ name, cid: part.cid, bytes: part.bytes })
    blocks.push(...part.blocks)
  }
  for (const [path, content] of Object.entries(files)) {
    const slash = path.indexOf('/')
    if (slash < 0) enter(path, await importFile([content], chunkBytes))
    else below.set(path.slice(0, slash), { ...below.get(path.slice(0, slash)), [path.slice(slash + 1)]: content })
  }
  for (const [name, tree] of below) enter(name, await importTree(tree, chunkBytes))
  const root = directoryBlock(links)
  return { cid: root.cid, bytes: links.reduce((sum, { bytes }) => sum + bytes, 0), blocks: [...blocks, root] }
}
