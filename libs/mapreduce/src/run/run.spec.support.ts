import { ByteSink, compareKeys, encodeKey, encodeValue } from '../datum/index.ts'
import type { Datum } from '../program.ts'
import { memoryScratch } from '../scratch-memory.ts'
import type { ScratchFile } from '../scratch.ts'
import { RunWriter } from './index.ts'
import type { RunSection } from './index.ts'

export type Pair = [key: Datum, value: Datum]

/** Stable. */
export function inKeyOrder (pairs: Pair[]): Pair[] {
  return pairs
    .map(pair => ({ pair, key: encodeKey(pair[0]) }))
    .sort(({ key: a }, { key: b }) => compareKeys(a, 0, a.length, b, 0, b.length))
    .map(({ pair }) => pair)
}

/** The bytes of a run of these pairs, in the order given. */
export function runOf (pairs: Pair[]): Uint8Array {
  const file = runFile(pairs)
  const bytes = new Uint8Array(file.bytes)
  file.read(bytes, 0)
  return bytes
}

export function runFile (pairs: Pair[]): ScratchFile {
  const out = memoryScratch().create()
  const writer = new RunWriter()
  writer.begin(out)
  for (const [key, value] of pairs) {
    const encodedKey = encodeKey(key)
    const sink = new ByteSink()
    encodeValue(sink, value)
    writer.pair(encodedKey, 0, encodedKey.length, sink.bytes, 0, sink.length)
  }
  writer.end()
  return out.close()
}

export function sectionOf (file: ScratchFile): RunSection {
  return { file, start: 0, bytes: file.bytes, label: 'a run' }
}
