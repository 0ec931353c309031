import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { appendFileSync, closeSync, openSync } from 'node:fs'

export interface Ended {
  exit: number | null
  signal: NodeJS.Signals | null
}

/** A process whose stderr goes to a log file, and whose stdout is kept. */
export interface Running {
  child: ChildProcess
  stdout: () => string
  /** Resolves with what matches in stdout, or in stderr where that is heard; rejects when the process ends first. */
  says: (pattern: RegExp) => Promise<RegExpExecArray>
  ended: Promise<Ended>
}

export interface StartInit {
  command: string[]
  cwd: string
  env: NodeJS.ProcessEnv
  /** Whether stderr goes to the log file alone, or is looked through for what `says` waits for. */
  stderr: 'log' | 'heard'
  /** Appended to. */
  logFile: string
}

export function startProcess ({ command: [file = '', ...args], cwd, env, stderr, logFile }: StartInit): Running {
  const log = openSync(logFile, 'a')
  // A group of its own: a Ctrl-C at the terminal is for this tool, which ends what it started. A pipe as stdin: what
  // it started ends also where the tool itself is killed.
  const child = spawn(file, args, { cwd, env, stdio: ['pipe', 'pipe', stderr === 'heard' ? 'pipe' : log], detached: true })
  closeSync(log)
  const text = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  const hear = (stream: 'stdout' | 'stderr') => (chunk: string): void => {
    text[stream] += chunk
    if (stream === 'stderr') appendFileSync(logFile, chunk)
    for (const listener of listeners) listener()
  }
  child.stdout?.setEncoding('utf8').on('data', hear('stdout'))
  child.stderr?.setEncoding('utf8').on('data', hear('stderr'))
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exit, signal) => { resolve({ exit, signal }) })
  })
  ended.catch(() => undefined)
  return {
    child,
    stdout: () => text.stdout,
    says: async pattern => await new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(text.stdout) ?? pattern.exec(text.stderr)
        if (match === null) return
        listeners.delete(look)
        resolve(match)
      }
      listeners.add(look)
      ended.then(({ exit, signal }) => { reject(new Error(`${file} ended with ${signal ?? exit} before it said ${pattern}: see ${logFile}`)) }, reject)
      look()
    }),
    ended
  }
}
