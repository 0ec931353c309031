import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { SandboxLog } from './output-log.ts'

/**
 * Reads `+ PID` and `- PID`, and kills what is left when its input ends, which the death of its parent does too.
 * Only the shell's own commands are used: it needs no PATH.
 */
const SCRIPT = `
pids=''
while read -r change pid; do
  case $change in
    +) pids="$pids $pid" ;;
    -) kept=''
       for each in $pids; do [ "$each" = "$pid" ] || kept="$kept $each"; done
       pids=$kept ;;
  esac
done
for pid in $pids; do kill -9 "$pid" 2> /dev/null; done
`

/**
 * Sees to it that executors die with this process even where it is killed while a program loops for ever: an
 * executor that is busy in JavaScript cannot notice that its channel closed. A shell of about 1 MB waits instead.
 * On Windows, and where there is no `/bin/sh`, only executors that return to their event loop notice.
 */
export class Watchdog {
  readonly #log: SandboxLog | undefined
  #shell: ChildProcess | undefined

  constructor (log: SandboxLog | undefined) {
    this.#log = log
  }

  watch (pid: number): void {
    this.#shell ??= this.#start()
    this.#tell(`+ ${pid}`)
  }

  forget (pid: number): void {
    this.#tell(`- ${pid}`)
  }

  async close (): Promise<void> {
    const shell = this.#shell
    if (shell?.pid === undefined || shell.exitCode !== null || shell.signalCode !== null) return
    const exit = once(shell, 'exit')
    shell.ref()
    shell.stdin?.end()
    await exit
  }

  #start (): ChildProcess | undefined {
    if (process.platform === 'win32') return undefined
    // A group of its own: a Ctrl-C at the terminal is for the service, which drains.
    const shell = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], env: {}, cwd: '/', detached: true })
    const lost = (error: Error) => { this.#log?.warn({ err: error }, 'the watchdog of the executors is gone; they outlive this process if it is killed while they are busy') }
    shell.on('error', lost)
    shell.stdin.on('error', lost)
    shell.unref()
    const stdin = shell.stdin as typeof shell.stdin & { unref?: () => void }
    stdin.unref?.()
    return shell
  }

  #tell (line: string): void {
    this.#shell?.stdin?.write(`${line}\n`)
  }
}
