import { join } from 'node:path'
import { invertedIndex as program } from '@ipfs-mapreduce/programs'
import { digestOfLines } from '../digest.ts'
import { jobContender } from '../job-contender.ts'
import type { JobContenderInit } from '../job-contender.ts'
import { ROOT } from '../layout.ts'
import { twoProcesses } from '../rivals/two-process.ts'
import type { Workload } from '../workload.ts'

export const invertedIndex: Workload = {
  name: 'inverted-index',
  title: 'list the files of each word, over many small files',
  unit: 'files',
  sizes: [10_000],
  quickSize: 300,
  leastSize: 20,
  sizable: false,
  prepare: async (bench, size) => {
    const path = await bench.input({ kind: 'small-files', size, seed: 1 })
    const input = await bench.stored(path)
    const job: JobContenderInit = {
      input, job: { path: join(ROOT, 'libs/programs/src/inverted-index.ts'), name: 'inverted-index', format: program.input }, check: async parts => await digestOfLines(parts)
    }
    return {
      job,
      contenders: [
        jobContender(bench, job),
        await twoProcesses(bench, 'inverted-index', path)
      ]
    }
  }
}
