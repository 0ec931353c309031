import { closeSync, copyFileSync, openSync, writeSync } from 'node:fs'
import { grep } from '@ipfs-mapreduce/programs'
import { intermediate, outputPart, SHARES } from './job.ts'
import type { Job } from './job.ts'
import { eachLine } from './lines.ts'

/** What matches is written as it is found, and is the output already. */
export const grepJob: Job = {
  map ({ input, directory, share, args }) {
    const out = openSync(intermediate(directory, share, share), 'w')
    const record = { value: '', file: input, offset: 0 }
    let offsetOf = (): number => 0
    // The program tells the offset of its record, which is only known where it was asked for.
    const emit = (_: string, match: string): void => { writeSync(out, `${offsetOf()}${match.slice(match.indexOf(':'))}\n`) }
    const context = { args, count: () => undefined }
    eachLine(input, share, SHARES, (value, offset) => {
      record.value = value
      offsetOf = offset
      grep.map(record, emit, context)
    })
    closeSync(out)
  },
  reduce ({ directory, share }) {
    copyFileSync(intermediate(directory, share, share), outputPart(directory, share))
  }
}
