import { join } from 'node:path'
import { sortRecords as program } from '@ipfs-mapreduce/programs'
import { readThrough } from '../inputs/cache.ts'
import { jobContender } from '../job-contender.ts'
import type { JobContenderInit } from '../job-contender.ts'
import { ROOT } from '../layout.ts'
import { APART } from '../rivals/names.ts'
import { sorter } from '../rivals/coreutils.ts'
import { GIB, MIB } from '../size.ts'
import { joined, sumOfFile, sumOfSorted, sumOfSortedFile } from '../sort-check.ts'
import type { Workload } from '../workload.ts'

export const sort: Workload = {
  name: 'sort',
  title: 'sort records of 100 bytes, in total order over the parts',
  unit: 'bytes',
  sizes: [256 * MIB, GIB],
  quickSize: 16 * MIB,
  sizable: true,
  prepare: async (bench, size) => {
    const path = await bench.input({ kind: 'records', size, seed: 1 })
    const input = await bench.stored(path)
    await readThrough(path)
    const wanted = await sumOfFile(path)
    const whole = (sum: string): string => {
      if (sum !== wanted) throw new Error(`the input has ${wanted}, the output ${sum}`)
      return sum
    }
    const tools = await sorter(bench, path, async output => whole(await sumOfSortedFile(output)))
    const job: JobContenderInit = {
      input, range: true, job: { path: join(ROOT, 'libs/programs/src/sort-records.ts'), name: 'sort-records', format: program.input },
      check: async parts => whole(await sumOfSorted(joined(parts)))
    }
    return {
      job,
      contenders: [
        jobContender(bench, job),
        jobContender(bench, { ...job, name: APART, apart: true }),
        ...tools.contenders
      ],
      notes: tools.notes
    }
  }
}
