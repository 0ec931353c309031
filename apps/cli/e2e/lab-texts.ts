import { sequential } from '@ipfs-mapreduce/mapreduce'
import type { Datum, InputFormat, Program } from '@ipfs-mapreduce/mapreduce'
import { chapters } from './chapters.ts'

/** From one seed's first chapter to the next one's: two rounds in a row have other texts. */
const CHAPTERS_PER_SEED = 37

/** A file of the lab's input. */
export interface LabText { path: string, text: string }

/** Files of whole chapters, each of at least so many bytes; which chapters they are depends on the seed. */
export function labTexts (files: number, bytes: number, seed: number): LabText[] {
  const book = chapters()
  let next = seed * CHAPTERS_PER_SEED
  return Array.from({ length: files }, (_, n) => {
    let text = ''
    while (Buffer.byteLength(text) < bytes) text += book[next++ % book.length]!
    return { path: `text-${n}.txt`, text }
  })
}

/** What one process makes of the texts, part by part. */
export async function oracle<F extends InputFormat, K extends Datum, V extends Datum> (program: Program<F, K, V>, texts: LabText[], reducers: number): Promise<string[]> {
  const files = texts.map(({ path, text }) => ({ path, content: Buffer.from(text) }))
  return (await sequential(program, files, { reducers })).parts.map(part => Buffer.from(part).toString())
}
