import { MAX_LOGGED_BYTES, STDERR_TAIL_CHARS } from './constants.ts'

/** Where a sandbox tells what its executors do; pino's loggers fit. */
export interface SandboxLog {
  /** What programs print, line by line. */
  debug: (fields: object, message: string) => void
  /** What an operator wants to know. */
  info: (fields: object, message: string) => void
  /** What went wrong and was borne. */
  warn: (fields: object, message: string) => void
}

/** Passes what a process prints to the log line by line, up to a bound for each attempt; the rest is counted and dropped. What a program prints may come after its attempt. */
export class OutputLog {
  readonly #log: SandboxLog | undefined
  #fields: object = {}
  #room = MAX_LOGGED_BYTES
  #dropped = 0
  #partial = ''
  #tail = ''
  readonly #decoder = new TextDecoder()
  readonly #tailDecoder = new TextDecoder()

  constructor (log: SandboxLog | undefined) {
    this.#log = log
  }

  /** The last of what was printed. */
  get tail (): string {
    return this.#tail
  }

  /** Begins an attempt: the bound counts anew, and `fields` go with each line. */
  begin (fields: object): void {
    this.flush()
    this.#fields = fields
    this.#room = MAX_LOGGED_BYTES
  }

  print (bytes: Uint8Array): void {
    this.#tail = (this.#tail + this.#tailDecoder.decode(bytes, { stream: true })).slice(-STDERR_TAIL_CHARS)
    const kept = bytes.subarray(0, this.#room)
    this.#room -= kept.length
    if (this.#dropped === 0 && kept.length < bytes.length) {
      this.#log?.warn(this.#fields, `the program prints more than ${MAX_LOGGED_BYTES} bytes; the rest is dropped`)
    }
    this.#dropped += bytes.length - kept.length
    const lines = (this.#partial + this.#decoder.decode(kept, { stream: true })).split('\n')
    this.#partial = lines.pop()!
    for (const line of lines) this.#line(line)
  }

  /** Logs a last line without its end, and how much was dropped. */
  flush (): void {
    this.#line(this.#partial)
    this.#partial = ''
    if (this.#dropped > 0) this.#log?.info({ ...this.#fields, droppedBytes: this.#dropped }, 'some of what the program printed was dropped')
    this.#dropped = 0
  }

  #line (line: string): void {
    if (line !== '') this.#log?.info({ ...this.#fields, output: line }, 'the program printed')
  }
}
