/**
 * Content on Helia: the `Files` port over a local block store and bitswap.
 *
 * `openStore(dataDir)` → `createFiles({ store, libp2p })` → `files`; on a Helia node that runs already, `filesOnHelia({ helia })`.
 *
 * @module @ipfs-mapreduce/blocks
 */
export { createFiles } from './files.ts'
export type { FilesInit, HeliaFiles } from './files.ts'
export { filesOnHelia } from './files-on-helia.ts'
export type { FilesOnHeliaInit, HostNode } from './files-on-helia.ts'
export { collectGarbage } from './garbage.ts'
export type { Collected, CollectOptions } from './garbage.ts'
export { MEMORY, openStore } from './store.ts'
export type { BlockFaults } from './checked-layer.ts'
export type { MaxBytes } from './space.ts'
export type { Store, StoreOptions } from './store.ts'
export type { Layer, StoredBlock } from './layer.ts'
export { BLOCK_TIMEOUT_MS, MAX_LINKS_PER_NODE } from './constants.ts'
export { openLocalPath } from './local-path.ts'
export type { LocalEntry, LocalPath, LocalPathOptions } from './local-path.ts'
export type { FindProviders, OutsideInit } from './outside.ts'
export type { Provider } from './provider.ts'
export { blockKey } from './cid.ts'
export { parsePath } from './resolve.ts'
export type { Resolved } from './resolve.ts'
export type { AddOptions, AddPathOptions } from './add-path.ts'
export type { Added } from './import.ts'
export type { Log } from './log.ts'
