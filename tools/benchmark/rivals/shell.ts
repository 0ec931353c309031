import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Bench } from '../bench.ts'
import type { Contender } from '../contender.ts'

const run = promisify(execFile)

export interface ShellInit {
  name: string
  /** For `sh`: `$1` is the input, `$2` the output. */
  script: string
  input: string
  check: (output: string) => Promise<string>
  turns?: number
}

/** A pipeline of a system's own tools, in bytes (`LC_ALL=C`), its temporary files beside everyone else's. */
export function shellContender (bench: Bench, { name, script, input, check, turns }: ShellInit): Contender {
  return {
    name,
    turns,
    run: async () => {
      const directory = await bench.folder('shell')
      const output = join(directory, 'output')
      const env = { PATH: process.env['PATH'], LC_ALL: 'C', TMPDIR: directory }
      const { seconds, footprint } = await bench.processes.run('sh', ['-c', script, 'sh', input, output], { env })
      const sample = { seconds, footprint, check: await check(output) }
      await rm(directory, { recursive: true })
      return sample
    }
  }
}

/** Which of these tools are missing here, or are not GNU's where they should be. */
export async function missingTools (tools: Array<{ tool: string, gnu: boolean }>): Promise<string[]> {
  const missing: string[] = []
  for (const { tool, gnu } of tools) {
    try {
      const { stdout } = await run('sh', ['-c', gnu ? `${tool} --version` : `command -v ${tool}`])
      if (gnu && !stdout.includes('GNU')) missing.push(tool)
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error
      missing.push(tool)
    }
  }
  return missing
}
