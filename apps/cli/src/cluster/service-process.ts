import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { Role } from '@ipfs-mapreduce/protocol'
import { serviceBundle } from '../layout.ts'

/** A service that says nothing for this long is not starting; on a busy machine one takes two seconds. */
const READY_TIMEOUT_MS = 30_000
/** A service that was told to go and is still there after this long is killed. */
const STOP_TIMEOUT_MS = 3_000
/** Lines of a dead service's log that are shown. */
const SHOWN_LINES = 5

/** A service that lives for one job is made of objects that stay: collecting young ones as it starts took a tenth of its start. */
const NODE_ARGS = ['--min-semi-space-size=16']

const SERVICE_SETTING = /^IPMR_(LISTEN|BOOTSTRAP|DATA_DIR|STORE|CLUSTER|SLOTS|SWARM_KEY|ALLOW|ACCEPT_MASTER|ACCEPT_CLIENT|MAX_JOBS|LOG_LEVEL|LOG_FORMAT|NO_MDNS)$/
const READY_ADDRESS = /\/ip[46]\/\S+\/p2p\/\w+/

export interface ServiceProcess {
  readonly name: string
  readonly pid: number | undefined
  /** The multiaddr of its ready line. Rejects when it ends first, with what it said last. */
  ready: Promise<string>
  /** Resolves when it has ended, however it did. */
  exited: Promise<void>
  /** Its log's last lines of trouble, or its last lines. */
  lastWords: () => Promise<string>
  stop: () => Promise<void>
  /** At once, with its executors. */
  kill: () => void
}

export interface ServiceOptions {
  /** What it is called in messages and file names, e.g. `mapper-1`. */
  name: string
  role: Exclude<Role, 'client' | 'worker'>
  args: string[]
  /** Where its log goes; without it, to this process's stderr. */
  logFile?: string
}

/**
 * Starts a service as a process group of its own, so that a terminal's Ctrl-C is not sent to it; it ends when the
 * standard input it is given closes, and so never outlives this process.
 */
export function startService ({ name, role, args, logFile }: ServiceOptions): ServiceProcess {
  const log = logFile === undefined ? 'inherit' : openSync(logFile, 'a')
  const child = spawn(process.execPath, [...NODE_ARGS, serviceBundle(role), ...args], {
    detached: true,
    stdio: ['pipe', 'pipe', log],
    env: { ...ownEnvironment(), ...compileCache(), IPMR_EXIT_WITH_PARENT: '1' }
  })
  if (typeof log === 'number') closeSync(log)
  // A write to a service that is gone is no error here: `exited` tells of its end.
  child.stdin?.on('error', () => { child.stdin?.destroy() })
  const exited = new Promise<void>(resolve => {
    child.once('error', () => { resolve() })
    child.once('exit', () => { resolve() })
  })
  const lastWords = async (): Promise<string> => logFile === undefined ? '' : pickLines(await readFile(logFile, 'utf8'))
  const ready = readyLine(child, name, lastWords)
  // Whoever awaits it later sees the rejection; until then it is not unhandled.
  ready.catch(() => undefined)
  const kill = (): void => { killGroup(child) }
  return {
    name,
    pid: child.pid,
    ready,
    exited,
    lastWords,
    kill,
    stop: async () => {
      child.stdin?.end()
      const timer = setTimeout(kill, STOP_TIMEOUT_MS)
      await exited
      clearTimeout(timer)
    }
  }
}

/** This process's environment without what services take as their options: these are told theirs. */
function ownEnvironment (): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !SERVICE_SETTING.test(name)))
}

/** Compiled code is kept where this process keeps its own, in a folder for each version of Node: services start faster. */
function compileCache (): NodeJS.ProcessEnv {
  const own = getCompileCacheDir()
  return own === undefined ? {} : { NODE_COMPILE_CACHE: dirname(own) }
}

async function readyLine (child: ChildProcess, name: string, lastWords: () => Promise<string>): Promise<string> {
  const lines = createInterface({ input: child.stdout! })
  return await new Promise<string>((resolve, reject) => {
    const fail = (what: string): void => {
      clearTimeout(timer)
      lastWords().catch(() => '').then(words => {
        reject(new MapReduceError('TRANSIENT', `the local ${name} ${what}${words === '' ? '' : `: ${words}`}`))
      }, reject)
    }
    const timer = setTimeout(() => { fail(`was not ready within ${READY_TIMEOUT_MS / 1000} s`) }, READY_TIMEOUT_MS)
    lines.on('line', line => {
      const address = READY_ADDRESS.exec(line)?.[0]
      if (address === undefined) return
      clearTimeout(timer)
      resolve(address)
    })
    child.once('error', error => { fail(`could not be started (${error.message})`) })
    child.once('exit', (code, signal) => { fail(`ended (${signal ?? `exit status ${code}`}) before it was ready`) })
  })
}

function killGroup (child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    // Windows has no process groups, and a group that is gone needs no signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') child.kill('SIGKILL')
  }
}

/** The last errors of a log, or its last lines where it has none. */
export function pickLines (log: string): string {
  const lines = log.split('\n').filter(line => line.trim() !== '')
  const errors = lines.filter(line => /"level":(50|60)|\b(ERROR|FATAL|Error)\b/.test(line))
  return (errors.length > 0 ? errors : lines).slice(-SHOWN_LINES).map(messageIn).join('; ')
}

/** The text of a structured log line. */
function messageIn (line: string): string {
  if (!line.startsWith('{')) return line.trim()
  try {
    const { msg, err } = JSON.parse(line) as { msg?: string, err?: { message?: string } }
    return [msg, err?.message].filter(part => part !== undefined).join(': ')
  } catch (error) {
    if (error instanceof SyntaxError) return line
    throw error
  }
}
