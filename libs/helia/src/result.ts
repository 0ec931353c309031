import type { Files, ReadOptions } from '@ipfs-mapreduce/mapreduce'
import type { CID } from 'multiformats/cid'
import type { HeliaNode } from './node.ts'

/** Pins a result in the node's own pins, so that `helia.gc()` leaves it. One that is pinned already stays so. */
export async function keepResult ({ pins }: Pick<HeliaNode, 'pins'>, result: CID): Promise<void> {
  if (await pins.isPinned(result)) return
  const blocks = pins.add(result, { metadata: { by: 'ipfs-mapreduce' } })
  while ((await blocks.next()).done !== true);
}

/** The bytes of all files below a result, in the order of their paths. */
export async function * readParts (files: Pick<Files, 'walk' | 'read'>, result: string, options: Pick<ReadOptions, 'signal'> = {}): AsyncGenerator<Uint8Array> {
  for await (const { cid } of files.walk(result, options)) yield * files.read(cid, options)
}
