const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const HEX = /^(?:[0-9a-f]{2})*$/

/** Bytes as lower-case hexadecimal digits, which sort as the bytes do. */
export function toHex (bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += DIGITS[byte]!
  return text
}

/** Inverse of `toHex`; undefined where the text is not its. */
export function fromHex (text: string): Uint8Array | undefined {
  if (!HEX.test(text)) return undefined
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16))
}
