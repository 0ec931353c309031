export interface Summary {
  median: number
  least: number
  most: number
  runs: number
}

/** Throws on nothing. */
export function summarise (numbers: readonly number[]): Summary {
  if (numbers.length === 0) throw new RangeError('there is nothing to summarise')
  return { median: median(numbers), least: Math.min(...numbers), most: Math.max(...numbers), runs: numbers.length }
}

/** The middle number, or the mean of the two in the middle. NaN of nothing. */
export function median (numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2
}
