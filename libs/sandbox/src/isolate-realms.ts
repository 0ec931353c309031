import type ivm from 'isolated-vm'
import { LOAD_TIMEOUT_MS } from './constants.ts'
import { DOOR, ENGINE_FILE } from './isolate/door.ts'
import type { Delivery, Door, Engine, Realm } from './isolate/door.ts'
import { PROGRAM_FILE } from './program-stack.ts'
import type { ProgramRealm, ProgramSource, Realms } from './realms.ts'

export interface IsolateRealmsInit {
  ivm: typeof ivm
  /** Source of the engine's script. */
  engine: string
  maxHeapMiB: number
  /** Called where V8 has lost its isolate, most likely for want of memory: the process cannot go on. */
  onCatastrophe: (message: string) => void
}

/**
 * Worlds in one V8 isolate, on a thread of its own: a fresh context for each. Only `Callback`s go in, which are plain
 * functions there; a `Reference` would be a way to the functions and the memory of this process.
 */
export class IsolateRealms implements Realms {
  readonly #ivm: typeof ivm
  readonly #isolate: ivm.Isolate
  readonly #engine: Promise<ivm.Script>

  constructor ({ ivm, engine, maxHeapMiB, onCatastrophe }: IsolateRealmsInit) {
    this.#ivm = ivm
    this.#isolate = new ivm.Isolate({ memoryLimit: maxHeapMiB, onCatastrophicError: onCatastrophe })
    this.#engine = this.#isolate.compileScript(engine, { filename: ENGINE_FILE })
  }

  /** Whether V8 has ended the isolate, because it has used all of its memory. */
  get exhausted (): boolean {
    return this.#isolate.isDisposed
  }

  async open (program: ProgramSource, realm: Realm, door: Door): Promise<ProgramRealm> {
    const context = await this.#isolate.createContext()
    const engine = await this.#openEngine(context, door)
    await engine.begin.apply(undefined, [realm], { arguments: { copy: true } })
    const namespace = typeof program === 'string' ? await this.#loadModule(program, context) : await engine.assemble.apply(undefined, [this.#copied(program)], { result: { reference: true } })
    return {
      describe: async () => String(await engine.describe.apply(undefined, [namespace.derefInto()])),
      run: async work => String(await engine.run.apply(undefined, [namespace.derefInto(), work], { result: { promise: true } })),
      deliver: async (read: number, content: Delivery) => {
        await engine.deliver.apply(undefined, [read, typeof content === 'object' ? this.#moved(content) : content])
      },
      release: () => {
        for (const held of [namespace, ...Object.values(engine), context]) held.release()
      }
    }
  }

  /** Bytes on their way into the isolate, without a copy where they have memory of their own: a view would take all along. */
  #moved (bytes: Uint8Array): ivm.Copy<Uint8Array> {
    const own = bytes.length === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)
    return new this.#ivm.ExternalCopy(own, { transferOut: true }).copyInto({ release: true, transferIn: true })
  }

  #copied (bytes: Uint8Array): ivm.Copy<Uint8Array> {
    return new this.#ivm.ExternalCopy(bytes).copyInto({ release: true })
  }

  async #loadModule (program: string, context: ivm.Context): Promise<ivm.Reference<{ default?: unknown }>> {
    const module = await this.#isolate.compileModule(program, { filename: PROGRAM_FILE })
    await module.instantiate(context, specifier => { throw new Error(`it imports ${specifier}, and a program is one module`) })
    await module.evaluate({ timeout: LOAD_TIMEOUT_MS })
    const { namespace } = module
    module.release()
    return namespace
  }

  /** Evaluates the engine in a context, and hands it its door. */
  async #openEngine (context: ivm.Context, door: Door): Promise<{ [name in keyof Engine]: ivm.Reference<Engine[name]> }> {
    const script = await this.#engine
    const open = await script.run(context, { reference: true }) as ivm.Reference<(...door: ivm.Callback[]) => Engine>
    const engine = await open.apply(undefined, DOOR.map(name => new this.#ivm.Callback(door[name])), { result: { reference: true } })
    const take = async <Name extends keyof Engine>(name: Name): Promise<ivm.Reference<Engine[Name]>> =>
      await engine.get(name, { reference: true }) as unknown as ivm.Reference<Engine[Name]>
    const [begin, assemble, describe, run, deliver] = await Promise.all([take('begin'), take('assemble'), take('describe'), take('run'), take('deliver')])
    open.release()
    engine.release()
    return { begin, assemble, describe, run, deliver }
  }
}
