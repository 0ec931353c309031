import type { ReadContent } from '@ipfs-mapreduce/mapreduce'
import { fromFailure } from '../failure.ts'
import type { Failure } from '../failure.ts'
import { done } from './door.ts'
import type { Delivery, Door } from './door.ts'

/** The isolate's half of reading: pulls chunks of content, the next one always ahead of the one that is worked on. */
export class IsolateReads {
  readonly #door: Door
  readonly #pulled = new Map<number, (content: Delivery) => void>()

  constructor (door: Door) {
    this.#door = door
  }

  readonly read: ReadContent = (file, { offset, length }) => this.#read(file, offset, length)

  /** Has content appended to a scratch file; resolves with how many bytes it has. */
  readonly bring = (file: number, cid: string): Promise<number> => new Promise((resolve, reject) => {
    const read = done(this.#door.bring(file, cid))
    this.#pulled.set(read, content => {
      if (typeof content === 'number') resolve(content)
      else reject(fromFailure(JSON.parse(content as string) as Failure))
    })
  })

  /** What was pulled has come. */
  deliver (read: number, content: Delivery): void {
    const resolve = this.#pulled.get(read)
    this.#pulled.delete(read)
    resolve?.(content)
  }

  async * #read (file: string, offset: number | undefined, length: number | undefined): AsyncGenerator<Uint8Array> {
    const read = done(this.#door.openRead(file, offset, length))
    let ended = false
    try {
      for (let next = this.#pull(read); ;) {
        const content = await next
        ended = typeof content !== 'object'
        if (typeof content === 'string') throw fromFailure(JSON.parse(content) as Failure)
        if (typeof content !== 'object') return
        next = this.#pull(read)
        yield content
      }
    } finally {
      this.#pulled.delete(read)
      if (!ended) this.#door.stopRead(read)
    }
  }

  #pull (read: number): Promise<Delivery> {
    return new Promise(resolve => {
      this.#pulled.set(read, resolve)
      this.#door.pull(read)
    })
  }
}
