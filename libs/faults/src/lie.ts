import type { MapWork, ReadContent, SplitRange, TaskOutput, TaskResult } from '@ipfs-mapreduce/mapreduce'

/** What an empty output is said to be. */
const NEWLINE = 0x0a

/**
 * Reads for a map that lies: one letter or digit in one of its splits is another. Runs made from it are whole and in
 * order, so that no checksum tells, and wrong; a split that has none gives the truth.
 */
export function lieAboutMap ({ splits }: MapWork, read: ReadContent, random: () => number): ReadContent {
  const { cid, offset, length } = splits[Math.floor(random() * splits.length)] ?? { cid: '', offset: 0, length: 0 }
  const victim = new Victim({ cid, offset: offset + Math.floor(random() * length / 2), length: Math.ceil(length / 2) })
  return async function * (file, options) {
    let position = options.offset ?? 0
    for await (const chunk of read(file, options)) {
      yield file === cid ? victim.change(chunk, position) : chunk
      position += chunk.length
    }
  }
}

/** An output with one byte changed; where it is empty, with one line more. */
export function lieAboutReduce (result: TaskResult, random: () => number): TaskResult {
  return { ...result, outputs: result.outputs.map(output => changedOutput(output, Math.floor(random() * output.bytes))) }
}

function changedOutput (output: TaskOutput, position: number): TaskOutput {
  if (output.bytes === 0) return { ...output, bytes: 1, content: async function * () { yield Uint8Array.of(NEWLINE) } }
  return {
    ...output,
    content: async function * () {
      let at = 0
      for await (const chunk of output.content()) {
        yield position >= at && position < at + chunk.length ? withByte(chunk, position - at, chunk[position - at]! ^ 1) : chunk
        at += chunk.length
      }
    }
  }
}

/** The first letter or digit that is read of a range of a file. However often it is read, it is the same one. */
class Victim {
  readonly #range: Pick<SplitRange, 'cid' | 'offset' | 'length'>
  #at: number | undefined

  constructor (range: Pick<SplitRange, 'cid' | 'offset' | 'length'>) {
    this.#range = range
  }

  /** `position` is the chunk's place in the file. */
  change (chunk: Uint8Array, position: number): Uint8Array {
    this.#at ??= this.#find(chunk, position)
    const index = this.#at === undefined ? -1 : this.#at - position
    return index >= 0 && index < chunk.length ? withByte(chunk, index, next(chunk[index]!)) : chunk
  }

  #find (chunk: Uint8Array, position: number): number | undefined {
    const { offset, length } = this.#range
    const end = Math.min(offset + length - position, chunk.length)
    for (let index = Math.max(offset - position, 0); index < end; index++) {
      if (next(chunk[index]!) !== chunk[index]) return position + index
    }
    return undefined
  }
}

function withByte (chunk: Uint8Array, index: number, byte: number): Uint8Array {
  // Not slice: of a Buffer that is no copy.
  const changed = new Uint8Array(chunk)
  changed[index] = byte
  return changed
}

/** The next letter or digit of ASCII, the first after the last; any other byte is itself. */
function next (byte: number): number {
  for (const [first, last] of [['a', 'z'], ['A', 'Z'], ['0', '9']] as const) {
    const [from, to] = [first.charCodeAt(0), last.charCodeAt(0)]
    if (byte >= from && byte <= to) return byte === to ? from : byte + 1
  }
  return byte
}
