import { MAX_RECORD_BYTES, SAMPLE_BYTES, SAMPLE_PLACE_FILES, SAMPLE_PLACES } from '../constants.ts'
import { MapReduceError } from '../errors.ts'
import type { FileEntry } from '../files.ts'
import type { SplitRange } from '../job.ts'
import type { InputFormat } from '../program.ts'
import { wholeFile } from '../records/input-format.ts'

/**
 * Where a sample of the input is read: short ranges, evenly spread over the bytes of all files, together about
 * SAMPLE_BYTES; of a whole-file format a few files. A function of the files alone, which are walked twice. Throws `BAD_INPUT`
 * where a file that has to be read whole is too large to be read here.
 */
export async function samplePlaces (walk: () => AsyncIterable<FileEntry>, format: InputFormat): Promise<SplitRange[]> {
  let totalBytes = 0
  for await (const { bytes } of walk()) totalBytes += bytes
  return wholeFile(format) ? await sampleFiles(walk(), totalBytes) : await sampleRanges(walk(), placesOf(totalBytes, format))
}

/** A range of the files' bytes, one after another. */
interface Place {
  start: number
  end: number
}

/** A place holds the beginning of one record at least, if records have one length. */
function placesOf (totalBytes: number, format: InputFormat): Place[] {
  const bytes = Math.max(SAMPLE_BYTES / SAMPLE_PLACES, typeof format === 'object' ? format.bytes : 0)
  return starts(totalBytes).map((start, i, all) => ({ start, end: Math.min(start + bytes, all[i + 1] ?? totalBytes) }))
}

function starts (totalBytes: number): number[] {
  return Array.from({ length: SAMPLE_PLACES }, (_, i) => Math.floor(i * (totalBytes / SAMPLE_PLACES)))
}

async function sampleRanges (files: AsyncIterable<FileEntry>, places: Place[]): Promise<SplitRange[]> {
  const ranges: SplitRange[] = []
  let fileStart = 0
  let at = 0
  /** Files that the place has taken. */
  let taken = 0
  for await (const { path, cid, bytes } of files) {
    const fileEnd = fileStart + bytes
    for (; at < places.length; at++, taken = 0) {
      const { start, end } = places[at]!
      const from = Math.max(start, fileStart)
      const to = Math.min(end, fileEnd)
      if (from < to && taken < SAMPLE_PLACE_FILES) {
        append(ranges, { file: path, cid, offset: from - fileStart, length: to - from, fileBytes: bytes })
        taken++
      }
      if (end > fileEnd) break
    }
    fileStart = fileEnd
  }
  return ranges
}

/** Adds a range; one that goes on where the last ended makes it longer. */
function append (ranges: SplitRange[], range: SplitRange): void {
  const last = ranges.at(-1)
  if (last?.file === range.file && last.offset + last.length === range.offset) last.length += range.length
  else ranges.push(range)
}

async function sampleFiles (files: AsyncIterable<FileEntry>, totalBytes: number): Promise<SplitRange[]> {
  const places = starts(totalBytes)
  let candidates: SplitRange[] = []
  let fileStart = 0
  for await (const { path, cid, bytes } of files) {
    if (places.some(start => start >= fileStart && start < fileStart + bytes)) candidates.push({ file: path, cid, offset: 0, length: bytes, fileBytes: bytes })
    fileStart += bytes
  }
  while (candidates.length > 1 && bytesOf(candidates) > SAMPLE_BYTES) candidates = candidates.filter((_, i) => i % 2 === 0)
  const [first] = candidates
  if (first !== undefined && first.length > MAX_RECORD_BYTES) {
    throw new MapReduceError('BAD_INPUT', `${first.file}: a sample of a file of this format reads the whole of it, and ${first.length} bytes are more than ${MAX_RECORD_BYTES}; cut the input into smaller files, or let the program partition by a function`)
  }
  return candidates
}

function bytesOf (ranges: SplitRange[]): number {
  return ranges.reduce((sum, { length }) => sum + length, 0)
}
