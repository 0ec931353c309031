import { setFlagsFromString } from 'node:v8'

/** The first V8 that has been seen to know the flags; one that does not would say so on stderr. */
const FIRST_V8 = 13.6

/**
 * Lets memory outside of V8's heap, which is where blocks are, count as part of the heap, and the heap grow to two and a half times what a collection has left.
 * As V8 has it by default it looks through its whole heap whenever 64 MiB of buffers were made since the last time; that is several times a second
 * where blocks pass through a process, takes 15 to 100 ms each time, and frees what the next collection of young objects would have freed. And it
 * grows a heap by less the slower its machine is; two and a half times is within what it may do, and keeps services that move a GiB below 400 MiB. V8 heeds both flags whenever they are set.
 */
export function countBlocksAsHeap (): void {
  if (Number.parseFloat(process.versions.v8) < FIRST_V8) return
  setFlagsFromString('--external-memory-accounted-in-global-limit')
  setFlagsFromString('--heap-growing-percent=150')
}
