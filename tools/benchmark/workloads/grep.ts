import { join } from 'node:path'
import { grep as program } from '@ipfs-mapreduce/programs'
import { digestOfLines } from '../digest.ts'
import { readThrough } from '../inputs/cache.ts'
import { RARE_WORD } from '../inputs/text.ts'
import { jobContender } from '../job-contender.ts'
import type { JobContenderInit } from '../job-contender.ts'
import { ROOT } from '../layout.ts'
import { grepper } from '../rivals/coreutils.ts'
import { twoProcesses } from '../rivals/two-process.ts'
import { GIB, MIB } from '../size.ts'
import type { Workload } from '../workload.ts'

export const grep: Workload = {
  name: 'grep',
  title: 'find the lines of a text that have a rare word',
  unit: 'bytes',
  sizes: [GIB],
  quickSize: 32 * MIB,
  sizable: true,
  prepare: async (bench, size) => {
    const path = await bench.input({ kind: 'text', size, seed: 1 })
    const input = await bench.stored(path)
    await readThrough(path)
    const args = { pattern: RARE_WORD }
    const tools = await grepper(bench, path, RARE_WORD)
    const job: JobContenderInit = {
      input, job: { path: join(ROOT, 'libs/programs/src/grep.ts'), name: 'grep', format: program.input, args }, check: async parts => await digestOfLines(parts, withoutFile)
    }
    return {
      job,
      contenders: [
        jobContender(bench, job),
        await twoProcesses(bench, 'grep', path, { args }),
        ...tools.contenders
      ],
      notes: tools.notes
    }
  }
}

/** `file offset:line` as the others print it. */
function withoutFile (line: string): string {
  return line.slice(line.indexOf(' ') + 1)
}
