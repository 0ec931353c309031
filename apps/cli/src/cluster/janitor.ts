import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'

/** Waits for its standard input to close, which no death of its parent can prevent, and then removes a directory. */
const JANITOR = `
const { rm } = require('node:fs')
const clean = left => rm(process.argv[1], { recursive: true, force: true, maxRetries: 10 }, () => { if (left > 0) setTimeout(clean, 500, left - 1) })
process.stdin.resume().on('error', () => {}).on('close', () => clean(4))
`

export interface Janitor {
  /** Removes the directory now, and sends the janitor home. */
  clean: () => Promise<void>
}

/**
 * Sees to it that a temporary directory goes when this process does, by `kill -9` too. The directory's services end
 * by themselves in that case, and may still write for a moment: the janitor goes over it again for two seconds.
 */
export function janitor (dir: string): Janitor {
  const child = spawn(process.execPath, ['-e', JANITOR, dir], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  child.on('error', () => { process.stderr.write(`ipmr: nobody will remove ${dir} if this process is killed\n`) })
  child.unref()
  return {
    clean: async () => {
      await rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
      child.kill('SIGKILL')
    }
  }
}
