import { intrinsics, viewOf } from '../datum/index.ts'
import { NEWLINE } from './bytes.ts'
import { LineWindows } from './line-windows.ts'
import type { LineCutterInit } from './line-cutter.ts'

/** Delivers each line by itself, not decoded and without its `\n`: a view of its chunk where it lies in one. */
export function rawLines (init: LineCutterInit, onLine: (line: Uint8Array, offset: number) => void): LineWindows {
  return new LineWindows({
    ...init,
    onLines: (lines, offset) => {
      const { buffer, byteOffset } = lines
      for (let start = 0; start < lines.length;) {
        const end = lines.indexOf(NEWLINE, start)
        // What `subarray` gives, in four fifths of its time.
        onLine(new intrinsics.Uint8Array(buffer, byteOffset + start, end - start), offset + start)
        start = end + 1
      }
    },
    onLine: (line, offset) => { onLine(viewOf(line), offset) }
  })
}
