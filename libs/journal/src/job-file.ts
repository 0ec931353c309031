import { encodeFrame, encodeHead, parse } from './format.ts'
import type { Folder } from './folder.ts'
import type { Log } from './log.ts'

/** The file that holds a job's entries, encoded. One call at a time. Rejects with Node's errors. */
export interface JobFile {
  /** Where the file stands among all; undefined while there is none. */
  number: () => number | undefined
  append: (payloads: readonly Uint8Array[]) => Promise<void>
  replace: (payloads: readonly Uint8Array[]) => Promise<void>
  remove: () => Promise<void>
  /** The payloads that are good. Mends the file, or sets it aside. */
  read: () => Promise<Uint8Array[]>
}

/** `found` is the number of the job's file, where there is one. */
export function createJobFile (job: string, folder: Folder, log: Log, found?: number): JobFile {
  let number = found
  /** Bytes up to the end of the last good frame; undefined before the first look. */
  let goodBytes = found === undefined ? 0 : undefined
  /** A write failed: part of it may lie behind the good bytes. */
  let untidy = false

  const stands = (at: number, bytes: number): void => {
    number = at
    goodBytes = bytes
    untidy = false
  }
  const drop = async (at: number): Promise<void> => {
    await folder.remove(at)
    number = undefined
    goodBytes = 0
    untidy = false
  }
  const put = async (at: number, payloads: readonly Uint8Array[]): Promise<void> => {
    const bytes = Buffer.concat([encodeHead(job), ...payloads.map(encodeFrame)])
    await folder.put(at, bytes)
    stands(at, bytes.length)
    await folder.sync()
  }

  /** Looks at the file as another process, or a failing disk, left it. */
  const look = async (at: number): Promise<Uint8Array[]> => {
    const bytes = await folder.read(at)
    const { payloads, end, ending } = parse(bytes)
    if (ending === 'rotten') {
      const aside = await folder.setAside(at, end, bytes)
      await (payloads.length > 0 ? put(at, payloads) : drop(at))
      log.warn({ job, file: aside, offset: end, entries: payloads.length }, 'the journal of a job is damaged: keeping its file as it was, and going on with the entries before the damage')
      return payloads
    }
    if (ending === 'torn') {
      if (end === 0) {
        await drop(at)
        return []
      }
      await folder.cut(at, end)
      log.debug({ job, offset: end, bytes: bytes.length - end }, 'cut off the entry that a killed process was writing')
    }
    stands(at, end)
    return payloads
  }
  const tidy = async (): Promise<void> => {
    if (number === undefined) return
    if (goodBytes === undefined) await look(number)
    else if (untidy && goodBytes === 0) await drop(number)
    else if (untidy) {
      await folder.cut(number, goodBytes)
      untidy = false
    }
  }

  return {
    number: () => number,
    async append (payloads) {
      await tidy()
      const isNew = number === undefined
      const at = number ?? folder.next()
      const frames = payloads.map(encodeFrame)
      const bytes = Buffer.concat(isNew ? [encodeHead(job), ...frames] : frames)
      const before = goodBytes ?? 0
      number = at
      untidy = true
      await folder.append(at, bytes)
      if (isNew) await folder.sync()
      stands(at, before + bytes.length)
    },
    replace: payloads => put(number ?? folder.next(), payloads),
    async remove () {
      if (number === undefined) return
      await drop(number)
      await folder.sync()
    },
    async read () {
      await tidy()
      return number === undefined ? [] : await look(number)
    }
  }
}
