import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Place } from '../chaos/namespaces.ts'
import { differs } from './shown.ts'
import type { Typed } from './session.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Nothing in a page takes longer, on a busy machine either. */
const DEADLINE_MS = 60_000
/** How pages call the folder of this repository. */
export const CHECKOUT = 'ipfs-mapreduce'

/** Commands that go on until Ctrl-C, in a terminal of their own. */
const SERVICE = /^npx nx serve /

/** What a terminal remembers. */
const VARIABLES = /^(export )?[A-Z_]+=\S+$/

interface Terminal {
  child: ChildProcess
  printed: () => string[]
  /** Called on each output and at the end. */
  listeners: Set<() => void>
  ended: Promise<number | null>
}

/**
 * What `npx` would find in the checkout, called as it and nx would call it: nx takes seconds of its own. And `scp` between the homes
 * of the machines, on which no SSH runs.
 */
function preamble (homes: string): string {
  const { targetDefaults: { serve } } = JSON.parse(readFileSync(join(ROOT, 'nx.json'), 'utf8')) as { targetDefaults: { serve: { options: { command: string } } } }
  const served = serve.options.command.replace(/^exec /, '').replace('{projectRoot}', `${ROOT}apps/"$app"`)
  return `
npx () {
  if [ "$1" = ipmr ]; then shift; node ${ROOT}apps/cli/bin/ipmr.mjs "$@"
  elif [ "$1 $2" = 'nx serve' ]; then local app=$3; shift 3; ${served} "$@"
  elif [ -x "${ROOT}node_modules/.bin/$1" ]; then "${ROOT}node_modules/.bin/$@"
  else echo "npx $1: not in a page before" >&2; return 127; fi
}
scp () { cp "$1" "${homes}/\${2%%:*}/\${2#*:}"; }
`
}

/** A machine of a page: a network namespace, a home, and terminals in what takes the checkout's place. */
export class Machine {
  readonly #place: Place
  readonly #home: string
  readonly #dir: string
  #preamble: string
  /** Those that run, the last one started last. */
  readonly #services: Terminal[] = []
  readonly #terminals: Terminal[] = []

  /** @param homes - the folder of the homes of all machines */
  constructor (name: string, place: Place, homes: string) {
    this.#place = place
    this.#home = join(homes, name)
    this.#dir = join(this.#home, CHECKOUT)
    this.#preamble = preamble(homes)
    mkdirSync(join(this.#home, 'tmp'), { recursive: true })
    mkdirSync(this.#dir)
    for (const folder of ['node_modules', 'libs']) symlinkSync(join(ROOT, folder), join(this.#dir, folder))
  }

  save (name: string, text: string): void {
    mkdirSync(dirname(join(this.#dir, name)), { recursive: true })
    writeFileSync(join(this.#dir, name), text)
  }

  /**
   * Types a command, and waits for what is shown of a service, or for the command's end. Where the last line shown is one by which
   * commands say why they failed, it has to fail.
   *
   * @returns the lines that it has printed
   * @throws Error where something else happens than is shown
   */
  async type ({ command, shown, line }: Typed): Promise<string[]> {
    const fail = (why: string, { printed }: Terminal): never => { throw new Error(`line ${line}: ${command}\n${why}\nIt printed:\n${printed().join('\n')}`) }
    if (command === '^C') {
      const service = this.#services.pop()
      if (service === undefined) throw new Error(`line ${line}: no service runs here`)
      process.kill(-service.child.pid!, 'SIGINT')
      if (await this.#end(service) !== 0) fail('did not leave well', service)
      const missing = differs(shown, service.printed())
      return missing === undefined ? service.printed() : fail(`does not show: ${missing}`, service)
    }
    const terminal = this.#open(command)
    // Each command has a shell of its own here, where a person has one for all.
    if (VARIABLES.test(command)) this.#preamble += `\n${command}`
    const fails = /^(ipmr|master|mapper|reducer): /.test(shown.at(-1) ?? '')
    const exit = SERVICE.test(command) && !fails ? await this.#start(terminal, shown) : await this.#end(terminal)
    const missing = differs(shown, terminal.printed())
    if (missing !== undefined) fail(`does not show: ${missing}`, terminal)
    if ((exit !== 0) !== fails) fail(`ended with ${exit}`, terminal)
    return terminal.printed()
  }

  /** Presses Ctrl-C in the terminals of all services. */
  async leave (): Promise<void> {
    while (this.#services.length > 0) await this.type({ machine: '', command: '^C', shown: [], line: 0 })
  }

  /** Ends what still runs. */
  async close (): Promise<void> {
    for (const { child } of this.#terminals) kill(child)
    await Promise.all(this.#terminals.map(async ({ ended }) => await ended))
  }

  /** @returns 0 when what is shown was printed, or `ready`; otherwise how the service ended */
  async #start (terminal: Terminal, shown: string[]): Promise<number | null> {
    this.#services.push(terminal)
    const listening = shown.length > 0 ? shown : ['… ready  peer …']
    const started = new Promise<number>(resolve => {
      terminal.listeners.add(() => { if (differs(listening, terminal.printed()) === undefined) resolve(0) })
    })
    return await this.#within(terminal, Promise.race([started, terminal.ended]))
  }

  async #end (terminal: Terminal): Promise<number | null> {
    return await this.#within(terminal, terminal.ended)
  }

  /** What takes too long is killed, and so ends. */
  async #within (terminal: Terminal, wanted: Promise<number | null>): Promise<number | null> {
    const timer = setTimeout(() => { kill(terminal.child) }, DEADLINE_MS)
    try {
      return await wanted
    } finally {
      clearTimeout(timer)
    }
  }

  #open (command: string): Terminal {
    const [file = '', ...args] = this.#place.within(['bash', '-c', `exec 2>&1\n${this.#preamble}\n${command}`])
    // A group of its own, as a shell gives it: Ctrl-C is for all of it. A pipe as stdin: a service ends with the test.
    const child = spawn(file, args, {
      cwd: this.#dir, detached: true, stdio: ['pipe', 'pipe', 'inherit'],
      env: {
        PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`, HOME: this.#home, TMPDIR: join(this.#home, 'tmp'), NO_COLOR: '1', npm_config_update_notifier: 'false',
        IPMR_LOG_FORMAT: 'pretty', IPMR_EXIT_WITH_PARENT: '1', NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compiled')
      }
    })
    let text = ''
    const listeners = new Set<() => void>()
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      for (const listener of listeners) listener()
    })
    const terminal = {
      child, listeners, printed: () => text.split('\n'),
      ended: new Promise<number | null>((resolve, reject) => {
        child.once('error', reject)
        child.once('close', resolve)
      })
    }
    this.#terminals.push(terminal)
    return terminal
  }
}

/** The whole group; it may have ended. */
function kill ({ pid }: ChildProcess): void {
  try {
    process.kill(-pid!, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
