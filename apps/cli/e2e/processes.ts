import { execFile } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Command lines of running processes that contain a text. */
export async function processesWith (text: string): Promise<string[]> {
  const { stdout } = await run('ps', ['-A', '-ww', '-o', 'pid=,args='], { maxBuffer: 16 * 1024 * 1024 })
  return stdout.split('\n').filter(line => line.includes(text) && !line.includes('ps -A'))
}

/** Asks again and again until a condition holds; fails with what it last saw after the deadline. */
export async function until<T> (what: string, ask: () => Promise<T> | T, holds: (value: T) => boolean, deadlineMs = 30_000): Promise<T> {
  const end = Date.now() + deadlineMs
  for (;;) {
    const value = await ask()
    if (holds(value)) return value
    if (Date.now() > end) throw new Error(`${what}: not within ${deadlineMs} ms; last seen ${JSON.stringify(value)}`)
    await pause(50)
  }
}

/** Whether there is a process of this id. */
export function isRunning (pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}
