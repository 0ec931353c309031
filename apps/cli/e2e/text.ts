/** A text with what cuts go wrong in: letters of two to four bytes, `\r\n`, blank lines, a long line, no final newline. */
export function sampleText (lines: number, seed = 1): string {
  const words = ['whale', 'Whale', 'the', 'naïve', 'größer', 'море', '鯨', '𝔲𝔫𝔦', 'sea', 'a', 'Über', 'of', 'κῆτος']
  let state = seed
  const next = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return (state >>> 8) % below
  }
  const made = Array.from({ length: lines }, (_, line) => {
    const length = line === 7 ? 3000 : next(12)
    return Array.from({ length }, () => words[next(words.length)] ?? '').join(next(2) === 0 ? ' ' : '-')
  })
  return made.map((line, index) => index === made.length - 1 ? `${line} end` : `${line}${index % 3 === 0 ? '\r\n' : '\n'}`).join('')
}

/** Word count by other means: the sorted lines of all parts together. */
export function countWords (...texts: string[]): string[] {
  const counts = new Map<string, number>()
  for (const text of texts) {
    for (const [word] of text.matchAll(/\p{L}+/gu)) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return byBytes([...counts].map(([word, count]) => `${word} ${count}`))
}

export function byBytes (lines: string[]): string[] {
  return lines.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

/** The lines of parts, sorted together; each ends in a newline. */
export function linesOf (...parts: string[]): string[] {
  return byBytes(parts.flatMap(part => part.split('\n').slice(0, -1)))
}
