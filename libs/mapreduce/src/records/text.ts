import { MapReduceError } from '../errors.ts'
import { concat } from '../concat.ts'
import { decodeText } from './bytes.ts'
import { readBytes, requireWholeFile } from './range-reader.ts'
import type { Source } from './range-reader.ts'

/** A whole file as one record at offset 0, decoded as UTF-8 (a byte order mark stays); an empty file is the record `''`. */
export async function readText (source: Source, maxRecordBytes: number, onRecord: (value: string, offset: number) => void): Promise<void> {
  const { range } = source
  requireWholeFile(range, 'text')
  if (range.fileBytes > maxRecordBytes) {
    throw new MapReduceError('BAD_INPUT', `${range.file}: ${range.fileBytes} bytes are more than the ${maxRecordBytes} that text hands to map whole; use lines`)
  }
  const parts: Uint8Array[] = []
  for await (const chunk of readBytes(source, 0, range.fileBytes)) {
    parts.push(chunk)
  }
  onRecord(decodeText(concat(parts, range.fileBytes)), 0)
}
