import type { JobFile } from './job-file.ts'
import { createTurns } from './turns.ts'

/** The journal of one job: calls take effect in their order, and appends that wait are written together. */
export interface JobJournal extends Omit<JobFile, 'append'> {
  append: (payload: Uint8Array) => Promise<void>
  /** Whether nothing is under way. */
  idle: () => boolean
  /** Resolves when what was called before has ended. */
  ended: () => Promise<void>
}

/** Appends that are written at once. */
interface Batch {
  index: number
  payloads: Uint8Array[]
}

export function createJobJournal (file: JobFile): JobJournal {
  const turns = createTurns()
  /** The batch that waits for its turn, and takes what is appended until then. */
  let open: { batch: Batch, written: Promise<void> } | undefined
  let batches = 0
  let failed: { upTo: number, error: unknown } | undefined

  const write = async (batch: Batch): Promise<void> => {
    if (open?.batch === batch) open = undefined
    // An entry is not kept without those before it.
    if (failed !== undefined && batch.index <= failed.upTo) throw failed.error
    try {
      await file.append(batch.payloads)
    } catch (error) {
      failed = { upTo: batches, error }
      open = undefined
      throw error
    }
  }
  const begin = (): { batch: Batch, written: Promise<void> } => {
    const batch: Batch = { index: ++batches, payloads: [] }
    return { batch, written: turns.add(() => write(batch)) }
  }
  /** What is appended from now on comes after this. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    open = undefined
    return turns.add(work)
  }

  return {
    number: file.number,
    append (payload) {
      open ??= begin()
      open.batch.payloads.push(payload)
      return open.written
    },
    replace: payloads => inTurn(() => file.replace(payloads)),
    remove: () => inTurn(file.remove),
    read: () => inTurn(file.read),
    idle: turns.idle,
    ended: turns.ended
  }
}
