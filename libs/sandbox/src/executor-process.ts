import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { ExecuteOptions, Work } from '@ipfs-mapreduce/mapreduce'
import { openChannel } from './channel.ts'
import type { Channel } from './channel.ts'
import { EXIT_GRACE_MS, MAX_CHILD_MESSAGE_BYTES } from './constants.ts'
import type { ProgramDescription } from './description.ts'
import { endingError } from './ending.ts'
import type { ExecutorEntry } from './entry.ts'
import { fromFailure, storageError } from './failure.ts'
import type { ExecutorSettings } from './settings.ts'
import { parseFromChild } from './messages.ts'
import type { FromChild, ToChild } from './messages.ts'
import { OutputLog } from './output-log.ts'
import type { SandboxLog } from './output-log.ts'
import { PROGRAM_FILE } from './program-stack.ts'
import { ServedReads } from './served-reads.ts'

export interface ExecutorProcessInit {
  entry: ExecutorEntry
  settings: ExecutorSettings
  /** Whether Node's permission model walls it in. */
  permissions: boolean
  /** Its scratch, made here and removed by `dispose`: all that it may write. An absolute path without symbolic links. */
  directory: string
  log: SandboxLog | undefined
}

/** What was asked of an executor and is not answered yet. */
interface Conversation {
  hear: (message: FromChild) => void
  fail: (error: MapReduceError) => void
}

type Done = Extract<FromChild, { type: 'done' }>

/** Makes the scratch directory, and starts a process on it. `STORAGE` where it cannot be made. */
export async function startExecutor (init: ExecutorProcessInit): Promise<ExecutorProcess> {
  await Promise.all([mkdir(init.directory), mkdir(lentDirOf(init.directory))]).catch((cause: unknown) => { throw storageError('an executor has no place for its files', cause) })
  return new ExecutorProcess(init)
}

/** Where an executor is lent files: beside its scratch, since it may not write there. */
function lentDirOf (directory: string): string {
  return `${directory}-lent`
}

function nodeArgs ({ entry, settings, permissions, directory }: ExecutorProcessInit): string[] {
  const readable = [entry.path, ...entry.readable ?? [], ...Object.values(settings.scripts), ...settings.addon === undefined ? [] : [settings.addon], directory, lentDirOf(directory)]
  return [
    ...permissions ? ['--permission', ...readable.map(path => `--allow-fs-read=${path}`), `--allow-fs-write=${directory}`] : [],
    ...settings.addon === undefined
      ? ['--experimental-vm-modules', `--max-old-space-size=${settings.maxHeapMiB}`]
      // isolated-vm is native code, and its isolates are made of V8's own snapshot rather than Node's.
      : [...permissions ? ['--allow-addons'] : [], '--no-node-snapshot'],
    // A program is called from the engine's context, and code that is called from another one may not make code of text.
    '--allow-unsafe-function-constructor',
    '--no-warnings',
    ...entry.nodeArgs ?? [],
    entry.path,
    directory,
    JSON.stringify(settings)
  ]
}

/** Codes that an attempt can have of a read alone: a program that fails with one would be tried again as if it had not failed. */
const OF_READS = new Set<unknown>(['ABORTED', 'REFUSED', 'BLOCK_UNAVAILABLE', 'UNREACHABLE'])

/** What an attempt failed with, where a read of it may have failed: the read's own error, or what the executor says. */
function judged (error: unknown, ofRead: MapReduceError | undefined): unknown {
  if (!(error instanceof MapReduceError)) return error
  if (error.code === ofRead?.code) return ofRead
  return OF_READS.has(error.code) ? new MapReduceError('PROGRAM', error.message, { cause: error }) : error
}

/** A file that was on its way when its reader was stopped may come into a directory that is being removed. */
async function removeAll (directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 3 })
}

/** All the environment that it has: the time zone and the locale of every program, whatever those of the machine. */
const ENVIRONMENT = { TZ: 'UTC', LC_ALL: 'en_US.UTF-8' }

/** One process that runs attempts of one program, one at a time. After an error it is of no more use. */
export class ExecutorProcess {
  /** Resolves when the process is gone and all that it printed was read. */
  readonly ended: Promise<void>
  readonly #init: ExecutorProcessInit
  readonly #child: ChildProcess
  readonly #channel: Channel
  readonly #stdout: OutputLog
  readonly #stderr: OutputLog
  readonly #ready = Promise.withResolvers<undefined>()
  #started = false
  #conversation: Conversation | undefined
  #program: Promise<void> | undefined
  #described: Promise<ProgramDescription> | undefined
  #spawnError: Error | undefined
  #channelError: Error | undefined
  #reason: MapReduceError | undefined

