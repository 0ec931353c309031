import { MapReduceError } from '../errors.ts'
import { intrinsics } from '../datum/index.ts'
import type { Datum } from '../program.ts'
import { readLines } from './lines.ts'
import type { Source } from './range-reader.ts'

/** What JSON counts as white space (RFC 8259 section 2), within a line. */
const BLANK = /^[ \t\r]*$/
const BYTE_ORDER_MARK = 0xfeff

/**
 * The parsed value of each line that is not blank, cut as `readLines` does. A byte order mark at the start of
 * the file is dropped. Throws `BAD_INPUT` on a line that is not JSON, naming file, offset and reason.
 */
export async function readNdjson (source: Source, maxRecordBytes: number, onRecord: (value: Datum, offset: number) => void): Promise<void> {
  await readLines(source, maxRecordBytes, (line, offset) => {
    const json = offset === 0 && line.charCodeAt(0) === BYTE_ORDER_MARK ? line.slice(1) : line
    if (BLANK.test(json)) {
      return
    }
    onRecord(parse(json, source.range.file, offset), offset)
  })
}

function parse (json: string, file: string, offset: number): Datum {
  try {
    return intrinsics.parseJson(json) as Datum
  } catch (error) {
    // Of the program's realm, and so no `Error` of this one.
    const reason = String((error as SyntaxError).message)
    throw new MapReduceError('BAD_INPUT', `${file}: the line at offset ${offset} is not JSON: ${reason}`, { cause: error })
  }
}
