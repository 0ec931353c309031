import { MAX_CHUNK_BYTES } from '@ipfs-mapreduce/mapreduce'

/** Bounds of content's way in and out of this peer. Each has its unit in its name and its reason beside it. */

const MIB = 1024 * 1024

/** Longest wait for a wanted block while none of the peers asked for it sends anything at all. */
export const BLOCK_TIMEOUT_MS = 15_000
/** A want ends after this many block timeouts even if its peers keep sending other blocks. */
export const MAX_BLOCK_TIMEOUTS = 4
/** A peer that is silent for this part of the block timeout is asked again, and others beside it. */
export const PATIENCE_PER_TIMEOUT = 1 / 3
/** Longest dial of a provider: handshakes take four or five round trips. */
export const DIAL_TIMEOUT_MS = 5_000
/** While a provider's dial takes longer than this, the next one is asked too. */
export const DIAL_PATIENCE_MS = 1_000
/** A peer that could not be dialled is tried last for this long. */
export const UNREACHABLE_MS = 5_000
/** Blocks that were received are cancelled at their sender this late, to travel with the next wants. */
export const CANCEL_DELAY_MS = 50
/** Bitswap answers are batches of blocks; on a slow link one takes longer than the library's 10 s. */
export const MESSAGE_TIMEOUT_MS = 60_000

/** Bytes of blocks that one operation has in flight or ahead of its reader. */
export const WINDOW_BYTES = 8 * MIB
/** Blocks that one operation has in flight, however small they are. */
export const WINDOW_BLOCKS = 256

/** Children of an inner node of a file: those of the profile unixfs-v1-2025. */
export const MAX_LINKS_PER_NODE = 1024
/** Deepest DAG that is walked: the 174 links a node that were common hold any file in 10 levels; more is hostile. */
export const MAX_DAG_DEPTH = 64
/** Largest block that is made here; bitswap peers refuse more. */
export const MAX_BLOCK_BYTES = 2 * MAX_CHUNK_BYTES
/** Blocks up to this size are looked at in a buffer that stays, and this many buffers stay: the threads that read files are four. */
export const LOOKING_BYTES = 1 * MIB
export const LOOKING_BUFFERS = 4
/** Where a file is written before it is a block's: in the same file system, so that it can be renamed. */
export const UNFINISHED = '.unfinished'
/** Leaves of one file that are hashed and written at once. */
export const WRITE_CONCURRENCY = 8
/** Files of one directory that are read at once. */
export const FILE_CONCURRENCY = 8
/** Bytes read from a local file at a time, in whole leaves. */
export const READ_FILE_BYTES = 1 * MIB
/** Pin entries in one datastore batch. */
export const PIN_BATCH = 1024
/** What an inner node counts for in a window, whose size no link tells: 174 links make about 9 KiB, directories more. */
export const NODE_WEIGHT_BYTES = 64 * 1024

/** Bytes of blocks that a reader lets one holder send ahead of its store: a second of a slow link, 60 ms of loopback. */
export const CREDIT_BYTES = 8 * MIB
/** Bytes on their way on a data stream without word from its reader's muxer: a block, and the next one begun. */
export const STREAM_WINDOW_BYTES = 2 * MIB
/** Most that a credit may say. */
export const MAX_CREDIT_BYTES = 2 ** 32 - 1
/** Blocks that a reader has asked one holder for on its stream; the next wait. A holder that is asked for more resets the stream. */
export const MAX_STREAM_WANTS = 1024
/** Longest CID that a want names: sha2-512 takes 68 bytes. */
export const MAX_CID_BYTES = 128
/** Blocks up to this size share a write with their neighbours, which holds at least this much where more are waiting. */
export const RIDE_BYTES = 64 * 1024
/** Blocks that a holder reads ahead of what it sends: by bytes as large as the last one, in these bounds. */
export const READ_AHEAD_BYTES = 2 * MIB
export const MIN_READ_AHEAD = 2
export const MAX_READ_AHEAD = 32
/** Streams on which one holder gives: each may hold its read-ahead in memory. A peer that gets none asks by bitswap. */
export const MAX_GIVING_STREAMS = 64
/** Streams of one connection: its reader needs one, and one more while an old one ends. */
export const MAX_GIVING_STREAMS_PER_CONNECTION = 4
/** A stream on which a holder can neither read an ask nor send for so long is reset. */
export const GIVING_IDLE_MS = 60_000
/** A stream that its reader has no use for is closed this late: opening the next one costs two round trips. */
export const TAKING_IDLE_MS = 10_000
/** A peer whose stream failed is asked by bitswap for so long. */
export const STREAM_RETRY_MS = 10_000
/** Blocks of one layer that are known to be sound: 32 GiB of runs, and about 5 MiB of memory. */
export const CHECKED_BLOCKS = 32 * 1024
/** Inner nodes of files that are kept decoded: those of 1.4 GiB in leaves of 256 KiB. */
export const DECODED_NODES = 32
/** Links of a node that is kept decoded, at most: what others than we make has up to 1024, and so many take 0.4 MiB of memory. */
export const MAX_DECODED_LINKS = 1024
/** A store that is told no bound takes this share of what is free on its disk: others need some, and so does scratch. */
export const DISK_SHARE = 0.9
/** A store with nothing to drop is not looked through again before this: that takes seconds where it has 100,000 blocks. */
export const LIST_PAUSE_MS = 10_000
/** A search goes on for so long after it has found the first peer. */
export const LOOKUP_GRACE_MS = 500
/** Searches for one block, each after those that the last one found did not have it. */
export const MAX_LOOKUPS = 3
/** Peers found for earlier blocks that are asked for the next ones. */
export const MAX_FOUND_PEERS = 32
