import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { processesWith } from './processes.ts'

/** Where the applications lie. */
export const APPS = fileURLToPath(new URL('../..', import.meta.url))
const IPMR = join(APPS, 'cli', 'bin', 'ipmr.mjs')
/** Where all processes of all tests find the code that V8 has compiled before: each would have a cold one in a temporary folder of its own. */
const COMPILED = join(APPS, '..', 'node_modules', '.cache', 'compiled')

/** No command here takes this long, on a busy machine either. */
const HANGS_MS = 90_000

export interface Finished {
  exit: number | null
  signal: string | null
  stdout: string
  stderr: string
}

/** A command that runs: what it has said so far, and how it ends. */
export interface Running {
  child: ChildProcess
  said: () => { stdout: string, stderr: string }
  /** Resolves when what it has said on stderr matches; rejects when it ends first. */
  says: (pattern: RegExp) => Promise<RegExpExecArray>
  ended: Promise<Finished>
}

/** A folder, a home and a temporary folder of its own: what is left behind shows. */
export interface Workbench {
  dir: string
  write: (name: string, content: string | Uint8Array) => string
  read: (...path: string[]) => string
  /** The output files in a directory, in their order. */
  parts: (...path: string[]) => string[]
  /** Starts a module on this Node; it is killed when the workbench is removed. */
  launch: (command: string[], env?: Record<string, string>) => Running
  /** Starts `ipmr`. */
  start: (...args: string[]) => Running
  /** Runs `ipmr` to its end. */
  ipmr: (...args: string[]) => Promise<Finished>
  /** Names left in the temporary folder. */
  leftovers: () => string[]
  /** Command lines of processes that were started from here and still run. */
  processes: () => Promise<string[]>
  remove: () => Promise<void>
}

export function workbench (): Workbench {
  const dir = mkdtempSync(join(tmpdir(), 'ipmr-e2e-'))
  const temp = join(dir, 'tmp')
  mkdirSync(temp)
  // A test run's own settings must not reach what is tested.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(IPMR_(?!RUN_)|NODE_OPTIONS$|FORCE_COLOR$|JEST_)/.test(name))
  const env = { ...Object.fromEntries(inherited), HOME: join(dir, 'home'), TMPDIR: temp, NODE_COMPILE_CACHE: COMPILED, NO_COLOR: '1' }
  const started: Running[] = []
  const launch = (command: string[], more: Record<string, string> = {}): Running => {
    // A pipe as stdin, which a service ends with.
    const running = observe(spawn(process.execPath, command, { cwd: dir, env: { ...env, ...more }, stdio: ['pipe', 'pipe', 'pipe'] }))
    started.push(running)
    return running
  }
  const start = (...args: string[]): Running => {
    const running = launch([IPMR, ...args])
    // A command that hangs is ended, so that the test shows what it said rather than that time is up.
    const timer = setTimeout(() => { running.child.kill('SIGKILL') }, HANGS_MS)
    running.child.once('close', () => { clearTimeout(timer) })
    return running
  }
  const read = (...path: string[]): string => readFileSync(join(dir, ...path), 'utf8')
  return {
    dir,
    write: (name, content) => {
      const path = join(dir, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content)
      return path
    },
    read,
    parts: (...path) => readdirSync(join(dir, ...path)).filter(name => name.startsWith('part-')).sort().map(name => read(...path, name)),
    launch,
    start,
    ipmr: async (...args) => await start(...args).ended,
    leftovers: () => readdirSync(temp),
    processes: async () => await processesWith(dir),
    remove: async () => {
      for (const { child } of started) child.kill('SIGKILL')
      await Promise.all(started.map(async ({ ended }) => await ended))
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
    }
  }
}

/** What a command printed that had to succeed; fails with what it said where it did not. */
export function succeeded ({ exit, signal, stdout, stderr }: Finished): string {
  if (exit !== 0) throw new Error(`ended with ${signal ?? exit}, having said:\n${stderr}`)
  return stdout
}

/** Collects what a process says. */
function observe (child: ChildProcess): Running {
  const said = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  const note = (stream: 'stdout' | 'stderr') => (chunk: string): void => {
    said[stream] += chunk
    for (const listener of listeners) listener()
  }
  child.stdout?.setEncoding('utf8').on('data', note('stdout'))
  child.stderr?.setEncoding('utf8').on('data', note('stderr'))
  const ended = new Promise<Finished>(resolve => {
    child.once('close', (exit, signal) => { resolve({ exit, signal, ...said }) })
  })
  return {
    child,
    said: () => said,
    says: async pattern => await new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(said.stdout + said.stderr)
        if (match === null) return
        listeners.delete(look)
        resolve(match)
      }
      listeners.add(look)
      ended.then(({ exit, signal }) => { reject(new Error(`ended with ${signal ?? exit} before it said ${pattern}: ${said.stderr}`)) }, reject)
      look()
    }),
    ended
  }
}
