import { MAX_REDUCERS, MAX_SKIPPED_LISTED, MAX_SKIPPED_MESSAGE_CHARS, RUN_BLOCK_BYTES } from '@ipfs-mapreduce/mapreduce'

/** Bounds of the sandbox. Each has its unit in its name and its reason beside it. */

const KIB = 1024
const MIB = 1024 * KIB

/**
 * Memory of one program: V8 heap and array buffers, in which the sort buffer (64 MiB) lies, as much again while it is
 * sorted, and room for what the program keeps.
 */
export const DEFAULT_MAX_HEAP_MIB = 512
/**
 * What an executor's process may have resident beyond its program's heap: Node itself, code, buffers on their way, and
 * what garbage waits. WebAssembly memories count against it too, which isolated-vm does not bound.
 */
export const RESIDENT_ROOM_MIB = 256
/** How often an executor looks at its memory, and whether its program still gives a sign of life. */
export const GUARD_INTERVAL_MS = 50
/** How long one call of a program may take. A text that is mapped whole can be 256 MiB, and takes a minute. */
export const DEFAULT_MAX_CALL_MS = 10 * 60_000
/** Scratch files of one attempt, together: spills, merges and outputs of splits and partitions far larger than there should be. */
export const DEFAULT_MAX_SCRATCH_BYTES = 16 * 1024 * MIB
/** Scratch files of one attempt at a time: an output for each of MAX_REDUCERS, and spills of tens of megabytes beside them. */
export const MAX_SCRATCH_FILES = MAX_REDUCERS + 1024

/** How long an executor without work keeps its memory, some 100 to 200 MB: longer than a job's tasks are apart. */
export const DEFAULT_IDLE_MS = 60_000

/** Longest path or key of a skipped record: PATH_MAX of Linux. */
export const MAX_PLACE_CHARS = 4_096
/** Largest control message of an executor: a map's MAX_REDUCERS outputs, what it skipped, and its counters, with room. */
export const MAX_CHILD_MESSAGE_BYTES = 4 * MIB
/** Room for one output in that message: its name, partition and record count as JSON. */
const OUTPUT_MESSAGE_BYTES = 128
/** Room for one skipped record; a character takes up to six bytes as JSON. */
const SKIPPED_MESSAGE_BYTES = 6 * (MAX_PLACE_CHARS + MAX_SKIPPED_MESSAGE_CHARS) + 128
if (MAX_REDUCERS * OUTPUT_MESSAGE_BYTES + MAX_SKIPPED_LISTED * SKIPPED_MESSAGE_BYTES > MAX_CHILD_MESSAGE_BYTES * 0.8) {
  throw new Error('MAX_CHILD_MESSAGE_BYTES does not hold MAX_REDUCERS outputs and MAX_SKIPPED_LISTED skipped records')
}

/** Largest control message to an executor, where V8 strings end: a reduce's work names every run. */
export const MAX_PARENT_MESSAGE_BYTES = 512 * MIB

/** Largest data frame; a bigger piece of content is sent as several. */
export const DATA_FRAME_BYTES = 256 * KIB
/** Content sent to an executor and not yet taken by its program, for each read. */
export const READ_WINDOW_BYTES = 1 * MIB
/** The same of what lies in files, which takes no memory: so much of what is dropped meanwhile keeps its room on the disk. */
export const LENT_WINDOW_BYTES = 4 * MIB
/** Read from files that were lent, for a program to look at, at a time: some leaves of a file. */
export const LENT_READ_BYTES = 1024 * KIB
/** Reads that an executor may have open at once; a task reads one after the other. */
export const MAX_OPEN_READS = 64

/** Read from a scratch file at a time at most: a longer record is read in parts. */
export const MAX_SCRATCH_READ_BYTES = 4 * MIB
/** Held back before a scratch file is written, so that small writes do not each go through the isolate's door. */
export const SCRATCH_WRITE_BYTES = 256 * KIB
/** Read from an output file at a time: a block of what it is stored as, so that none is put together from several. */
export const OUTPUT_READ_BYTES = RUN_BLOCK_BYTES

/** What a program may print to the log in one attempt; the rest is counted and dropped. */
export const MAX_LOGGED_BYTES = 16 * KIB
/** What an executor prints of an attempt at most: more than is logged, so that the sandbox sees that there is more. */
export const MAX_PRINTED_BYTES = 4 * MAX_LOGGED_BYTES
/** End of an executor's stderr that is kept to tell why it ended: V8's last words of some 4,000 characters, with room. */
export const STDERR_TAIL_CHARS = 16 * KIB

/** Longest message of a program's error that is passed on. */
export const MAX_ERROR_CHARS = 4 * KIB
/** Longest program stack that is passed on. */
export const MAX_STACK_CHARS = 8 * KIB
/** Stack frames kept while a program runs: V8's 10 hide the caller where a library call throws. */
export const STACK_FRAMES = 50

/** Distinct counters of one attempt: they travel in one message and are summed per job. */
export const MAX_COUNTERS = 1024
/** Longest name of a counter. */
export const MAX_COUNTER_NAME_CHARS = 256

/** At most one progress message of an executor in this time. */
export const PROGRESS_INTERVAL_MS = 200
/** `describe` gives up on an executor that does not answer. */
export const DESCRIBE_TIMEOUT_MS = 10_000
/** A program that has not loaded after this time has failed. Before DESCRIBE_TIMEOUT_MS, which bounds the start of a process too. */
export const LOAD_TIMEOUT_MS = 8_000
/** How long a sandbox has had no work when it starts an executor for the next job: what runs has the processors. */
export const SPARE_DELAY_MS = 1_000
/** An executor that closed its channel is killed if it has not ended after this time. */
export const EXIT_GRACE_MS = 1_000
