import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultPartition } from '@ipfs-mapreduce/mapreduce'
import { invertedIndex } from '@ipfs-mapreduce/programs'
import { intermediate, outputPart, SHARES } from './job.ts'
import type { Job } from './job.ts'

/** Files are mapped in order of their names, so that no list has to be sorted, and a file is new to a word when it is not its last. */
export const invertedIndexJob: Job = {
  map ({ input, directory, share }) {
    const lists = new Map<string, string[]>()
    const emit = (word: string, file: string): void => {
      const list = lists.get(word)
      if (list === undefined) lists.set(Buffer.from(word).toString(), [file])
      else if (list.at(-1) !== file) list.push(file)
    }
    const context = { args: {}, count: () => undefined }
    for (const file of filesOf(input, share)) {
      for (const value of readFileSync(join(input, file), 'utf8').split('\n')) invertedIndex.map({ value, file, offset: 0 }, emit, context)
    }
    const partitions: string[][] = Array.from({ length: SHARES }, () => [])
    for (const [word, list] of lists) partitions[defaultPartition(Buffer.from(word), SHARES)]!.push(`${word} ${list.join(',')}`)
    for (const [to, lines] of partitions.entries()) writeFileSync(intermediate(directory, share, to), lines.join('\n'))
  },
  reduce ({ directory, share }) {
    const lists = new Map<string, string>()
    for (let from = 0; from < SHARES; from++) {
      for (const line of readFileSync(intermediate(directory, from, share), 'utf8').split('\n')) {
        const space = line.indexOf(' ')
        const word = line.slice(0, space)
        const before = lists.get(word)
        if (space > 0) lists.set(word, before === undefined ? line.slice(space + 1) : `${before},${line.slice(space + 1)}`)
      }
    }
    const words = [...lists.keys()].sort()
    writeFileSync(outputPart(directory, share), words.map(word => indexLine(word, lists.get(word)!)).join(''))
  }
}

function indexLine (word: string, list: string): string {
  let files = 1
  for (let comma = list.indexOf(','); comma >= 0; comma = list.indexOf(',', comma + 1)) files++
  return `${word} ${files} ${list}\n`
}

/** One share of the files in order of their names, about equal in bytes. */
function filesOf (input: string, share: number): string[] {
  const files = readdirSync(input, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name).slice(input.length + 1)).sort()
  const sizes = files.map(file => statSync(join(input, file)).size)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  let before = 0
  return files.filter((_, n) => {
    const mine = Math.min(SHARES - 1, Math.floor(SHARES * before / total)) === share
    before += sizes[n]!
    return mine
  })
}
