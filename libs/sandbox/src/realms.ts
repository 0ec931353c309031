import type { AttemptDoor, Delivery, Realm } from './isolate/door.ts'

/** A world of its own with one program in it, for one attempt. */
export interface ProgramRealm {
  /** Says what the program is, as a message to the sandbox in JSON. */
  describe: () => Promise<string>
  /** Runs one attempt: a message to the sandbox in JSON. */
  run: (work: string) => Promise<string>
  /** Resolves when the program has done what it could with this content. */
  deliver: (read: number, content: Delivery) => Promise<void>
  release: () => void
}

/** An ES module's text, or the bytes of a WebAssembly module. */
export type ProgramSource = string | Uint8Array

/** Makes worlds for the attempts of one program, one at a time. */
export interface Realms {
  /** Rejects with what the program threw while it loaded, with its syntax error, or for want of memory. */
  open: (program: ProgramSource, realm: Realm, door: AttemptDoor) => Promise<ProgramRealm>
  /** Whether there is no memory left, and so no world to be made. */
  readonly exhausted: boolean
}
