import { rm } from 'node:fs/promises'
import type { Bench } from '../bench.ts'
import { digestOfFiles } from '../digest.ts'
import type { Contender } from '../contender.ts'
import { TWO_PROCESSES } from './names.ts'
import { outputPart, SHARES } from './two-process/job.ts'

/** The hand-written program of two processes over plain files. */
export async function twoProcesses (bench: Bench, job: string, input: string, { args = {}, rewrite }: { args?: Record<string, string>, rewrite?: (line: string) => string } = {}): Promise<Contender> {
  const script = await bench.script('rivals/two-process/main.ts')
  return {
    name: TWO_PROCESSES,
    run: async () => {
      const directory = await bench.folder('two-process')
      const { seconds, footprint } = await bench.processes.run(process.execPath, [script, job, input, directory, ...Object.entries(args).map(([name, value]) => `${name}=${value}`)])
      const check = await digestOfFiles(Array.from({ length: SHARES }, (_, partition) => outputPart(directory, partition)), rewrite)
      await rm(directory, { recursive: true })
      return { seconds, footprint, check }
    }
  }
}
