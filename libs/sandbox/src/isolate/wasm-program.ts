import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { Datum, Emit, MapFunction, ProgramContext, WrittenProgram } from '@ipfs-mapreduce/mapreduce'
import { Instance, Module } from './webassembly.ts'

/** What a module exports, as WEBASSEMBLY.md has it. Addresses are unsigned where they come as numbers with a sign. */
interface WasmExports {
  memory: { buffer: ArrayBuffer }
  room: (bytes: number) => number
  map: (offset: number, record: number, bytes: number) => void
  mapLines?: (offset: number, lines: number, bytes: number) => void
  reduce: (key: number, bytes: number) => void
  finish?: () => void
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
  /** The call within whose `emit` this one is made. */
  before: Call | undefined
  /** What that one was given, as its program has left it. */
  kept: Uint8Array | undefined
}

const FUNCTIONS = ['room', 'map', 'mapLines', 'reduce', 'finish', 'combine', 'recordBytes']
const OPTIONAL = new Set(['mapLines', 'finish', 'combine', 'recordBytes'])
const NOTHING = new Uint8Array()
/** AssemblyScript's strings. */
const BYTES_PER_UTF16 = 2

/** A program of a WebAssembly module. Throws `FATAL` on a module that is none, or asks for what an executor does not have. */
export function wasmProgram (bytes: Uint8Array): WrittenProgram {
  return new WasmProgram(bytes).program
}

class WasmProgram {
  readonly program: WrittenProgram
  readonly #exports: WasmExports
  readonly #encoder = new TextEncoder()
  readonly #decoder = new TextDecoder()
  /** All of the program's memory; empty once that has grown. */
  #memory = NOTHING
  #call: Call | undefined

  constructor (bytes: Uint8Array) {
    const imports = { ipmr: this.#imports(), env: { abort: this.#abort } }
    const module = new Module(bytes)
    for (const { module: from, name } of Module.imports(module)) {
      if (!Object.hasOwn(imports, from) || !Object.hasOwn(imports[from as keyof typeof imports], name)) throw new MapReduceError('FATAL', `it imports ${from}.${name}, which executors do not have`)
    }
    this.#exports = checked(new Instance(module, imports).exports)
    const { map, mapLines, reduce, finish, combine, recordBytes } = this.#exports
    if (mapLines !== undefined && recordBytes !== undefined) throw new MapReduceError('FATAL', 'it exports mapLines and recordBytes, and has lines or records of a fixed length')
    const mapping = (work: WasmExports['map']): MapFunction => ({ value, file, offset }, emit, context) => {
      const { length } = value as Uint8Array
      const at = this.#begin(value as Uint8Array, { emit, context, file })
      try {
        work(offset, at, length)
      } finally {
        this.#end()
      }
    }
    this.program = {
      input: recordBytes === undefined ? 'raw-lines' : { bytes: recordBytes() },
      map: mapping(map),
      ...mapLines !== undefined && { mapLines: mapping(mapLines) as WrittenProgram['mapLines'] },
      reduce: (key, values, emit, context) => { this.#group(reduce, key, values, emit, context) },
      ...finish !== undefined && { finish: (emit: Emit, context: ProgramContext) => { this.#finish(finish, emit, context) } },
      ...combine !== undefined && { combine: (key: Datum, values: Iterable<Datum>, emit: Emit, context: ProgramContext) => { this.#group(combine, key, values, emit, context) } }
    }
  }

  #group (work: (key: number, bytes: number) => void, key: Datum, values: Iterable<Datum>, emit: Emit, context: ProgramContext): void {
    const at = this.#begin(key as Uint8Array, { emit, context, file: '' }, values[Symbol.iterator]())
    try {
      work(at, (key as Uint8Array).length)
    } finally {
      this.#end()
    }
  }

  #finish (finish: () => void, emit: Emit, context: ProgramContext): void {
    this.#begin(NOTHING, { emit, context, file: '' })
    try {
      finish()
    } finally {
      this.#end()
    }
  }

  /** Hands the program what a call is given, and says where. A program combines while it maps, within its own `emit`: the call before goes on after. */
  #begin (given: Uint8Array, { emit, context, file }: Pick<Call, 'emit' | 'context' | 'file'>, values?: Iterator<Datum>): number {
    const before = this.#call
    const at = this.#exports.room(given.length) >>> 0
    const kept = before === undefined ? undefined : this.#at(before.at, before.given.length).slice()
    this.#at(at, given.length).set(given)
    this.#call = { given, emit, context, file, values, at, told: NOTHING, before, kept }
    return at
  }

  /** The call before finds its record where it was. */
  #end (): void {
    const { before, kept } = this.#current()
    this.#call = before
    if (kept !== undefined) this.#at(before!.at, kept.length).set(kept)
  }

  /** A place in the program's memory, until that grows. */
  #at (start: number, bytes: number): Uint8Array {
    const from = start >>> 0
    if (bytes < 0 || from + bytes > this.#memory.length) this.#refresh(from, bytes)
    return new Uint8Array(this.#memory.buffer, from, bytes)
  }

  /** The engine copies what it is given before it calls anything but `combine`, which may use the place again. */
  #emitted (start: number, bytes: number): Uint8Array {
    const place = this.#at(start, bytes)
    return this.#exports.combine === undefined ? place : place.slice()
  }

  #refresh (from: number, bytes: number): void {
    const { buffer } = this.#exports.memory
    if (bytes < 0 || from + bytes > buffer.byteLength) throw new RangeError(`${bytes} bytes at ${from} are not in the program's memory of ${buffer.byteLength} bytes`)
    this.#memory = new Uint8Array(buffer)
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
      emit: (key, keyBytes, value, valueBytes) => { this.#current().emit(this.#emitted(key!, keyBytes!), this.#emitted(value!, valueBytes!)) },
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
