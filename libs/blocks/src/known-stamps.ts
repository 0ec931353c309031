import { randomUUID } from 'node:crypto'
import { appendFileSync, closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CHECKED_BLOCKS, UNFINISHED } from './constants.ts'
import type { Log } from './log.ts'

/** Beside the folders of blocks; no block's name begins with a dot. */
const FILE = '.checked'
/** The first line's beginning; what follows it is the boot. */
const FORMAT = 'blocks found sound (multihash inode bytes mtimeMs), 1, boot'
/** As Linux tells it; other systems have none that costs as little to read, and check blocks anew in each process. */
const BOOT_ID = '/proc/sys/kernel/random/boot_id'

/** What others have added is read in pieces of this. */
const READ_BYTES = 16 * 1024
const NOT_KEPT = 'which blocks are sound could not be kept; other processes check them again'

/** How much of the file was read, of which file. */
interface ReadSoFar {
  inode: number
  mtimeMs: number
  bytes: number
  /** Whether it is what this boot may add to. */
  isCurrent: boolean
  /** Where its last line begins, which may not have been whole. */
  lastLine: number
}

const NOTHING_READ: ReadSoFar = { inode: -1, mtimeMs: -1, bytes: 0, isCurrent: false, lastLine: 0 }

/**
 * Which files of a directory of blocks were written or found sound, by the process that writes it, for those that come after it and those that
 * read beside it: a file is not hashed again as long as its stamp is the same. It is true until the machine starts anew, because
 * what a power cut kept from the disk has the stamp that it was to have; and only where the one who wrote it owns this process, or the machine.
 */
export class KnownStamps {
  readonly #directory: string
  readonly #path: string
  readonly #head: string | undefined
  #stamps = new Map<string, string>()
  #read = NOTHING_READ
  /** Whether the file can be added to: it is of this boot, and nothing has failed. */
  #isOpen: boolean | undefined

  constructor (directory: string, bootId = currentBootId()) {
    this.#directory = directory
    this.#path = join(directory, FILE)
    this.#head = bootId === undefined ? undefined : `${FORMAT} ${bootId}`
  }

  /** Whether this stamp of a block was found sound before. */
  has (key: string, stamp: string): boolean {
    this.#refresh()
    return this.#stamps.get(key) === stamp
  }

  /** Adds one at once. Where it cannot, that is told once and does no harm. */
  add (key: string, stamp: string, log: Log): void {
    if (this.#head === undefined || this.#isOpen === false) return
    try {
      if (this.#isOpen === undefined) this.#refresh()
      const begin = this.#isOpen === undefined && !this.#read.isCurrent
      appendFileSync(this.#path, `${begin ? this.#head : ''}\n${key} ${stamp}`, { flag: begin ? 'w' : 'a' })
      this.#isOpen = true
    } catch (error) {
      this.#isOpen = false
      log.warn({ error: String(error) }, NOT_KEPT)
    }
  }

  /** Keeps these, and as many of those before as there is room for. Where they cannot be kept, that is told and does no harm. */
  async keep (sound: ReadonlyMap<string, string>, log: Log): Promise<void> {
    if (this.#head === undefined || sound.size === 0) return
    this.#refresh()
    const all = new Map(sound)
    for (const [key, stamp] of this.#stamps) if (all.size < CHECKED_BLOCKS && !all.has(key)) all.set(key, stamp)
    const unfinished = join(this.#directory, UNFINISHED, randomUUID())
    try {
      await writeFile(unfinished, [this.#head, ...[...all].map(([key, stamp]) => `${key} ${stamp}`)].join('\n'))
      await rename(unfinished, this.#path)
    } catch (error) {
      await rm(unfinished, { force: true })
      log.warn({ error: String(error) }, NOT_KEPT)
    }
  }

  /** Reads what was written since it was last read. A file that cannot be read, or is not to be trusted, is as none. */
  #refresh (): void {
    if (this.#head === undefined) return
    try {
      const { ino: inode, mtimeMs, size: bytes, uid } = statSync(this.#path)
      const read = this.#read
      if (inode === read.inode && mtimeMs === read.mtimeMs && bytes === read.bytes) return
      const isLonger = inode === read.inode && bytes > read.bytes && read.isCurrent
      const at = isLonger ? read.lastLine : this.#head.length
      const lines = isLonger ? readFrom(this.#path, at) : isTrusted(uid) ? after(this.#head, readFileSync(this.#path, 'latin1')) : undefined
      if (!isLonger) this.#stamps = new Map()
      takeLines(lines ?? '', this.#stamps)
      this.#read = { inode, mtimeMs, bytes, isCurrent: lines !== undefined, lastLine: at + Math.max(lines?.lastIndexOf('\n') ?? 0, 0) }
    } catch {
      this.#stamps = new Map()
      this.#read = NOTHING_READ
    }
  }
}

/** What comes after the first line, from the line's break on; `undefined` where that is another one. */
function after (head: string, text: string): string | undefined {
  return text === head || text.startsWith(`${head}\n`) ? text.slice(head.length) : undefined
}

function takeLines (text: string, into: Map<string, string>): void {
  for (const line of text.split('\n')) {
    const end = line.indexOf(' ')
    if (end > 0) into.set(line.slice(0, end), line.slice(end + 1))
  }
}

function readFrom (path: string, start: number): string {
  const file = openSync(path, 'r')
  try {
    const pieces: Buffer[] = []
    for (let at = start; ;) {
      const piece = Buffer.allocUnsafe(READ_BYTES)
      const read = readSync(file, piece, 0, READ_BYTES, at)
      if (read === 0) return Buffer.concat(pieces).toString('latin1')
      pieces.push(piece.subarray(0, read))
      at += read
    }
  } finally {
    closeSync(file)
  }
}

/** Somebody else could say of anything that it is sound. */
function isTrusted (uid: number): boolean {
  return uid === process.geteuid?.() || uid === 0
}

function currentBootId (): string | undefined {
  try {
    return readFileSync(BOOT_ID, 'latin1').trim()
  } catch {
    return undefined
  }
}
