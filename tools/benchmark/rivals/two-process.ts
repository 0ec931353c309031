import { rm } from 'node:fs/promises'
import type { Bench } from '../bench.ts'
import { digestOfFiles } from '../digest.ts'
import type { Contender } from '../contender.ts'
import { ONE_PROCESS, TWO_PROCESSES } from './names.ts'
import { outputPart, SHARES } from './two-process/job.ts'

interface PlainInit {
  args?: Record<string, string>
  rewrite?: (line: string) => string
  /** One, to see what the second one gives. */
  processes?: number
}

/** The hand-written program of two processes over plain files. */
export async function twoProcesses (bench: Bench, job: string, input: string, { args = {}, rewrite, processes = SHARES }: PlainInit = {}): Promise<Contender> {
  const script = await bench.script('rivals/two-process/main.ts')
  const env = { ...process.env, SHARES: String(processes) }
  return {
    name: processes === SHARES ? TWO_PROCESSES : ONE_PROCESS,
    run: async () => {
      const directory = await bench.folder('two-process')
      const { seconds, footprint } = await bench.processes.run(process.execPath, [script, job, input, directory, ...Object.entries(args).map(([name, value]) => `${name}=${value}`)], { env })
      const check = await digestOfFiles(Array.from({ length: processes }, (_, partition) => outputPart(directory, partition)), rewrite)
      await rm(directory, { recursive: true })
      return { seconds, footprint, check }
    }
  }
}
