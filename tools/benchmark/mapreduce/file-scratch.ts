import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Scratch, ScratchFile } from '@ipfs-mapreduce/mapreduce'

/** Scratch files in a directory. */
export function fileScratch (directory: string): Scratch {
  let created = 0
  return {
    create: () => {
      const path = join(directory, `${++created}`)
      const fd = openSync(path, 'wx')
      let written = 0
      return {
        write: bytes => {
          for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at)
          written += bytes.length
        },
        close: () => {
          closeSync(fd)
          return openFile(path, written)
        }
      }
    }
  }
}

function openFile (path: string, bytes: number): ScratchFile {
  const fd = openSync(path, 'r')
  return {
    bytes,
    read: (into, position) => readSync(fd, into, 0, into.length, position),
    remove: () => {
      closeSync(fd)
      rmSync(path)
    }
  }
}
