/** Where two transcripts part: the line of each. */
export function firstDifference (one: readonly string[], other: readonly string[]): string {
  for (let i = 0; i < Math.max(one.length, other.length); i++) {
    if (one[i] !== other[i]) return `${one[i] ?? 'its end'} / ${other[i] ?? 'its end'}`
  }
  return 'in what is not shown'
}
