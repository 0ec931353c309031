/** Bounds of the data plane. Each has its unit in its name and its reason beside it. */

const KIB = 1024
const MIB = 1024 * KIB

/** UnixFS leaf size when a user does not choose one: that of the profile unixfs-v1-2025 (IPIP-499), which every implementation is to support. */
export const DEFAULT_CHUNK_BYTES = 1 * MIB
/** Smallest leaf a user may ask for; below it the DAG's own bytes outweigh the data. */
export const MIN_CHUNK_BYTES = 1 * KIB
/** Largest leaf: bitswap peers refuse blocks over 2 MiB, and 1 MiB is what they all accept. */
export const MAX_CHUNK_BYTES = 1 * MIB
/** Leaf size of runs and outputs: fewer round trips than 256 KiB, still accepted by every peer. */
export const RUN_BLOCK_BYTES = 1 * MIB

/** Smallest split that is made of a larger file, and smallest part of a leaf: a task should outweigh its own assignment. */
export const MIN_SPLIT_BYTES = 256 * KIB
/** Largest split chosen by default: what an attempt loses when its worker dies, and what fits in a sort buffer where a map only passes on records of 100 bytes: what does not is written, read and merged once more. */
export const MAX_SPLIT_BYTES = 44 * MIB
/** First read past a split's end, to finish its last record: most records are far shorter. Fetched with the split. */
export const SPLIT_TAIL_BYTES = 16 * KIB
/**
 * Number of map tasks that the default split size aims at, between the two bounds above: two for each slot of a small cluster. With more, frequent
 * keys are combined less, and each task costs what begins and ends it, a tenth of a second or two; who has many slots and little input that is costly to map chooses a smaller size.
 */
export const TARGET_MAP_TASKS = 8

/** Map output held in memory before it is sorted, combined and spilled to scratch. */
export const SORT_BUFFER_BYTES = 64 * MIB
/** Smallest that a job may ask for: below, spills are smaller than blocks. */
export const MIN_SORT_BUFFER_BYTES = 1 * MIB
/** Largest: with what it takes to sort it, a process has been measured at 354 MiB resident, and is to stay under 400. */
export const MAX_SORT_BUFFER_BYTES = 128 * MIB
/** Runs merged at once; more are merged in passes, so that open buffers stay bounded. */
export const MERGE_FAN_IN = 64
/** Bytes read from a run at a time while merging: MERGE_FAN_IN of these are open at once. */
export const MERGE_BUFFER_BYTES = 256 * KIB

/** Pairs of one call of `map` held in memory until it has returned, where records may be skipped; more go to scratch. */
export const DRAFT_BYTES = 4 * MIB

/** Longest key; keys are compared and partitioned whole, in memory. */
export const MAX_KEY_BYTES = 1 * MIB
/** Longest value of one pair. */
export const MAX_VALUE_BYTES = 64 * MIB
/** Longest record, and largest file that `text` hands to map whole: V8 strings end at 512 MiB. */
export const MAX_RECORD_BYTES = 256 * MIB

/** Partitions of one job when the user does not choose. */
export const DEFAULT_REDUCERS = 2
/** Most partitions of one job: each map attempt makes one run per partition. */
export const MAX_REDUCERS = 4096
/** Bytes of all bounds of a range-partitioned job together: they travel with each map attempt. Sampled ones are cut to fit. */
export const MAX_BOUNDS_BYTES = 256 * KIB
/** Bytes of the input that a sample for bounds reads: ten thousand keys of 100-byte records, in a blink. */
export const SAMPLE_BYTES = 1 * MIB
/** Places of the input that a sample is read at: each may cost the fetch of a block. */
export const SAMPLE_PLACES = 128
/** Files that are read at one place, where they are tiny. */
export const SAMPLE_PLACE_FILES = 4
/** Map output of a sample, which is held in memory. */
export const MAX_SAMPLE_RUN_BYTES = 256 * MIB
/** Skipped records that an attempt lists, the first of them; its counters count all. */
export const MAX_SKIPPED_LISTED = 100
/** Characters of what the program threw that go with each: a hundred of them travel in one message. */
export const MAX_SKIPPED_MESSAGE_CHARS = 300

/** Most map tasks of one job. */
export const MAX_MAP_TASKS = 1_000_000
