import vm from 'node:vm'
import { LOAD_TIMEOUT_MS } from './constants.ts'
import { DOOR, ENGINE_FILE } from './isolate/door.ts'
import type { Door, OpenEngine, Realm } from './isolate/door.ts'
import { PROGRAM_FILE } from './program-stack.ts'
import type { ProgramRealm, ProgramSource, Realms } from './realms.ts'

/**
 * Worlds in the process itself, for systems that isolated-vm does not run on and owners who allow it: programs see the
 * same as in an isolate, but nothing stops one that looks for the way out. Needs `--experimental-vm-modules`.
 */
export class ContextRealms implements Realms {
  readonly exhausted = false
  readonly #engine: vm.Script

  constructor (engine: string) {
    this.#engine = new vm.Script(engine, { filename: ENGINE_FILE })
  }

  async open (program: ProgramSource, realm: Realm, door: Door): Promise<ProgramRealm> {
    const context = vm.createContext()
    const open = this.#engine.runInContext(context) as OpenEngine
    const engine = open(...DOOR.map(name => door[name]))
    engine.begin(realm)
    const namespace = typeof program === 'string' ? await loadModule(program, context) : engine.assemble(program)
    return {
      describe: async () => engine.describe(namespace),
      run: work => engine.run(namespace, work),
      deliver: async (read, content) => { engine.deliver(read, content) },
      release: () => {}
    }
  }
}

async function loadModule (program: string, context: vm.Context): Promise<object> {
  const module = new vm.SourceTextModule(program, { context, identifier: PROGRAM_FILE })
  await module.link(specifier => { throw new Error(`it imports ${specifier}, and a program is one module`) })
  await module.evaluate({ timeout: LOAD_TIMEOUT_MS })
  return module.namespace
}
