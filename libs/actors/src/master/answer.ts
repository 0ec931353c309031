import type { SkippedRecord } from '@ipfs-mapreduce/mapreduce'
import type { AttemptCompleted, Run } from '@ipfs-mapreduce/protocol'

/** What an attempt made, as a task's record keeps it. */
export interface Answer {
  attempt: number
  worker: string
  /** A map's runs, by partition. */
  runs: Run[]
  /** A reduce's output. */
  output?: { cid: string, bytes: number }
  /** Values in the order of the table's counter names; NaN where it has none of a name. */
  counters: number[]
  /** Records that made the program throw, where there were any. */
  skipped?: SkippedRecord[]
}

export function answerOf ({ ref, runs, output, outputBytes, skipped }: AttemptCompleted, worker: string, counters: number[]): Answer {
  return { attempt: ref.attempt, worker, runs, ...output !== undefined && { output: { cid: output, bytes: outputBytes } }, counters, ...skipped.length > 0 && { skipped } }
}

export function sameAnswer (a: Pick<Answer, 'runs' | 'output'>, b: Pick<Answer, 'runs' | 'output'>): boolean {
  return a.output?.cid === b.output?.cid && a.runs.length === b.runs.length && a.runs.every((run, i) => run.cid === b.runs[i]!.cid)
}

/** Partitions whose run differs. */
export function changedPartitions (before: Answer, after: Answer): number[] {
  const cids = new Map(before.runs.map(({ partition, cid }) => [partition, cid]))
  const changed = new Set<number>()
  for (const { partition, cid } of after.runs) {
    if (cids.get(partition) !== cid) changed.add(partition)
    cids.delete(partition)
  }
  return [...changed, ...cids.keys()]
}

export type Verdict =
  /** It stands: there is no other, or most agree with it. `liars` gave another one. */
  | { type: 'stands', liars: string[] }
  /** Two differ: a third worker decides. */
  | { type: 'contested', rivals: Answer[] }
  /** All three differ: the program is not deterministic, and any answer is as good. */
  | { type: 'undecided' }

/** Equal tasks give equal answers, so a different one is a fault: of the worker, or of a program that is not deterministic. */
export function judge (standing: Answer | undefined, rivals: Answer[], next: Answer): Verdict {
  if (rivals.length === 0) {
    return standing === undefined || sameAnswer(standing, next) ? { type: 'stands', liars: [] } : { type: 'contested', rivals: [standing, next] }
  }
  if (!rivals.some(rival => sameAnswer(rival, next))) return { type: 'undecided' }
  return { type: 'stands', liars: rivals.filter(rival => !sameAnswer(rival, next) && rival.worker !== next.worker).map(({ worker }) => worker) }
}
