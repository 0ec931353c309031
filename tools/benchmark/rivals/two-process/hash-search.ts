import { closeSync, copyFileSync, openSync, writeSync } from 'node:fs'
import hashSearch from '../../programs/hash-search.ts'
import { intermediate, outputPart, SHARES } from './job.ts'
import type { Job } from './job.ts'
import { eachLine } from './lines.ts'

/** What is found is written at once, and is the output already: a key, a space, and no value. */
export const hashSearchJob: Job = {
  map ({ input, directory, share }) {
    const out = openSync(intermediate(directory, share, share), 'w')
    const emit = (line: string): void => { writeSync(out, `${line} \n`) }
    const context = { args: {}, count: () => undefined }
    eachLine(input, share, SHARES, value => { hashSearch.map({ value, file: input, offset: 0 }, emit, context) })
    closeSync(out)
  },
  reduce ({ directory, share }) {
    copyFileSync(intermediate(directory, share, share), outputPart(directory, share))
  }
}
