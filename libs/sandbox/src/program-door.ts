import { types } from 'node:util'
import { MAX_PRINTED_BYTES } from './constants.ts'
import type { FsScratch } from './fs-scratch.ts'
import type { AttemptDoor, Print } from './isolate/door.ts'
import type { RemoteReads } from './remote-reads.ts'

export interface ProgramDoorInit {
  reads: RemoteReads
  scratch: FsScratch
  onProgress: (records: number) => void
  print: Print
  /** Told of every call but those that a program makes at will. */
  onSign: () => void
  /** Told of what could not be done, before the isolate is. */
  onError: (error: unknown) => void
}

/**
 * The door of one attempt, on the side of the process. The engine asks through it; a program that has bent the engine
 * to its will may ask too, so that every argument may be anything.
 */
export function programDoor ({ reads, scratch, onProgress, print, onSign, onError }: ProgramDoorInit): AttemptDoor {
  let printedBytes = 0
  /** Does what was asked, or says what was wrong. Not in the error's own words: those of the file system name paths. */
  const answered = <T>(work: () => T): T | string => {
    onSign()
    try {
      return work()
    } catch (error) {
      onError(error)
      return (error as NodeJS.ErrnoException).code ?? (error as Error).message
    }
  }
  const unanswered = (work: () => void): void => { answered(work) }
  return {
    print: (text, isError) => {
      if (typeof text !== 'string' || printedBytes > MAX_PRINTED_BYTES) return
      printedBytes += text.length + 1
      print(text.slice(0, MAX_PRINTED_BYTES), isError)
    },
    progress: records => { unanswered(() => { onProgress(records) }) },
    openRead: (file, offset, length) => answered(() => reads.open(file, { ...(offset !== undefined && { offset }), ...(length !== undefined && { length }) })),
    bring: (file, content) => answered(() => reads.bring(content, {
      write: bytes => { scratch.write(file, bytes) },
      borrow: lent => { scratch.borrow(file, lent) }
    })),
    pull: read => { unanswered(() => { reads.pull(read) }) },
    stopRead: read => { unanswered(() => { reads.stop(read) }) },
    create: () => answered(() => scratch.create()),
    write: (file, bytes) => answered(() => {
      if (!types.isUint8Array(bytes)) throw new TypeError('what is written must be bytes')
      scratch.write(file, bytes)
      return undefined
    }),
    close: file => answered(() => {
      scratch.close(file)
      return undefined
    }),
    read: (file, position, bytes) => answered(() => scratch.read(file, position, bytes)),
    remove: file => { unanswered(() => { scratch.remove(file) }) }
  }
}
