/** One of the two processes' share of the work, as somebody would write it who has one job to do and plain files to do it on. */
export interface Job {
  /** Reads share `share` of the input and writes what each process needs of it. */
  map: (init: ShareInit) => void
  /** Reads what both wrote for this process and writes its part of the output. */
  reduce: (init: ShareInit) => void
}

export interface ShareInit {
  input: string
  /** A folder of this run alone. */
  directory: string
  share: number
  args: Record<string, string>
}

/** Processes, and so shares and partitions: two, unless who starts them wants to see what one does. */
export const SHARES = Number(process.env['SHARES'] ?? 2)

/** What share `from` made for partition `to`. */
export function intermediate (directory: string, from: number, to: number): string {
  return `${directory}/map-${from}-${to}`
}

/** Named as the cluster names its own. */
export function outputPart (directory: string, partition: number): string {
  return `${directory}/part-r-0000${partition}`
}
