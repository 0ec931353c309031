/** Bounds of the way to a daemon. Each has its unit in its name and its reason beside it. */

/** A daemon answers from its own disk: one that takes longer for a block hangs. */
export const BLOCK_RPC_TIMEOUT_MS = 10_000
/** How long the first question may take, by which a daemon is found. */
export const CONNECT_TIMEOUT_MS = 5_000
/** Questions for blocks at once: what they wait for is one disk, and each takes a socket of the daemon. */
export const MAX_BLOCK_RPCS = 16
/** A daemon that could not be asked is left alone for so long: its blocks count as absent, and are asked of peers. */
export const RETRY_MS = 5_000
/** Longest reason of a daemon that is passed on. */
export const MAX_REASON_CHARS = 300
