import { join } from 'node:path'
import program from '../programs/hash-search.ts'
import { digestOfLines } from '../digest.ts'
import { readThrough } from '../inputs/cache.ts'
import { jobContender } from '../job-contender.ts'
import { ROOT } from '../layout.ts'
import { ONE_MAPPER } from '../rivals/names.ts'
import { twoProcesses } from '../rivals/two-process.ts'
import { MIB } from '../size.ts'
import type { Workload } from '../workload.ts'

export const twoMappers: Workload = {
  name: 'two-mappers',
  title: 'a job whose time is in its map function, on two mappers and on one',
  unit: 'bytes',
  sizes: [64 * MIB],
  quickSize: 2 * MIB,
  sizable: true,
  prepare: async (bench, size) => {
    const path = await bench.input({ kind: 'text', size, seed: 1 })
    const input = await bench.stored(path)
    const job = { path: join(ROOT, 'tools/benchmark/programs/hash-search.ts'), name: 'hash-search', format: program.input }
    const check = async (parts: AsyncIterable<AsyncIterable<Uint8Array>>): Promise<string> => await digestOfLines(parts)
    await readThrough(path)
    return {
      contenders: [
        jobContender(bench, { mappers: 2, input, job, check }),
        jobContender(bench, { name: ONE_MAPPER, mappers: 1, input, job, check }),
        // What the machine itself makes of a second process: the bound of what a second mapper can give.
        await twoProcesses(bench, 'hash-search', path),
        await twoProcesses(bench, 'hash-search', path, { processes: 1 })
      ]
    }
  }
}
