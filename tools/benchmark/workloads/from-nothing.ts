import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { digestOfFiles } from '../digest.ts'
import { IPMR } from '../layout.ts'
import { OURS } from '../contender.ts'
import type { Workload } from '../workload.ts'
import { NOVEL_BYTES } from './warm.ts'

export const fromNothing: Workload = {
  name: 'from-nothing',
  title: 'ipmr run word-count over one novel, from no process and no data to its exit',
  unit: 'bytes',
  sizes: [NOVEL_BYTES],
  quickSize: NOVEL_BYTES,
  sizable: false,
  prepare: async bench => {
    const path = await bench.input({ kind: 'text', size: NOVEL_BYTES, seed: 1 })
    return {
      contenders: [{
        name: OURS,
        run: async () => {
          const directory = await bench.folder('nothing')
          const output = join(directory, 'output')
          const { seconds, footprint } = await bench.processes.run(process.execPath, [
            IPMR, 'run', 'word-count', path, '--data-dir', join(directory, 'data'), '--output', output, '--quiet'
          ])
          const parts = (await readdir(output)).filter(name => name.startsWith('part-')).map(name => join(output, name))
          const check = await digestOfFiles(parts)
          await rm(directory, { recursive: true })
          return { seconds, footprint, check }
        }
      }]
    }
  }
}
