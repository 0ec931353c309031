import { join } from 'node:path'
import { OURS_IN_WASM } from '../contender.ts'
import { digestOfLines } from '../digest.ts'
import { readThrough } from '../inputs/cache.ts'
import { jobContender } from '../job-contender.ts'
import type { JobContenderInit } from '../job-contender.ts'
import { ROOT } from '../layout.ts'
import { assemble } from '../programs/assemble.ts'
import { WORD_COUNT } from '../programs/word-count.ts'
import { wordCounters } from '../rivals/coreutils.ts'
import { twoProcesses } from '../rivals/two-process.ts'
import { GIB, MIB } from '../size.ts'
import type { Workload } from '../workload.ts'

/** The example of a program in WebAssembly: its words are those of Latin alphabets, and the text has no others. */
const IN_WASM = join(ROOT, 'libs/sandbox/assembly/word-count.ts')

const QUICK_BYTES = 16 * MIB

export const wordCount: Workload = {
  name: 'word-count',
  title: 'count the words of a text',
  unit: 'bytes',
  sizes: [256 * MIB, GIB],
  quickSize: QUICK_BYTES,
  sizable: true,
  prepare: async (bench, size) => {
    const path = await bench.input({ kind: 'text', size, seed: 1 })
    const input = await bench.stored(path)
    await readThrough(path)
    const tools = await wordCounters(bench, path, size)
    const job: JobContenderInit = { input, job: WORD_COUNT, check: async parts => await digestOfLines(parts) }
    return {
      job,
      contenders: [
        jobContender(bench, job),
        await twoProcesses(bench, 'word-count', path),
        { ...jobContender(bench, { ...job, name: OURS_IN_WASM, job: { path: await assemble(bench, IN_WASM), name: 'word-count', format: 'raw-lines' } }), ...size <= QUICK_BYTES && { turns: 1 } },
        ...tools.contenders
      ],
      notes: tools.notes
    }
  }
}
