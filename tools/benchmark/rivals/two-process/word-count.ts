import { readFileSync, writeFileSync } from 'node:fs'
import { defaultPartition } from '@ipfs-mapreduce/mapreduce'
import { wordCount } from '@ipfs-mapreduce/programs'
import { intermediate, outputPart, SHARES } from './job.ts'
import type { Job } from './job.ts'
import { eachLine } from './lines.ts'

/** Counted in a table while mapping, and written once for each word; a counter of its own spares the second look-up. */
export const wordCountJob: Job = {
  map ({ input, directory, share }) {
    const counts = new Map<string, { n: number }>()
    const emit = (word: string, n: number): void => {
      const count = counts.get(word)
      // A copy: a slice would keep the whole chunk that it was cut from.
      if (count === undefined) counts.set(Buffer.from(word).toString(), { n })
      else count.n += n
    }
    const context = { args: {}, count: () => undefined }
    eachLine(input, share, SHARES, value => { wordCount.map({ value, file: input, offset: 0 }, emit, context) })
    const partitions: string[][] = Array.from({ length: SHARES }, () => [])
    for (const [word, { n }] of counts) partitions[defaultPartition(Buffer.from(word), SHARES)]!.push(`${word} ${n}`)
    for (const [to, lines] of partitions.entries()) writeFileSync(intermediate(directory, share, to), lines.join('\n'))
  },
  reduce ({ directory, share }) {
    const counts = new Map<string, number>()
    for (let from = 0; from < SHARES; from++) {
      for (const line of readFileSync(intermediate(directory, from, share), 'utf8').split('\n')) {
        const space = line.indexOf(' ')
        const word = line.slice(0, space)
        if (space > 0) counts.set(word, (counts.get(word) ?? 0) + Number(line.slice(space + 1)))
      }
    }
    // The made text has no letters outside of the BMP, so that this is the order of UTF-8 bytes too.
    const words = [...counts.keys()].sort()
    writeFileSync(outputPart(directory, share), words.map(word => `${word} ${counts.get(word)}\n`).join(''))
  }
}
