import { MAX_SKIPPED_LISTED } from '@ipfs-mapreduce/mapreduce'

/** Bounds and times of the wire. Each has its unit in its name and its reason beside it. */

const KIB = 1024
const MIB = 1024 * KIB

/** Protocol of the streams, and first part of every topic's name. A change that old peers cannot read changes it. */
export const PROTOCOL_ID = '/ipfs/mapreduce/1.0.0'

/** The cluster that a service joins when it is not told another. */
export const DEFAULT_CLUSTER = 'local'
/** TCP port at which the services of one machine look for its master. */
export const DEFAULT_MASTER_PORT = 4510

/** Longest message on a stream: what libp2p buffers for one stream (its default, 4 MiB). */
export const MAX_MESSAGE_BYTES = 4 * MIB
/** Longest announcement on a topic: every peer of the cluster carries every announcement. */
export const MAX_ANNOUNCEMENT_BYTES = 64 * KIB

/** How long a peer may take to answer one message; what takes longer is told by a message of its own later. */
export const REQUEST_TIMEOUT_MS = 10_000
/** Between two heartbeats of a worker, and between two adverts of a master. */
export const HEARTBEAT_MS = 1_000
/** A worker that has been silent for this long has lost its attempts. Four beats may be late on a busy machine. */
export const LEASE_MS = 5 * HEARTBEAT_MS

/** Attempts at once of one worker: their progress fits in a heartbeat, which is one announcement. */
export const MAX_SLOTS = 256
/** Jobs that a master runs at once, unless it is told otherwise; more wait for their turn. */
export const MAX_RUNNING_JOBS = 16
/** Attempts at one task, of all kinds; far above what any retry policy allows. */
export const MAX_ATTEMPTS = 1_000_000
/** Longest duration on the wire: timers of JavaScript fire at once when asked for more. */
export const MAX_DURATION_MS = 2 ** 31 - 1

/** Longest CID as a string: a SHA-512 one in base 32 has 112 characters. */
export const MAX_CID_CHARS = 128
/** Longest job id, peer id or state. */
export const MAX_NAME_CHARS = 128
/** Longest multiaddr. */
export const MAX_ADDRESS_CHARS = 1_024
/** Longest path of an input file (PATH_MAX of Linux). */
export const MAX_PATH_CHARS = 4_096
/** Reasons, warnings and error messages are cut to this. */
export const MAX_REASON_CHARS = 4_096
/** A program's stack is cut to this. */
export const MAX_STACK_CHARS = 16 * KIB
/** Longest value of a job's `--arg`. */
export const MAX_ARG_CHARS = 64 * KIB
/** Longest text between key and value on an output line. */
export const MAX_SEPARATOR_CHARS = 256

/** `limit`s of messages.proto, which decoding holds; a sender splits what is longer. */
export const MAX_ADDRESSES = 64
/** CIDs of what an input lies below. */
export const MAX_ROOTS = 16
/** Arguments of one job. */
export const MAX_ARGS = 256
/** Counters of one report or status. */
export const MAX_COUNTERS = 1_024
/** Splits of one assignment. */
export const MAX_SPLITS_PER_ATTEMPT = 65_536
/** Runs in one message. */
export const MAX_RUNS_PER_MESSAGE = 8_192
/** Empty map tasks that one message names. */
export const MAX_EMPTY_PER_MESSAGE = 1_000_000
/** Blocks that one query asks about. */
export const MAX_CIDS_PER_QUERY = 16_384
/** Jobs of one status. */
export const MAX_JOBS_PER_STATUS = 1_024
/** Workers of one status. */
export const MAX_WORKERS_PER_STATUS = 16_384
/** Phases of one job. */
export const MAX_PHASES = 16
/** Warnings of one job. */
export const MAX_WARNINGS = 64
/** Workers on one job's blacklist. */
export const MAX_BLACKLIST = 64
/** Attempts of one answer about a job's course, some 100 bytes each. */
export const MAX_COURSE_ATTEMPTS = 2_048
/** Of these, attempts with a failure, which may have a stack. */
export const MAX_COURSE_FAILURES = 48
/** Skipped records that a report or a status names; counters count all. */
export const MAX_SKIPPED = 100
/** Most records that a job may ask to skip. */
export const MAX_SKIP_BAD_RECORDS = 1_000_000

if (LEASE_MS < 3 * HEARTBEAT_MS) { throw new RangeError('LEASE_MS must outlive two lost heartbeats: at least 3 * HEARTBEAT_MS') }
if (MAX_SKIPPED_LISTED > MAX_SKIPPED) { throw new RangeError('A report must hold the skipped records that an attempt lists') }
if (MAX_COURSE_ATTEMPTS * KIB / 2 + MAX_COURSE_FAILURES * 3 * (MAX_STACK_CHARS + MAX_REASON_CHARS) > MAX_MESSAGE_BYTES) { throw new RangeError('An answer about a course must fit in a message, whatever failed') }
if (MAX_ANNOUNCEMENT_BYTES > MAX_MESSAGE_BYTES) { throw new RangeError('An announcement must not be longer than a message') }
