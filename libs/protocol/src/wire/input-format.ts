import { MAX_RECORD_BYTES } from '@ipfs-mapreduce/mapreduce'
import type { InputFormat } from '@ipfs-mapreduce/mapreduce'
import { refuse, whole } from './door.ts'

const NAMED = ['lines', 'raw-lines', 'text', 'ndjson', 'csv'] as const

/** An input format as one word: `lines`, `raw-lines`, `text`, `ndjson`, `csv` or `bytes:N`. */
export function formatInputFormat (format: InputFormat): string {
  return typeof format === 'string' ? format : `bytes:${format.bytes}`
}

/** Inverse of `formatInputFormat`. Throws `BAD_INPUT` on any other text. */
export function parseInputFormat (word: string): InputFormat {
  const named = NAMED.find(one => one === word)
  if (named !== undefined) { return named }
  const bytes = /^bytes:([1-9][0-9]{0,15})$/.exec(word)?.[1]
  if (bytes === undefined) {
    throw refuse('inputFormat', `is ${JSON.stringify(word.slice(0, 100))}, must be ${NAMED.join(', ')} or bytes:N`)
  }
  return { bytes: whole('inputFormat', Number(bytes), MAX_RECORD_BYTES, 1) }
}
