import vm from 'node:vm'
import { LOAD_TIMEOUT_MS } from './constants.ts'
import { DOOR, ENGINE_FILE, REALM_FILE } from './isolate/door.ts'
import type { AttemptDoor, Door, Engine, OpenEngine, OpenRealm, Realm } from './isolate/door.ts'
import { PROGRAM_FILE } from './program-stack.ts'
import type { ProgramRealm, ProgramSource, Realms } from './realms.ts'
import type { IsolateScript } from './script-settings.ts'

/**
 * Worlds in the process itself, for systems that isolated-vm does not run on and owners who allow it: programs see the
 * same as in an isolate, but nothing stops one that looks for the way out. Needs `--experimental-vm-modules`.
 */
export class ContextRealms implements Realms {
  readonly exhausted = false
  readonly #engine: Engine
  readonly #realm: vm.Script
  /** That of the attempt that runs. */
  #door: Door | undefined

  constructor (scripts: Record<IsolateScript, string>) {
    // Its global object is the language's own, without the traps that make code of other contexts several times slower.
    const own = vm.createContext(vm.constants.DONT_CONTEXTIFY)
    const open = new vm.Script(scripts.engine, { filename: ENGINE_FILE }).runInContext(own) as OpenEngine
    this.#engine = open(...DOOR.map(name => this.#through(name)))
    this.#realm = new vm.Script(scripts.realm, { filename: REALM_FILE })
  }

  async open (program: ProgramSource, realm: Realm, door: AttemptDoor): Promise<ProgramRealm> {
    const engine = this.#engine
    this.#door = door
    const context = vm.createContext(vm.constants.DONT_CONTEXTIFY)
    const open = this.#realm.runInContext(context) as OpenRealm
    engine.use(open(door.print, realm))
    const namespace = typeof program === 'string' ? await loadModule(program, context) : engine.assemble(program)
    return {
      describe: async () => engine.describe(namespace),
      run: work => engine.run(namespace, work),
      deliver: async (read, content) => { engine.deliver(read, content) },
      release: () => {}
    }
  }

  #through (name: keyof Door): (...given: never[]) => never {
    return (...given) => (this.#door![name] as (...given: never[]) => never)(...given)
  }
}

async function loadModule (program: string, context: vm.Context): Promise<object> {
  const module = new vm.SourceTextModule(program, { context, identifier: PROGRAM_FILE })
  await module.link(specifier => { throw new Error(`it imports ${specifier}, and a program is one module`) })
  await module.evaluate({ timeout: LOAD_TIMEOUT_MS })
  return module.namespace
}
