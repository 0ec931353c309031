import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Work } from '@ipfs-mapreduce/mapreduce'
import { MAX_CHILD_MESSAGE_BYTES, PROGRESS_INTERVAL_MS } from './constants.ts'
import { loadFailure, programFailure, storageError, toFailure } from './failure.ts'
import type { Failure } from './failure.ts'
import { FsScratch, ScratchExceeded } from './fs-scratch.ts'
import type { AttemptDoor, Realm } from './isolate/door.ts'
import type { FromChild } from './messages.ts'
import { programDoor } from './program-door.ts'
import { outOfMemory, ProgramGuard } from './program-guard.ts'
import { PROGRAM_FILE } from './program-stack.ts'
import type { ProgramRealm, ProgramSource, Realms } from './realms.ts'
import { rehearse } from './rehearsal.ts'
import type { RemoteReads } from './remote-reads.ts'
import type { ExecutorSettings } from './settings.ts'
import { isWasm } from './wasm.ts'

export interface ProgramRunnerInit {
  settings: ExecutorSettings
  /** Where the program lies. */
  directory: string
  realms: Realms
  reads: RemoteReads
  send: (message: FromChild) => void
  fail: (failure: Failure) => void
}

/** Runs attempts of one program, one at a time, each in a realm of its own, and tells the sandbox how they ended. */
export class ProgramRunner {
  readonly #init: ProgramRunnerInit
  #program: { source: ProgramSource, hash: string } | undefined
  /** Known once the program has loaded. */
  #deterministic: boolean | undefined
  #rehearsed: Promise<void> | undefined

  constructor (init: ProgramRunnerInit) {
    this.#init = init
  }

  /** Attempts wait until it has ended. Where it fails the log says so, and attempts will fail of the same, and say why. */
  async rehearse (): Promise<void> {
    this.#rehearsed = rehearse(this.#init.realms, this.#init.directory).catch((error: unknown) => { process.stderr.write(`the rehearsal of an executor failed: ${String(error)}\n`) })
    await this.#rehearsed
  }

  /** Tells the sandbox what the program is. */
  async describe (): Promise<void> {
    await this.#use('describe', this.#init.directory, realm => realm.describe())
  }

  /** Runs an attempt, whose files are made in a new `directory`. */
  async run (work: Work, directory: string): Promise<void> {
    try {
      mkdirSync(directory)
    } catch (cause) {
      return this.#init.fail(toFailure(storageError('an attempt has no place for its files', cause)))
    }
    await this.#use(`${work.kind} ${work.task}`, directory, realm => realm.run(JSON.stringify(work)))
  }

  /** Opens a realm with scratch files in `directory`, has something done in it, and passes on what it says. Of failures the first is told: it is the cause. */
  async #use (task: string, directory: string, job: (realm: ProgramRealm) => Promise<string>): Promise<void> {
    await this.#rehearsed
    const { settings, reads } = this.#init
    const scratch = new FsScratch(directory, settings.maxScratchBytes)
    let over = false
    const fail = (failure: Failure): void => {
      if (!over) this.#init.fail(failure)
      over = true
    }
    const guard = new ProgramGuard({ ...settings, idle: () => reads.waiting, onFailure: fail })
    const progress = throttledProgress(this.#init.send)
    const door = programDoor({
      reads,
      scratch,
      onSign: guard.sign,
      onProgress: progress.report,
      print: (text, isError) => { (isError ? process.stderr : process.stdout).write(`${text}\n`) },
      onError: error => { if (error instanceof ScratchExceeded) fail({ code: 'PROGRAM', message: `the program emits too much: ${error.message}` }) }
    })
    guard.begin()
    try {
      const realm = await this.#open(task, door)
      reads.begin((read, content) => {
        realm.deliver(read, content).catch((error: unknown) => { fail(this.#outsideFailure(error)) })
      })
      const said = await job(realm)
      realm.release()
      progress.last()
      if (!over) this.#init.send(parsed(said))
    } catch (error) {
      fail(error instanceof LoadError ? this.#memoryFailure() ?? loadFailure(error.cause) : this.#outsideFailure(error))
    } finally {
      over = true
      guard.end()
      scratch.dispose()
    }
  }

  /** A program is taken to be deterministic until it has loaded and says that it is not. */
  async #open (task: string, door: AttemptDoor): Promise<ProgramRealm> {
    const realm = await this.#load(task, door, this.#deterministic ?? true)
    if (this.#deterministic !== undefined) return realm
    const said = parsed(await realm.describe())
    this.#deterministic = said.type !== 'loaded' || said.program.deterministic !== false
    if (this.#deterministic) return realm
    realm.release()
    return await this.#load(task, door, false)
  }

  async #load (task: string, door: AttemptDoor, deterministic: boolean): Promise<ProgramRealm> {
    const program = this.#program ??= readProgram(join(this.#init.directory, PROGRAM_FILE))
    const realm: Realm = { deterministic, seed: seedOf(`${program.hash} ${task}`) }
    try {
      return await this.#init.realms.open(program.source, realm, door)
    } catch (cause) {
      throw new LoadError('the program does not load', { cause })
    }
  }

  /** What went wrong between the calls of map and reduce: a promise that was left behind, or the end of the isolate. */
  #outsideFailure (error: unknown): Failure {
    return this.#memoryFailure() ?? programFailure(error, 'the program threw outside of map and reduce: ')
  }

  #memoryFailure (): Failure | undefined {
    return this.#init.realms.exhausted ? outOfMemory(this.#init.settings.maxHeapMiB) : undefined
  }
}

class LoadError extends Error {}

function readProgram (path: string): { source: ProgramSource, hash: string } {
  const bytes = readFileSync(path)
  return { source: isWasm(bytes) ? new Uint8Array(bytes) : bytes.toString('utf8'), hash: createHash('sha256').update(bytes).digest('hex') }
}

/** What `Math.random` begins with: the same for equal tasks of equal programs. */
function seedOf (text: string): number[] {
  const digest = createHash('sha256').update(text).digest()
  return [0, 4, 8, 12].map(at => digest.readUInt32BE(at))
}

/** What an isolate says is the engine's word, or that of a program that has bent it: the sandbox judges the message itself. */
function parsed (text: string): FromChild {
  if (text.length > MAX_CHILD_MESSAGE_BYTES) throw new RangeError(`the attempt ended with a message of ${text.length} characters`)
  return JSON.parse(text) as FromChild
}

/** Reports at most once per PROGRESS_INTERVAL_MS; `last` tells what was held back. */
function throttledProgress (send: (message: FromChild) => void): { report: (records: number) => void, last: () => void } {
  let next = 0
  let held: number | undefined
  const tell = (records: number) => {
    held = undefined
    send({ type: 'progress', records })
  }
  return {
    report: records => {
      const now = performance.now()
      held = records
      if (now < next) return
      next = now + PROGRESS_INTERVAL_MS
      tell(records)
    },
    last: () => { if (held !== undefined) tell(held) }
  }
}
