import type { Intrinsics } from '@ipfs-mapreduce/mapreduce'

/**
 * All that the engine can ask of the process that its isolate lies in. Arguments and answers are copied; a call takes some 10 µs, and
 * nothing throws: what cannot be done is said in text, since a thrown error would bring the paths of its stack along.
 */
export interface Door {
  progress: (records: number) => void
  /** Opens a read of content and gives its number; chunks are pulled one by one, and come as a `Delivery`. */
  openRead: (file: string, offset: number | undefined, length: number | undefined) => number | string
  /** Begins to append content to a scratch file; that it is there comes as a `Delivery`, of the number that this gives. */
  bring: (file: number, content: string) => number | string
  pull: (read: number) => void
  stopRead: (read: number) => void
  /** Makes a scratch file and gives its number. */
  create: () => number | string
  write: (file: number, bytes: Uint8Array) => undefined | string
  close: (file: number) => undefined | string
  /** Up to `bytes` bytes from `position` on. */
  read: (file: number, position: number, bytes: number) => Uint8Array | string
  remove: (file: number) => void
}

/** Prints to the log, as far as an attempt may. */
export type Print = (text: string, isError: boolean) => void

/** What an attempt may ask: its engine, and its program. */
export interface AttemptDoor extends Door {
  print: Print
}

/** An answer of the door. Throws where it says what was wrong. */
export function done<T> (answer: T): Exclude<T, string> {
  if (typeof answer === 'string') throw new Error(answer)
  return answer as Exclude<T, string>
}

/** The functions of a door that the engine is handed, in this order. */
export const DOOR = ['progress', 'openRead', 'bring', 'pull', 'stopRead', 'create', 'write', 'close', 'read', 'remove'] as const satisfies Array<keyof Door>

/** What was pulled: a chunk, the end, or a `Failure` as JSON; of what was brought, how many bytes it has. */
export type Delivery = Uint8Array | undefined | string | number

/** How an isolate's world is made before its program is loaded. */
export interface Realm {
  deterministic: boolean
  /** What `Math.random` begins with where it is deterministic: four words of 32 bits, not all zero. */
  seed: number[]
}

/** The ways into an isolate. */
export interface Engine {
  /** From here on objects for the program are made with these. */
  use: (intrinsics: Intrinsics) => void
  /** Makes a module of WebAssembly's bytes, whose default export is the program. */
  assemble: (bytes: Uint8Array) => { default: unknown }
  /** Says what the program is that a module exports as default: a `loaded` or `failed` message as JSON. */
  describe: (module: { default?: unknown }) => string
  /** Runs one attempt: a `done` or `failed` message as JSON. */
  run: (module: { default?: unknown }, work: string) => Promise<string>
  deliver: (read: number, content: Delivery) => void
}

/** What the realm's script evaluates to: makes the world that a program will see. */
export type OpenRealm = (print: Print, realm: Realm) => Intrinsics

/** What the engine's script evaluates to. */
export type OpenEngine = (...door: Array<Door[typeof DOOR[number]]>) => Engine

/** The names that scripts have in stacks. */
export const ENGINE_FILE = 'engine.js'
export const REALM_FILE = 'realm.js'
