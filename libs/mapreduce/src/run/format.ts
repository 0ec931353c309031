import { MAX_KEY_BYTES, MAX_VALUE_BYTES } from '../constants.ts'

/** The run format's constants; RUN-FORMAT.md says it in prose. */

/** `IPMR` and the version: what every run starts with. */
export const RUN_HEADER = Uint8Array.of(0x49, 0x50, 0x4d, 0x52, 1)
/** Where a key's length would be, after the last record: no key is empty, for it ends in its tag. */
export const END_MARK = 0
/** CRC-32 of all that lies before it, little-endian. */
export const CHECKSUM_BYTES = 4
/** A run of no records: header, end mark, a count of one byte, checksum. */
export const MIN_RUN_BYTES = RUN_HEADER.length + 2 + CHECKSUM_BYTES
/** Longest key of a record: its text and tag. */
export const MAX_KEY_FIELD_BYTES = MAX_KEY_BYTES + 1
/** Longest value of a record, as encoded. */
export const MAX_VALUE_FIELD_BYTES = MAX_VALUE_BYTES
