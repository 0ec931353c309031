import { SPLIT_TAIL_BYTES } from '../constants.ts'
import { MapReduceError } from '../errors.ts'
import type { ReadContent } from '../executor.ts'
import type { SplitRange } from '../job.ts'

/** Reads past a split's end double up to this size. */
const MAX_TAIL_BYTES = 4 * 1024 * 1024

/** Where a record reader gets its bytes. */
export interface Source {
  range: SplitRange
  read: ReadContent
  signal?: AbortSignal
}

/**
 * Bytes `from` (inclusive) to `to` (exclusive) of the range's file, in chunks that are not empty.
 * Throws `ABORTED` once the signal fires, and `TRANSIENT` where the content is not as long as was asked:
 * what cannot be read must not look like an empty file.
 */
export async function * readBytes ({ range, read, signal }: Source, from: number, to: number): AsyncGenerator<Uint8Array> {
  if (from >= to) {
    return
  }
  let position = from
  for await (const chunk of read(range.cid, { offset: from, length: to - from, signal })) {
    throwIfAborted(range, signal)
    if (chunk.length === 0) {
      continue
    }
    position += chunk.length
    yield chunk
  }
  throwIfAborted(range, signal)
  if (position !== to) {
    throw new MapReduceError('TRANSIENT', `${range.file} (${range.cid}): asked for bytes ${from} to ${to}, the content ended at ${position}`)
  }
}

/** The bytes after the range's end, to the end of the file, asked for in growing reads so that little is read in vain. */
export async function * readTail (source: Source): AsyncGenerator<Uint8Array> {
  const { offset, length, fileBytes } = source.range
  let from = offset + length
  for (let bytes = SPLIT_TAIL_BYTES; from < fileBytes; bytes = Math.min(2 * bytes, MAX_TAIL_BYTES)) {
    const to = Math.min(from + bytes, fileBytes)
    yield * readBytes(source, from, to)
    from = to
  }
}

/** Fails with `FATAL` unless the range is its whole file. */
export function requireWholeFile ({ file, offset, length, fileBytes }: SplitRange, format: string): void {
  if (offset !== 0 || length !== fileBytes) {
    throw new MapReduceError('FATAL', `${file}: a ${format} file is mapped whole, not bytes ${offset} to ${offset + length} of ${fileBytes}`)
  }
}

function throwIfAborted (range: SplitRange, signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new MapReduceError('ABORTED', `reading ${range.file} was aborted`, { cause: signal.reason })
  }
}
