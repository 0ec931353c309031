import { spawn } from 'node:child_process'
import type { ChildProcess, StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { ProcessTreeWatch } from './process-tree.ts'
import type { Footprint } from './process-tree.ts'

/** Of what a process says on stderr, the end that is shown where it fails. */
const TAIL_CHARS = 2_000

export interface SpawnInit {
  command: string
  args: string[]
  stdio: StdioOptions
  env?: NodeJS.ProcessEnv
}

export interface RunOptions {
  env?: NodeJS.ProcessEnv
  /** What its footprint calls it; its command where empty. */
  name?: string
  /** Processes that work with it, and are charged for the same time. */
  beside?: Map<number, string>
}

export interface CommandResult {
  seconds: number
  footprint: Footprint | undefined
  stdout: string
}

/** Every process that the benchmark starts: none outlives it. Each has a process group of its own, which ends with it. */
export class Processes {
  readonly #alive = new Set<ChildProcess>()
  #closed = false

  start ({ command, args, stdio, env }: SpawnInit): ChildProcess {
    if (this.#closed) throw new Error('no process is started any more')
    const child = spawn(command, args, { stdio, env, detached: true })
    this.#alive.add(child)
    child.once('exit', () => { this.#alive.delete(child) })
    child.once('error', () => { this.#alive.delete(child) })
    return child
  }

  /** Runs a command to its end, from its start to its exit. Rejects where it fails, with what it said. */
  async run (command: string, args: string[], { env, name = '', beside = new Map() }: RunOptions = {}): Promise<CommandResult> {
    const startedMs = performance.now()
    const child = this.start({ command, args, stdio: ['ignore', 'pipe', 'pipe'], env })
    const said = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const) child[stream]?.setEncoding('utf8').on('data', (text: string) => { said[stream] += text })
    const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
    const watch = new ProcessTreeWatch(() => new Map([...beside, ...(child.pid === undefined ? [] : [[child.pid, name] as const])]))
    watch.start()
    const [status, signal] = await closed
    const seconds = (performance.now() - startedMs) / 1000
    const footprint = watch.stop()
    if (status !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${signal ?? status}: ${said.stderr.trim().slice(-TAIL_CHARS)}`)
    return { seconds, footprint, stdout: said.stdout }
  }

  /** Ends all that run, at once; nothing is started afterwards. */
  kill (): void {
    this.#closed = true
    for (const child of this.#alive) killGroup(child)
  }

  /** The same, and waits until they are gone. */
  async close (): Promise<void> {
    const gone = [...this.#alive].map(async child => await once(child, 'exit'))
    this.kill()
    await Promise.all(gone)
  }
}

/** A group that is gone needs no signal. */
export function killGroup ({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
