import { rm } from 'node:fs/promises'
import { readThrough } from '../inputs/cache.ts'
import { HELIA } from '../rivals/names.ts'
import { MIB } from '../size.ts'
import { OURS } from '../contender.ts'
import type { Contender } from '../contender.ts'
import type { Workload } from '../workload.ts'

export const add: Workload = {
  name: 'add',
  title: 'store a file as blocks',
  unit: 'bytes',
  sizes: [256 * MIB],
  quickSize: 32 * MIB,
  sizable: true,
  prepare: async (bench, size) => {
    const path = await bench.input({ kind: 'text', size, seed: 1 })
    await readThrough(path)
    const script = await bench.script('importers/main.ts')
    const contender = (name: string, kind: string): Contender => ({
      name,
      run: async () => {
        const directory = await bench.folder('add')
        const { stdout, footprint } = await bench.processes.run(process.execPath, [script, kind, path, directory])
        await rm(directory, { recursive: true })
        const { seconds, cid } = JSON.parse(stdout) as { seconds: number, cid: string }
        return { seconds, footprint, check: cid }
      }
    })
    return { contenders: [contender(OURS, 'ours'), contender(HELIA, 'helia')] }
  }
}
