import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { Datum, Emit, Program, ProgramContext } from '@ipfs-mapreduce/mapreduce'
import { Instance, Module } from './webassembly.ts'

/** What a module exports, as WEBASSEMBLY.md has it. Addresses are unsigned where they come as numbers with a sign. */
interface WasmExports {
  memory: { buffer: ArrayBuffer }
  room: (bytes: number) => number
  map: (offset: number, record: number, bytes: number) => void
  reduce: (key: number, bytes: number) => void
  combine?: (key: number, bytes: number) => void
  /** Bytes of a record; lines where there is none. */
  recordBytes?: () => number
}

/** One call of the program: what it is handed, and what its imports work on. */
interface Call {
  /** The record, or the key. */
  given: Uint8Array
  emit: Emit
  context: ProgramContext
  file: string
  values: Iterator<Datum> | undefined
  /** Where `given` lies in the program's memory. */
  at: number
  /** What the last of `next`, `arg` and `file` has told of. */
  told: Uint8Array
}

const FUNCTIONS = ['room', 'map', 'reduce', 'combine', 'recordBytes']
const OPTIONAL = new Set(['combine', 'recordBytes'])
const NOTHING = new Uint8Array()
/** AssemblyScript's strings. */
const BYTES_PER_UTF16 = 2

/** A program of a WebAssembly module. Throws `FATAL` on a module that is none, or asks for what an executor does not have. */
export function wasmProgram (bytes: Uint8Array): Program {
  return new WasmProgram(bytes).program
}

class WasmProgram {
  readonly program: Program
  readonly #exports: WasmExports
  readonly #encoder = new TextEncoder()
  readonly #decoder = new TextDecoder()
  #call: Call | undefined

  constructor (bytes: Uint8Array) {
    const imports = { ipmr: this.#imports(), env: { abort: this.#abort } }
    const module = new Module(bytes)
    for (const { module: from, name } of Module.imports(module)) {
      if (!Object.hasOwn(imports, from) || !Object.hasOwn(imports[from as keyof typeof imports], name)) throw new MapReduceError('FATAL', `it imports ${from}.${name}, which executors do not have`)
    }
    this.#exports = checked(new Instance(module, imports).exports)
    const { combine, recordBytes } = this.#exports
    this.program = {
      input: recordBytes === undefined ? 'raw-lines' : { bytes: recordBytes() },
      map: ({ value, file, offset }, emit, context) => {
        this.#during({ given: value as Uint8Array, emit, context, file, values: undefined }, (at, bytes) => { this.#exports.map(offset, at, bytes) })
      },
      reduce: (key, values, emit, context) => { this.#group(this.#exports.reduce, key, values, emit, context) },
      ...combine !== undefined && { combine: (key: Datum, values: Iterable<Datum>, emit: Emit, context: ProgramContext) => { this.#group(combine, key, values, emit, context) } }
    }
  }

  #group (work: (key: number, bytes: number) => void, key: Datum, values: Iterable<Datum>, emit: Emit, context: ProgramContext): void {
    this.#during({ given: key as Uint8Array, emit, context, file: '', values: values[Symbol.iterator]() }, work)
  }

  /** A program combines while it maps, within its own `emit`: the call before goes on after, and finds its record where it was. */
  #during (call: Omit<Call, 'at' | 'told'>, work: (at: number, bytes: number) => void): void {
    const before = this.#call
    const { given } = call
    const at = this.#exports.room(given.length) >>> 0
    const kept = before === undefined ? undefined : this.#at(before.at, before.given.length).slice()
    this.#at(at, given.length).set(given)
    this.#call = { ...call, at, told: NOTHING }
    try {
      work(at, given.length)
    } finally {
      this.#call = before
      if (kept !== undefined) this.#at(before!.at, kept.length).set(kept)
    }
  }

  /** A place in the program's memory, which may have grown since. */
  #at (start: number, bytes: number): Uint8Array {
    const { buffer } = this.#exports.memory
    const from = start >>> 0
    if (bytes < 0 || from + bytes > buffer.byteLength) throw new RangeError(`${bytes} bytes at ${from} are not in the program's memory of ${buffer.byteLength} bytes`)
    return new Uint8Array(buffer, from, bytes)
  }

  #text (start: number, bytes: number): string {
    return this.#decoder.decode(this.#at(start, bytes))
  }

  #current (): Call {
    if (this.#call === undefined) throw new Error('the program asks for something outside of map, combine and reduce')
    return this.#call
  }

  #tell (bytes: Uint8Array): number {
    this.#current().told = bytes
    return bytes.length
  }

  #imports (): Record<string, (...args: number[]) => number | undefined> {
    return {
      emit: (key, keyBytes, value, valueBytes) => { this.#current().emit(this.#at(key!, keyBytes!).slice(), this.#at(value!, valueBytes!).slice()) },
      count: (name, nameBytes, n) => { this.#current().context.count(this.#text(name!, nameBytes!), n) },
      next: () => {
        const { done, value } = this.#current().values?.next() ?? { done: true, value: undefined }
        return done === true ? -1 : this.#tell(value as Uint8Array)
      },
      arg: (name, nameBytes) => {
        const { args } = this.#current().context
        const found = this.#text(name!, nameBytes!)
        return Object.hasOwn(args, found) ? this.#tell(this.#encoder.encode(args[found])) : -1
      },
      file: () => this.#tell(this.#encoder.encode(this.#current().file)),
      read: into => {
        const { told } = this.#current()
        this.#at(into!, told.length).set(told)
      },
      fail: (message, bytes) => { throw new Error(this.#text(message!, bytes!)) }
    }
  }

  /** What AssemblyScript calls where a program throws: texts of 16 bits a character, their bytes before them. */
  readonly #abort = (message: number, file: number, line: number, column: number): never => {
    const text = (at: number): string => {
      if (at === 0) return ''
      const bytes = new DataView(this.#exports.memory.buffer).getUint32(at - 4, true)
      const units = this.#at(at, bytes).slice()
      return String.fromCharCode(...new Uint16Array(units.buffer, 0, Math.min(bytes, 2000) / BYTES_PER_UTF16))
    }
    throw new Error(`${text(message)} (${text(file)}:${line}:${column})`)
  }
}

function checked (exports: Record<string, unknown>): WasmExports {
  if (!('memory' in exports)) throw new MapReduceError('FATAL', 'it exports no memory')
  for (const name of FUNCTIONS) {
    if (typeof exports[name] !== 'function' && !(OPTIONAL.has(name) && exports[name] === undefined)) throw new MapReduceError('FATAL', `it exports no function ${name}`)
  }
  return exports as unknown as WasmExports
}
