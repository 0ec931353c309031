import type ivm from 'isolated-vm'
import { LOAD_TIMEOUT_MS } from './constants.ts'
import { DOOR, ENGINE_FILE, REALM_FILE } from './isolate/door.ts'
import type { AttemptDoor, Delivery, Door, Engine, Print, Realm } from './isolate/door.ts'
import { PROGRAM_FILE } from './program-stack.ts'
import type { ProgramRealm, ProgramSource, Realms } from './realms.ts'
import type { IsolateScript } from './script-settings.ts'

export interface IsolateRealmsInit {
  ivm: typeof ivm
  /** Their sources. */
  scripts: Record<IsolateScript, string>
  maxHeapMiB: number
  /** Called where V8 has lost its isolate, most likely for want of memory: the process cannot go on. */
  onCatastrophe: (message: string) => void
}

type EngineRefs = { [name in keyof Engine]: ivm.Reference<Engine[name]> }

/**
 * Worlds in one V8 isolate, on a thread of its own: a context that the engine lives in, and a fresh one for each program. Only
 * `Callback`s go in, which are plain functions there; a `Reference` would be a way to the functions and the memory of this process.
 */
export class IsolateRealms implements Realms {
  readonly #ivm: typeof ivm
  readonly #isolate: ivm.Isolate
  readonly #engine: Promise<EngineRefs>
  readonly #realm: Promise<ivm.Script>
  /** That of the attempt that runs. */
  #door: Door | undefined

  constructor ({ ivm, scripts, maxHeapMiB, onCatastrophe }: IsolateRealmsInit) {
    this.#ivm = ivm
    this.#isolate = new ivm.Isolate({ memoryLimit: maxHeapMiB, onCatastrophicError: onCatastrophe })
    this.#engine = this.#openEngine(scripts.engine)
    this.#realm = this.#isolate.compileScript(scripts.realm, { filename: REALM_FILE })
  }

  /** Whether V8 has ended the isolate, because it has used all of its memory. */
  get exhausted (): boolean {
    return this.#isolate.isDisposed
  }

  async open (program: ProgramSource, realm: Realm, door: AttemptDoor): Promise<ProgramRealm> {
    const engine = await this.#engine
    this.#door = door
    const context = await this.#isolate.createContext()
    await this.#openRealm(context, engine, realm, door.print)
    const namespace = typeof program === 'string' ? await this.#loadModule(program, context) : await engine.assemble.apply(undefined, [this.#copied(program)], { result: { reference: true } })
    return {
      describe: async () => String(await engine.describe.apply(undefined, [namespace.derefInto()])),
      run: async work => String(await engine.run.apply(undefined, [namespace.derefInto(), work], { result: { promise: true } })),
      deliver: async (read: number, content: Delivery) => {
        await engine.deliver.apply(undefined, [read, typeof content === 'object' ? this.#moved(content) : content])
      },
      release: () => {
        namespace.release()
        context.release()
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

  /** Makes the world of a program in a context, and lets the engine make objects of it. */
  async #openRealm (context: ivm.Context, engine: EngineRefs, realm: Realm, print: Print): Promise<void> {
    const script = await this.#realm
    const open = await script.run(context, { reference: true })
    const intrinsics = await open.apply(undefined, [new this.#ivm.Callback(print), new this.#ivm.ExternalCopy(realm).copyInto({ release: true })], { result: { reference: true } })
    await engine.use.apply(undefined, [intrinsics.derefInto()])
    open.release()
    intrinsics.release()
  }

  /** Evaluates the engine in a context of its own, and hands it a door that leads to that of the attempt. */
  async #openEngine (source: string): Promise<EngineRefs> {
    const [context, script] = await Promise.all([this.#isolate.createContext(), this.#isolate.compileScript(source, { filename: ENGINE_FILE })])
    const open = await script.run(context, { reference: true }) as ivm.Reference<(...door: ivm.Callback[]) => Engine>
    const engine = await open.apply(undefined, DOOR.map(name => new this.#ivm.Callback(this.#through(name))), { result: { reference: true } })
    const take = async <Name extends keyof Engine>(name: Name): Promise<ivm.Reference<Engine[Name]>> =>
      await engine.get(name, { reference: true }) as unknown as ivm.Reference<Engine[Name]>
    const [use, assemble, describe, run, deliver] = await Promise.all([take('use'), take('assemble'), take('describe'), take('run'), take('deliver')])
    open.release()
    engine.release()
    script.release()
    return { use, assemble, describe, run, deliver }
  }

  #through (name: keyof Door): (...given: never[]) => unknown {
    return (...given) => (this.#door![name] as (...given: never[]) => unknown)(...given)
  }
}
