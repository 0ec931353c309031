import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { input } from './inputs/cache.ts'
import type { InputInit } from './inputs/cache.ts'
import { BUNDLER, IPMR } from './layout.ts'
import { Processes } from './processes.ts'
import { bundleScript } from './rivals/bundle.ts'

/** Content that was added once, for as many runs as want it. */
export interface Stored {
  cid: string
  /** The block store that has it, which services may read. */
  store: string
}

/** Workers of a cluster that is measured. */
export interface Staff { mappers: number, reducers: number }

export const USUAL: Staff = { mappers: 2, reducers: 2 }
/** Enough to see that a workload runs. */
export const TRIAL: Staff = { mappers: 1, reducers: 1 }

export interface BenchInit {
  signal: AbortSignal
  say: (line: string) => void
  staff: Staff
  warmsUp: boolean
}

/** What workloads share: a temporary folder, inputs, processes that all end with it, and who is told of progress. */
export class Bench {
  readonly processes = new Processes()
  readonly directory: string
  readonly signal: AbortSignal
  readonly say: (line: string) => void
  readonly staff: Staff
  /** Whether clusters have run a small job before the one that is measured. */
  readonly warmsUp: boolean
  readonly #stored = new Map<string, Promise<Stored>>()
  readonly #scripts = new Map<string, Promise<string>>()
  #folders = 0

  private constructor (directory: string, { signal, say, staff, warmsUp }: BenchInit) {
    this.directory = directory
    this.signal = signal
    this.say = say
    this.staff = staff
    this.warmsUp = warmsUp
  }

  /** Builds the services that are missing or stale. */
  static async open (init: BenchInit): Promise<Bench> {
    const bench = new Bench(await mkdtemp(join(tmpdir(), 'ipmr-bench-')), init)
    init.signal.addEventListener('abort', () => { bench.processes.kill() })
    await bench.processes.run(process.execPath, [BUNDLER, '--all'])
    return bench
  }

  /** The path of a made input. */
  async input (init: InputInit): Promise<string> {
    this.signal.throwIfAborted()
    return await input(init, this.say)
  }

  /** Adds a path as `ipmr add` does, once. */
  async stored (path: string): Promise<Stored> {
    let adding = this.#stored.get(path)
    if (adding === undefined) {
      adding = this.storeAll([path]).then(([stored]) => stored!)
      this.#stored.set(path, adding)
    }
    return await adding
  }

  /** Adds paths to one new store. */
  async storeAll (paths: string[]): Promise<Stored[]> {
    this.say(`adding ${paths.length === 1 ? paths[0] : `${paths.length} files`}`)
    const repo = await this.folder('repo')
    const { stdout } = await this.processes.run(process.execPath, [IPMR, 'add', ...paths, '--data-dir', repo, '--quiet'])
    return stdout.trim().split('\n').map(cid => ({ cid, store: join(repo, '1') }))
  }

  /** A script of the benchmark as one module. */
  async script (name: string): Promise<string> {
    let bundling = this.#scripts.get(name)
    if (bundling === undefined) {
      bundling = bundleScript(name)
      this.#scripts.set(name, bundling)
    }
    return await bundling
  }

  /** A new empty folder, for one run. */
  async folder (name: string): Promise<string> {
    const path = join(this.directory, `${name}-${++this.#folders}`)
    await mkdir(path)
    return path
  }

  /** Ends every process and removes every temporary file. */
  async close (): Promise<void> {
    await this.processes.close()
    await rm(this.directory, { recursive: true, force: true })
  }
}
