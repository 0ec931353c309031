/** What the record readers know of bytes. */

export const NEWLINE = 0x0a
export const CARRIAGE_RETURN = 0x0d
export const QUOTE = 0x22

/**
 * UTF-8 to text as the Encoding Standard says: what is not UTF-8 becomes U+FFFD, never an error, and a byte
 * order mark is a character like others (a line in mid-file may start with one).
 */
export function decodeText (bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
