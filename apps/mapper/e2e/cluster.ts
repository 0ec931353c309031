import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const APPS = fileURLToPath(new URL('../..', import.meta.url))
const IPMR = join(APPS, 'cli/bin/ipmr.mjs')

/** How a process ended, and all that it said. */
export interface Ended {
  exit: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface Running {
  child: ChildProcess
  /** Resolves with the first match in what it says; rejects when it ends without. */
  says: (pattern: RegExp) => Promise<RegExpExecArray>
  ended: Promise<Ended>
}

/** A folder and processes of its own; `stop` leaves neither. */
export interface Cluster {
  write: (name: string, content: string) => void
  read: (...path: string[]) => string
  serve: (role: string, name: string, ...args: string[]) => Running
  ipmr: (...args: string[]) => Running
  stop: () => Promise<void>
}

export function cluster (name: string): Cluster {
  const dir = mkdtempSync(join(tmpdir(), 'ipmr-faults-'))
  const temp = join(dir, 'tmp')
  mkdirSync(temp)
  // A test run's own settings must not reach what is tested.
  const inherited = Object.entries(process.env).filter(([variable]) => !/^(IPMR_(?!RUN_)|NODE_OPTIONS$|FORCE_COLOR$|JEST_)/.test(variable))
  const env = { ...Object.fromEntries(inherited), HOME: join(dir, 'home'), TMPDIR: temp, NO_COLOR: '1' }
  const all: Running[] = []
  const start = (args: string[], more: Record<string, string> = {}): Running => {
    const running = observe(spawn(process.execPath, args, { cwd: dir, env: { ...env, ...more }, stdio: ['pipe', 'pipe', 'pipe'] }))
    all.push(running)
    return running
  }
  return {
    write: (file, content) => { writeFileSync(join(dir, file), content) },
    read: (...path) => readFileSync(join(dir, ...path), 'utf8'),
    serve: (role, service, ...args) => start([
      join(APPS, role, 'dist/bundle/main.mjs'), '--cluster', name, '--no-mdns', '--log-format', 'json', '--listen', '/ip4/127.0.0.1/tcp/0', '--data-dir', join(dir, service), ...args
    ], { IPMR_EXIT_WITH_PARENT: '1' }),
    ipmr: (...args) => start([IPMR, ...args]),
    async stop () {
      for (const { child } of all) child.kill('SIGKILL')
      await Promise.all(all.map(async ({ ended }) => await ended))
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
    }
  }
}

function observe (child: ChildProcess): Running {
  const said = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]!.setEncoding('utf8').on('data', (chunk: string) => {
      said[stream] += chunk
      for (const listener of listeners) listener()
    })
  }
  const ended = new Promise<Ended>(resolve => {
    child.once('close', (exit, signal) => { resolve({ exit, signal, ...said }) })
  })
  return {
    child,
    ended,
    says: async pattern => await new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(said.stdout + said.stderr)
        if (match === null) return
        listeners.delete(look)
        resolve(match)
      }
      listeners.add(look)
      ended.then(({ exit, signal, stderr }) => { reject(new Error(`ended with ${signal ?? exit} without ${String(pattern)}: ${stderr}`)) }, reject)
      look()
    })
  }
}