  /** Throws what `spawn` throws. */
  constructor (init: ExecutorProcessInit) {
    this.#init = init
    // Most of those who use an executor learn of its end otherwise.
    this.#ready.promise.catch(() => {})
    this.#stdout = new OutputLog(init.log)
    this.#stderr = new OutputLog(init.log)
    // A group of its own: a Ctrl-C at the terminal is for the service, which drains.
    this.#child = spawn(process.execPath, nodeArgs(init), {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'], env: ENVIRONMENT, cwd: init.directory, detached: process.platform !== 'win32', windowsHide: true
    })
    this.#channel = openChannel(this.#child.stdio[3] as Socket, {
      maxBytes: MAX_CHILD_MESSAGE_BYTES,
      onMessage: message => { this.#hear(parseFromChild(message)) },
      onData: () => { throw new RangeError('the executor sent data') },
      onClose: error => {
        this.#channelError = error
        this.#killUnlessGone(error === undefined ? EXIT_GRACE_MS : 0)
      }
    })
    this.#child.stdout?.on('data', (bytes: Uint8Array) => { this.#stdout.print(bytes) })
    this.#child.stderr?.on('data', (bytes: Uint8Array) => { this.#stderr.print(bytes) })
    this.ended = new Promise(resolve => {
      this.#child.on('error', error => {
        this.#spawnError = error
        if (this.pid === undefined) resolve(this.#end(null, null))
      })
      this.#child.on('close', (code, signal) => { resolve(this.#end(code, signal)) })
    })
  }

  get directory (): string {
    return this.#init.directory
  }

  get pid (): number | undefined {
    return this.#child.pid
  }

  /** Resolves when the process has come up; rejects with how it ended. */
  get ready (): Promise<undefined> {
    return this.#ready.promise
  }

  /** Gives the process the one program that it will ever run. `STORAGE` where it cannot be written. */
  async take (bundle: Uint8Array): Promise<void> {
    this.#program ??= writeFile(join(this.#init.directory, PROGRAM_FILE), bundle).catch((cause: unknown) => { throw storageError('the program cannot be written for its executor', cause) })
    await this.#program
  }

  /** Says what the program is. Rejects with `FATAL` where it cannot be loaded or is none, or with how the process ended. */
  describe (): Promise<ProgramDescription> {
    this.#described ??= this.#converse({ type: 'load' }, message => message.type === 'loaded' ? message.program : undefined)
    return this.#described
  }

  /** Runs one attempt, whose files are made in a new `directory` below that of the process. */
  async run (work: Work, directory: string, { read, lend, onProgress }: Pick<ExecuteOptions, 'read' | 'lend' | 'onProgress'>): Promise<Done> {
    for (const output of [this.#stdout, this.#stderr]) output.begin({ kind: work.kind, task: work.task, executor: this.pid })
    const lentDir = join(lentDirOf(this.#init.directory), directory)
    const reads = new ServedReads({ channel: this.#channel, work, read, lend, lentDir })
    try {
      if (lend !== undefined) await mkdir(lentDir).catch((cause: unknown) => { throw storageError('an attempt has no place for what it reads', cause) })
      return await this.#converse({ type: 'run', directory, work }, message => {
        switch (message.type) {
          case 'done': return message
          case 'read': reads.start(message.id, message.file, message); break
          case 'consumed': reads.taken(message.id, message.bytes); break
          case 'stopRead': reads.stop(message.id); break
          case 'progress': onProgress?.(message.records); break
          default: throw new RangeError(`the executor sent "${message.type}" during an attempt`)
        }
        return undefined
      })
    } catch (error) {
      throw judged(error, reads.failure)
    } finally {
      reads.stopAll()
      await removeAll(lentDir)
      for (const output of [this.#stdout, this.#stderr]) output.flush()
    }
  }

  /** Whether the process keeps this one alive. One that rests does not. */
  hold (held: boolean): void {
    this.#channel.hold(held)
    for (const stream of [this.#child, this.#child.stdout as Socket | null, this.#child.stderr as Socket | null]) {
      if (held) stream?.ref()
      else stream?.unref()
    }
  }

  kill (): void {
    this.#child.kill('SIGKILL')
  }

  /** Kills the process, waits until it is gone, and removes its scratch. */
  async dispose (): Promise<void> {
    this.hold(true)
    this.kill()
    await this.ended
    await Promise.all([this.#init.directory, lentDirOf(this.#init.directory)].map(removeAll))
  }

  #converse<T> (opening: ToChild, handle: (message: FromChild) => T | undefined): Promise<T> {
    if (this.#reason !== undefined) return Promise.reject(this.#reason)
    return new Promise((resolve, reject) => {
      this.#conversation = {
        hear: message => {
          const answer = handle(message)
          if (answer === undefined) return
          this.#conversation = undefined
          resolve(answer)
        },
        fail: error => {
          this.#conversation = undefined
          reject(error)
        }
      }
      this.#channel.send(opening)
    })
  }

  /** What this throws closes the channel, and so ends the process. */
  #hear (message: FromChild): void {
    if (message.type === 'ready') {
      this.#started = true
      this.#ready.resolve(undefined)
      return
    }
    if (this.#conversation === undefined) throw new RangeError(`the executor sent "${message.type}" unasked`)
    if (message.type === 'failed') this.#conversation.fail(fromFailure(message.failure))
    else this.#conversation.hear(message)
  }

  /** A process that ends by itself closes its channel first, and has its exit code heard. */
  #killUnlessGone (graceMs: number): void {
    const timer = setTimeout(() => { this.kill() }, graceMs)
    this.#child.once('exit', () => { clearTimeout(timer) })
  }

  #end (code: number | null, signal: string | null): void {
    this.#stdout.flush()
    this.#stderr.flush()
    this.#reason = this.#whyEnded(code, signal)
    this.#conversation?.fail(this.#reason)
    this.#ready.reject(this.#reason)
  }

  #whyEnded (code: number | null, signal: string | null): MapReduceError {
    if (this.#spawnError !== undefined) {
      return new MapReduceError('TRANSIENT', `the executor did not start: ${this.#spawnError.message}`, { cause: this.#spawnError })
    }
    if (this.#channelError !== undefined) {
      return new MapReduceError('PROGRAM', `the program broke its executor's channel: ${this.#channelError.message}`, { cause: this.#channelError })
    }
    return endingError({ started: this.#started, code, signal, stderr: this.#stderr.tail, maxHeapMiB: this.#init.settings.maxHeapMiB })
  }
}
