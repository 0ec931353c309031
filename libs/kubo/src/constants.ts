/** Bounds of the way to a daemon. Each has its unit in its name and its reason beside it. */

/** A daemon answers from its own disk: one that takes longer for a block hangs. */
export const BLOCK_RPC_TIMEOUT_MS = 10_000
/** How long the first question may take, by which a daemon is found. */
export const CONNECT_TIMEOUT_MS = 5_000
/** Questions for blocks at once: what they wait for is one disk, and each takes a socket of the daemon. */
export const MAX_BLOCK_RPCS = 16
/** Of those, for blocks that are being located: the others are for blocks that a task waits for. */
export const MAX_LOCATING_RPCS = MAX_BLOCK_RPCS / 2
/** From so many blocks on the daemon is asked for the list of all its blocks, of which it tells 100,000 a second and more. */
export const MIN_LOCATED_BLOCKS = 64
/** How long that may take before it is asked for single blocks as well, 2,000 a second. */
export const LIST_HEAD_START_MS = 1_500
/** Longest search for many blocks: below REQUEST_TIMEOUT_MS of the protocol, in which a worker answers which of them it holds. */
export const LOCATE_TIMEOUT_MS = 7_000
/** A daemon that could not be asked is left alone for so long: its blocks count as absent, and are asked of peers. */
export const RETRY_MS = 5_000
/** Longest reason of a daemon that is passed on. */
export const MAX_REASON_CHARS = 300
