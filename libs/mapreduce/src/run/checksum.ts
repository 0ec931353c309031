/** Polynomial of CRC-32 (ISO-HDLC, as in zip and Ethernet), bits reversed. */
const POLYNOMIAL = 0xedb88320
/** Bytes taken per step ("slicing-by-4": Kounavis and Berry, 2005). */
const SLICES = 4

const tables = Array.from({ length: SLICES }, () => new Uint32Array(256))
for (let byte = 0; byte < 256; byte++) {
  let remainder = byte
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? POLYNOMIAL : 0)
  tables[0]![byte] = remainder
}
for (let slice = 1; slice < SLICES; slice++) {
  for (let byte = 0; byte < 256; byte++) {
    const before = tables[slice - 1]![byte]!
    tables[slice]![byte] = (before >>> 8) ^ tables[0]![before & 0xff]!
  }
}
const [one, two, three, four] = tables as [Uint32Array, Uint32Array, Uint32Array, Uint32Array]

/** CRC-32 of `bytes[start, end)`; `before` is the checksum of the bytes before them. */
export function crc32 (bytes: Uint8Array, start = 0, end = bytes.length, before = 0): number {
  let crc = ~before
  let i = start
  for (; i + SLICES <= end; i += SLICES) {
    crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
    crc = four[crc & 0xff]! ^ three[(crc >>> 8) & 0xff]! ^ two[(crc >>> 16) & 0xff]! ^ one[crc >>> 24]!
  }
  for (; i < end; i++) crc = one[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8)
  return ~crc >>> 0
}
