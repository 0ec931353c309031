import { randomUUID } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
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

/**
 * Which files of a directory of blocks were found sound, by the process that writes it, for those that come after it and those that
 * read beside it: a file is not hashed again as long as its stamp is the same. It is true until the machine starts anew, because
 * what a power cut kept from the disk has the stamp that it was to have; and only where the one who wrote it owns this process, or the machine.
 */
export class KnownStamps {
  readonly #directory: string
  readonly #path: string
  readonly #head: string | undefined
  #stamps: ReadonlyMap<string, string> = new Map()
  #readMs = -1

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
      log.warn({ error: String(error) }, 'which blocks were found sound could not be kept; the next start checks them again')
    }
  }

  /** Reads the file where it was written since it was last read. One that cannot be read, or is not to be trusted, is as none. */
  #refresh (): void {
    if (this.#head === undefined) return
    try {
      const { mtimeMs, uid } = statSync(this.#path)
      if (mtimeMs === this.#readMs) return
      this.#readMs = mtimeMs
      this.#stamps = isTrusted(uid) ? stampsIn(readFileSync(this.#path, 'latin1'), this.#head) : new Map()
    } catch {
      this.#readMs = -1
      this.#stamps = new Map()
    }
  }
}

function stampsIn (text: string, head: string): ReadonlyMap<string, string> {
  const [first, ...lines] = text.split('\n')
  if (first !== head) return new Map()
  return new Map(lines.map(line => {
    const end = line.indexOf(' ')
    return [line.slice(0, end), line.slice(end + 1)]
  }))
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
