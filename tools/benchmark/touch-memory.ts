import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { MIB } from './size.ts'

/**
 * Has the system take so many bytes of memory and free them. A virtual machine gives back to its host what has been free for seconds
 * (Linux: free page reporting), and then each page costs ten times as much to write as one that is there: whoever stores
 * what it is sent would pay for that, and whoever drops it would not. Call it right before: after some seconds the host has the memory again.
 */
export async function touchMemory (bytes: number, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  const path = join(directory, 'touched')
  const file = await open(path, 'w')
  try {
    const chunk = new Uint8Array(MIB)
    for (let written = 0; written < bytes; written += chunk.length) await file.write(chunk)
  } finally {
    await file.close()
    await rm(path)
  }
}
