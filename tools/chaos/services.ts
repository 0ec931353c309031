import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Place } from './namespaces.ts'
import { startProcess } from './process.ts'
import type { Ended, Running, StartInit } from './process.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** A process that drains finishes its attempts, which take about a second here. */
const DRAIN_MS = 30_000

export type Role = 'master' | 'mapper' | 'reducer'

/** A process of the cluster, running or not. */
export interface Member {
  name: string
  /** A client's is not asked for. */
  role: Role
  /** On loopback without one. */
  place: Place | undefined
  /** Data directories that it has had. */
  disks: number
  running?: Running
  /** Whether its end is wanted. */
  ending: boolean
}

export interface ServicesInit {
  /** Where processes keep what is theirs. */
  dir: string
  logsDir: string
  /** The name of their cluster on the network. */
  cluster: string
  /** The file of its swarm's key: without one nobody listens beyond loopback. */
  swarmKey: string
  /** Where the master listens. */
  master: string
  slots: number
  /** Told when a service ends that nobody ended, or does not leave when it should. */
  onLost: (what: string) => void
}

/** Starts and ends processes as a person would, and as a person would not. */
export class Services {
  readonly #init: ServicesInit
  readonly #started: Running[] = []
  #closed = false

  constructor (init: ServicesInit) {
    this.#init = init
  }

  /** Resolves when it is ready. @param fresh - with an empty data directory */
  async start (member: Member, fresh: boolean): Promise<void> {
    const { cluster, swarmKey, master, slots, onLost } = this.#init
    const { name, role, place } = member
    if (fresh) {
      await rm(this.#dataDir(member), { recursive: true, force: true })
      member.disks++
    }
    const own = role === 'master'
      ? ['--listen', master]
      : ['--listen', `/ip4/${place?.address ?? '127.0.0.1'}/tcp/0`, '--bootstrap', master, '--slots', String(slots)]
    const running = this.#spawn(member, name, 'log', [
      join(ROOT, 'apps', role, 'dist/bundle/main.mjs'), '--cluster', cluster, '--swarm-key', swarmKey, '--no-mdns', '--log-level', 'debug', '--log-format', 'json',
      '--data-dir', this.#dataDir(member), ...own
    ])
    member.ending = false
    member.running = running
    running.ended.then(ended => { this.#noteEnd(member, running, ended) }, (error: unknown) => { onLost(`${name}: ${String(error)}`) })
    await running.says(/ ready /)
  }

  async kill (member: Member): Promise<void> {
    member.ending = true
    member.running?.child.kill('SIGKILL')
    await member.running?.ended
  }

  /** SIGTERM; resolves when it has left, or was killed because it did not. */
  async drain (member: Member): Promise<void> {
    const { running, name } = member
    if (running === undefined) return
    member.ending = true
    running.child.kill('SIGTERM')
    const late = setTimeout(() => {
      this.#init.onLost(`${name} had not left ${DRAIN_MS / 1000} s after SIGTERM`)
      running.child.kill('SIGKILL')
    }, DRAIN_MS)
    const { exit, signal } = await running.ended
    clearTimeout(late)
    if (exit !== 0 && signal === null) this.#init.onLost(`${name} left after SIGTERM with exit status ${exit}`)
  }

  /** Runs `ipmr`, whose stderr goes to a log of its own. */
  ipmr (client: Member, logName: string, args: string[]): Running {
    return this.#spawn(client, logName, 'heard', [join(ROOT, 'apps/cli/dist/bundle/main.mjs'), ...args])
  }

  /** Ends everything at once; nothing is started afterwards. */
  async close (): Promise<void> {
    this.#closed = true
    for (const { child } of this.#started) child.kill('SIGKILL')
    await Promise.allSettled(this.#started.map(async ({ ended }) => await ended))
  }

  #spawn ({ place }: Member, logName: string, stderr: StartInit['stderr'], args: string[]): Running {
    if (this.#closed) throw new Error(`${logName} is not started: the cluster is closed`)
    const command = [process.execPath, ...args]
    const { dir, logsDir } = this.#init
    const running = startProcess({
      command: place?.within(command) ?? command,
      cwd: dir,
      // Nothing of the person's own settings reaches the processes.
      env: { PATH: process.env['PATH'], HOME: dir, TMPDIR: dir, NO_COLOR: '1', IPMR_EXIT_WITH_PARENT: '1', NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compiled') },
      stderr,
      logFile: join(logsDir, `${logName}.log`)
    })
    this.#started.push(running)
    return running
  }

  #dataDir ({ name, disks }: Member): string {
    return join(this.#init.dir, `${name}.${disks}`)
  }

  #noteEnd (member: Member, running: Running, { exit, signal }: Ended): void {
    if (this.#closed || member.ending || member.running !== running) return
    this.#init.onLost(`${member.name} ended by itself: ${signal ?? `exit status ${exit}`}`)
  }
}
