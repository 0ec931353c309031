import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

export interface WordCount { word: string, count: number }

/** The most frequent words of word-count's output files; words of one count in their own order. */
export async function topWords (files: string[], howMany: number): Promise<WordCount[]> {
  const all: WordCount[] = []
  for (const file of files) {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      const at = line.lastIndexOf(' ')
      all.push({ word: line.slice(0, at), count: Number(line.slice(at + 1)) })
    }
  }
  return all.sort((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1)).slice(0, howMany)
}
