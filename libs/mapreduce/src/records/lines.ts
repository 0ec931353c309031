import { viewOf } from '../datum/index.ts'
import { NEWLINE } from './bytes.ts'
import { ByteSearch } from './byte-search.ts'
import { LineCutter } from './line-cutter.ts'
import type { LineCutterInit } from './line-cutter.ts'
import { LineWindows } from './line-windows.ts'
import { rawLines } from './raw-lines.ts'
import { readBytes, readTail } from './range-reader.ts'
import type { Source } from './range-reader.ts'
import { selectedLines } from './selected-lines.ts'
import type { Selection } from './selected-lines.ts'

/** What makes lines of bytes. */
interface Cutter {
  readonly unfinished: boolean
  push: (chunk: Uint8Array) => void
  finish: () => void
}

/**
 * The lines whose first byte lies in the source's range (after Hadoop's LineRecordReader): the first, broken
 * line belongs to the split before; the last is finished past the range's end.
 * Every line is delivered without its `\n` or `\r\n`, decoded as UTF-8; a byte order mark stays where it is.
 * A last line without newline counts; there is no empty line after a final newline.
 */
export async function readLines (source: Source, maxRecordBytes: number, onLine: (line: string, offset: number) => void): Promise<void> {
  await cutLines(source, maxRecordBytes, init => new LineCutter(init, onLine))
}

/** Of these lines, those in which certain bytes occur, none of them `\r` or `\n`; `onPassed` is told how many others there are. */
export async function readSelectedLines (source: Source, maxRecordBytes: number, selection: Selection, onLine: (line: string, offset: number) => void): Promise<void> {
  await cutLines(source, maxRecordBytes, init => selectedLines(init, selection, onLine))
}

/** The same lines as bytes, without their `\n`. A value is a view of what was read wherever it lies in one chunk: it must not be changed. */
export async function readRawLines (source: Source, maxRecordBytes: number, onLine: (line: Uint8Array, offset: number) => void): Promise<void> {
  await cutLines(source, maxRecordBytes, init => rawLines(init, onLine))
}

/** The same lines many at once: each with its `\n`, but perhaps the last, and how many there are. */
export async function readManyLines (source: Source, maxRecordBytes: number, onLines: (lines: Uint8Array, offset: number, count: number) => void): Promise<void> {
  const newlines = new ByteSearch(Uint8Array.of(NEWLINE))
  const many = (lines: Uint8Array, offset: number): void => {
    newlines.load(lines)
    onLines(viewOf(lines), offset, newlines.newlines)
  }
  await cutLines(source, maxRecordBytes, init => new LineWindows({ ...init, onLines: many, onLine: (line, offset) => { onLines(viewOf(line), offset, 1) } }))
}

async function cutLines (source: Source, maxRecordBytes: number, cutterAt: (init: LineCutterInit) => Cutter): Promise<void> {
  const { file, offset, length } = source.range
  const end = offset + length
  if (length === 0) {
    return
  }
  // A line starts at `offset` if the byte before it is a newline: read that byte too, and skip through the first newline.
  let cutter = offset === 0 ? cutterAt({ file, offset, maxRecordBytes }) : undefined
  let position = Math.max(offset - 1, 0)
  for await (const chunk of readBytes(source, position, end)) {
    if (cutter !== undefined) {
      cutter.push(chunk)
    } else {
      const start = chunk.indexOf(NEWLINE) + 1
      if (start > 0) {
        cutter = cutterAt({ file, offset: position + start, maxRecordBytes })
        cutter.push(chunk.subarray(start))
      }
    }
    position += chunk.length
  }
  if (cutter?.unfinished === true) {
    await finishLastLine(source, cutter)
  }
}

async function finishLastLine (source: Source, cutter: Cutter): Promise<void> {
  for await (const chunk of readTail(source)) {
    const end = chunk.indexOf(NEWLINE) + 1
    cutter.push(end === 0 ? chunk : chunk.subarray(0, end))
    if (end > 0) {
      return
    }
  }
  cutter.finish()
}
