import { concat, type Datum, type Files } from '@ipfs-mapreduce/mapreduce'
import type { SimulatedClock } from '../clock.ts'
import { createLifetime, type Lifetime } from '../lifetime.ts'
import { member } from '../network/carrier.ts'
import type { VirtualNetwork } from '../network/virtual-network.ts'
import { type Imported, importFile, importTree } from './content.ts'
import { createDisk, type Disk } from './disk.ts'
import { createFetcher } from './fetcher.ts'
import { contentBytes, parseNode } from './nodes.ts'
import { createFilesPort, held } from './port.ts'
import { decodeRecord } from './record.ts'

export interface VirtualFilesInit {
  clock: SimulatedClock
  /** Who can serve whom: a crashed or cut-off peer serves nobody. */
  network: VirtualNetwork
  /** Virtual milliseconds that each thing done on a disk takes. */
  diskMs?: number
}

/** The content of all virtual peers. The methods that name a peer act at once, behind the peers' backs. */
export interface VirtualFiles {
  /** The port of a peer's run; its disk is what the run before left. */
  open: (peer: string, lifetime?: Lifetime) => Files
  addFile: (peer: string, content: Uint8Array, chunkBytes: number) => Promise<string>
  /** Files by path as a UnixFS directory. */
  addTree: (peer: string, files: Readonly<Record<string, Uint8Array>>, chunkBytes: number) => Promise<string>
  /** The peers whose disks hold a block, there or not. */
  holders: (cid: string) => string[]
  /** The whole of a file, from any disks; undefined where a block is nowhere. */
  content: (file: string) => Uint8Array | undefined
  /** The entries of a directory, from any disk. */
  list: (directory: string) => ReadonlyArray<{ name: string, cid: string, bytes: number }> | undefined
  /** The value of a record, from any disk. */
  record: (cid: string) => Datum | undefined
  /** Drops one block of a peer. */
  lose: (peer: string, cid: string) => void
  /** Damages one block of a peer: it is there until it is read. */
  rot: (peer: string, cid: string) => void
  /** Drops all that a peer holds. */
  wipe: (peer: string) => void
  /** From now on the peer's disk takes nothing new, or takes it again. */
  fill: (peer: string, full: boolean) => void
  /** The disk of a peer, to look at. */
  disk: (peer: string) => Pick<Disk, 'cids' | 'has'> & { readonly pins: ReadonlySet<string> }
  /** The blocks below a root that a peer holds, the root included. */
  below: (peer: string, root: string) => string[]
  /** Calls for each block that a peer had and has no more. Returns how to stop listening. */
  onDropped: (listener: (peer: string, cid: string) => void) => () => void
}

const DEFAULT_DISK_MS = 1

export function createVirtualFiles ({ clock, network, diskMs = DEFAULT_DISK_MS }: VirtualFilesInit): VirtualFiles {
  const disks = new Map<string, Disk>()
  const listeners = new Set<(peer: string, cid: string) => void>()
  const diskOf = (peer: string): Disk => {
    const disk = disks.get(peer) ?? createDisk(cid => { for (const listener of listeners) listener(peer, cid) })
    disks.set(peer, disk)
    return disk
  }
  const anywhere = (cid: string): Uint8Array | undefined => [...disks.values()].find(disk => disk.has(cid))?.get(cid)
  const store = (peer: string, { cid, blocks }: Imported): string => {
    for (const { cid, block } of blocks) diskOf(peer).set(cid, block)
    return cid
  }

  return {
    open (peer, lifetime = createLifetime(clock, peer)) {
      const disk = diskOf(peer)
      const fetcher = createFetcher({ name: peer, lifetime, network, disk, diskOf: name => disks.get(name) })
      const io = async (): Promise<void> => { await new Promise<void>(resolve => { lifetime.clock.setTimeout(() => { resolve() }, diskMs) }) }
      return createFilesPort({ disk, fetcher, io })
    },
    addFile: async (peer, content, chunkBytes) => store(peer, await importFile([content], chunkBytes)),
    addTree: async (peer, files, chunkBytes) => store(peer, await importTree(files, chunkBytes)),
    holders: cid => [...disks].filter(([, disk]) => disk.has(cid)).map(([peer]) => peer),
    content: file => contentOf(file, anywhere),
    list (directory) {
      const block = anywhere(directory)
      if (block === undefined) return undefined
      const node = parseNode(directory, block)
      return node.kind === 'directory' ? node.links : undefined
    },
    record (cid) {
      const block = anywhere(cid)
      return block !== undefined && parseNode(cid, block).kind === 'record' ? decodeRecord(block) : undefined
    },
    lose (peer, cid) { diskOf(peer).delete(cid) },
    rot (peer, cid) { diskOf(peer).rot(cid) },
    wipe (peer) { diskOf(peer).wipe() },
    fill (peer, full) { diskOf(peer).full = full },
    disk: diskOf,
    below: (peer, root) => held(diskOf(peer), root),
    onDropped: listener => member(listeners, listener)
  }
}

function contentOf (file: string, get: (cid: string) => Uint8Array | undefined): Uint8Array | undefined {
  const block = get(file)
  if (block === undefined) return undefined
  const node = parseNode(file, block)
  if (node.kind === 'leaf') return block
  if (node.kind !== 'file') return undefined
  const leaves = node.links.map(({ cid }) => get(cid))
  if (leaves.includes(undefined)) return undefined
  return concat(leaves as Uint8Array[], contentBytes(node))
}
