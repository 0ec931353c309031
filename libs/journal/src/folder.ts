import { mkdir, open, readdir, readFile, rename, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { HEAD_BYTES } from './format.ts'

const OWNER_ONLY_DIR = 0o700
const OWNER_ONLY_FILE = 0o600
/** Digits of a file's number: names sort as numbers do, for longer than any master lives. */
const NUMBER_DIGITS = 12
const JOURNAL = new RegExp(`^(\\d{${NUMBER_DIGITS}})\\.journal$`)
const UNFINISHED = '.tmp'
const UNFINISHED_JOURNAL = new RegExp(`^\\d{${NUMBER_DIGITS}}\\.journal\\${UNFINISHED}$`)

/** The files of a journal's directory, by number. A file's number tells when its job came, by order. */
export interface Folder {
  /** Numbers of the files found, in order. */
  readonly found: number[]
  /** A number above all before. */
  next: () => number
  head: (number: number) => Promise<Buffer>
  read: (number: number) => Promise<Buffer>
  /** Adds to a file, or makes one. */
  append: (number: number, bytes: Uint8Array) => Promise<void>
  /** Makes these bytes the file, all or nothing. */
  put: (number: number, bytes: Uint8Array) => Promise<void>
  cut: (number: number, bytes: number) => Promise<void>
  /** An absent file is no error. */
  remove: (number: number) => Promise<void>
  /** Keeps a file's bytes where nothing touches them; gives the path. `at` is the first bad byte. */
  setAside: (number: number, at: number, bytes: Uint8Array) => Promise<string>
  /** Brings to the disk which files there are. */
  sync: () => Promise<void>
}

/**
 * Opens a directory, makes it where it is absent, and clears what killed processes left unfinished. With `sync`, bytes and
 * names are on the disk, not merely with the system, when a method resolves. Rejects with Node's errors.
 */
export async function openFolder (dir: string, sync: boolean): Promise<Folder> {
  await mkdir(dir, { recursive: true, mode: OWNER_ONLY_DIR })
  const names = await readdir(dir)
  for (const name of names) if (UNFINISHED_JOURNAL.test(name)) await rm(join(dir, name))
  const found = names.flatMap(name => JOURNAL.exec(name)?.[1] ?? []).map(Number).sort((a, b) => a - b)
  let last = found.at(-1) ?? 0
  const path = (number: number): string => join(dir, `${String(number).padStart(NUMBER_DIGITS, '0')}.journal`)

  const write = async (file: string, flags: 'a' | 'w', bytes: Uint8Array): Promise<void> => {
    const handle = await open(file, flags, OWNER_ONLY_FILE)
    try {
      await handle.writeFile(bytes)
      if (sync) await handle.datasync()
    } finally {
      await handle.close()
    }
  }

  return {
    found,
    next: () => ++last,
    async head (number) {
      const handle = await open(path(number))
      try {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES))
        return buffer.subarray(0, bytesRead)
      } finally {
        await handle.close()
      }
    },
    read: number => readFile(path(number)),
    append: (number, bytes) => write(path(number), 'a', bytes),
    async put (number, bytes) {
      const unfinished = path(number) + UNFINISHED
      try {
        await write(unfinished, 'w', bytes)
        await rename(unfinished, path(number))
      } catch (error) {
        // It would take the room that a full disk lacks.
        await rm(unfinished, { force: true })
        throw error
      }
    },
    cut: (number, bytes) => truncate(path(number), bytes),
    remove: number => rm(path(number), { force: true }),
    async setAside (number, at, bytes) {
      const aside = `${path(number)}.damaged-at-${at}`
      await write(aside, 'w', bytes)
      return aside
    },
    async sync () {
      if (!sync) return
      const handle = await open(dir)
      try {
        await handle.sync()
      } finally {
        await handle.close()
      }
    }
  }
}
