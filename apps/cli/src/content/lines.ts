import { concat } from '@ipfs-mapreduce/mapreduce'

/** Of a line that is held in memory before it is told: text has shorter ones. */
const MAX_LINE_BYTES = 2 ** 20
const NEWLINE = 0x0a

/** A line of a file without its newline, or a piece of one that is longer than 1 MiB. */
export interface Line {
  /** Of its first byte in the file. */
  offset: number
  bytes: Uint8Array
  /** Whether the next one is of the same line. */
  more: boolean
}

/** The lines of a file as its bytes come, those of a chunk at once. Memory holds a chunk and `maxBytes`, whatever the file is. */
export async function * linesOf (chunks: AsyncIterable<Uint8Array>, maxBytes = MAX_LINE_BYTES): AsyncIterable<Line[]> {
  let offset = 0
  let held: Uint8Array[] = []
  let heldBytes = 0
  for await (const chunk of chunks) {
    const lines: Line[] = []
    for (let at = 0; at < chunk.length;) {
      const newline = chunk.indexOf(NEWLINE, at)
      const end = newline === -1 ? chunk.length : newline
      const fits = end - at <= maxBytes - heldBytes
      const next = fits ? end : at + maxBytes - heldBytes
      held.push(chunk.subarray(at, next))
      heldBytes += next - at
      at = next
      if (fits && newline === -1) continue
      const bytes = concat(held, heldBytes)
      const told = fits ? bytes : bytes.subarray(0, wholeCharacters(bytes, chunk[next]!))
      lines.push({ offset, bytes: told, more: !fits })
      held = [bytes.subarray(told.length)]
      heldBytes = bytes.length - told.length
      offset += told.length
      if (!fits) continue
      at++
      offset++
    }
    if (lines.length > 0) yield lines
  }
  if (heldBytes > 0) yield [{ offset, bytes: concat(held, heldBytes), more: false }]
}

/** How many of the bytes end with a character of UTF-8, given the byte that follows; all of them where they are none. */
function wholeCharacters (bytes: Uint8Array, following: number): number {
  const isInside = (byte: number): boolean => (byte & 0xc0) === 0x80
  if (!isInside(following)) return bytes.length
  for (let back = 1; back <= Math.min(3, bytes.length - 1); back++) {
    if (!isInside(bytes[bytes.length - back]!)) return bytes.length - back
  }
  return bytes.length
}
