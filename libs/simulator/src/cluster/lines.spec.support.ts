/** Bytes of each line that `lines` makes. */
export const LINE_BYTES = 'the whale aa\n'.length

/** Lines of one length, each with a word of its own. */
export function lines (count: number): string {
  const letter = (n: number): string => String.fromCharCode(97 + n % 26)
  return Array.from({ length: count }, (_, i) => `the whale ${letter(i / 26)}${letter(i)}\n`).join('')
}

/** One leaf, and so one map task, for each line. */
export const A_LINE_A_TASK = { chunkBytes: LINE_BYTES }
