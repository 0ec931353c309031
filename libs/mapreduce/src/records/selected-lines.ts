import { CARRIAGE_RETURN, decodeText, NEWLINE } from './bytes.ts'
import type { ByteSearch } from './byte-search.ts'
import { LineWindows } from './line-windows.ts'
import type { LineCutterInit } from './line-cutter.ts'

/** Which lines are read, and who is told of the others. */
export interface Selection {
  search: ByteSearch
  /** Told of lines that were passed over. */
  onPassed: (lines: number) => void
}

/**
 * Delivers those lines that `LineCutter` would in which certain bytes occur, none of them `\r` or `\n`. The others are counted,
 * and neither cut nor decoded.
 */
export function selectedLines (init: LineCutterInit, { search, onPassed }: Selection, onLine: (line: string, offset: number) => void): LineWindows {
  /** Without a newline a last \r is part of the line. */
  const deliver = (line: Uint8Array, offset: number, newlineBytes: 0 | 1): void => {
    onLine(decodeText(newlineBytes === 1 && line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line), offset)
  }
  return new LineWindows({
    ...init,
    onLines: (lines, offset) => {
      search.load(lines)
      let passed = search.newlines
      for (let at = search.find(0); at >= 0;) {
        const newline = lines.indexOf(NEWLINE, at)
        const first = lines.lastIndexOf(NEWLINE, at) + 1
        deliver(lines.subarray(first, newline), offset + first, 1)
        passed--
        at = search.find(newline + 1)
      }
      if (passed > 0) onPassed(passed)
    },
    onLine: (line, offset, newlineBytes) => {
      if (search.isIn(line)) deliver(line, offset, newlineBytes)
      else onPassed(1)
    }
  })
}
