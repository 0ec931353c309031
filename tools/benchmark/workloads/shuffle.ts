import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Bench } from '../bench.ts'
import { BITSWAP, RAW_STREAM } from '../rivals/names.ts'
import { GIB, MIB } from '../size.ts'
import { OURS } from '../contender.ts'
import type { Contender } from '../contender.ts'
import { touchMemory } from '../touch-memory.ts'
import type { Workload } from '../workload.ts'

const RUN_BYTES = 4 * MIB
/** Memory that is there when the clock starts, as a part of the content: what is stored, and what it passes through. */
const TOUCHED = 1.5

export const shuffle: Workload = {
  name: 'shuffle',
  title: 'move runs from a mapper to a reducer, and nothing else',
  unit: 'bytes',
  // Processes are new: with less, both sides of all contenders have just begun to be compiled.
  sizes: [GIB],
  quickSize: 32 * MIB,
  sizable: true,
  prepare: async (bench, size) => {
    const path = await bench.input({ kind: 'text', size, seed: 1 })
    const script = await bench.script('peers/main.ts')
    const contender = (name: string, kind: string): Contender => peerContender(bench, { name, kind, script, path, size })
    return { contenders: [contender(OURS, 'shuffle'), contender(RAW_STREAM, 'raw'), contender(BITSWAP, 'bitswap')] }
  }
}

/** Two new processes, connected before the clock starts. */
function peerContender (bench: Bench, { name, kind, script, path, size }: { name: string, kind: string, script: string, path: string, size: number }): Contender {
  return {
    name,
    run: async () => {
      const directory = await bench.folder(kind)
      const holder = bench.processes.start({ command: process.execPath, args: [script, kind, 'hold', join(directory, 'holder'), path, String(RUN_BYTES)], stdio: ['pipe', 'pipe', 'inherit'] })
      const offer = join(directory, 'offer.json')
      await writeFile(offer, await firstLine(holder.stdout!, name))
      await touchMemory(TOUCHED * size, directory)
      const { stdout, footprint } = await bench.processes.run(process.execPath, [script, kind, 'pull', join(directory, 'reader'), offer], { name: 'reader', beside: new Map([[holder.pid!, 'holder']]) })
      const gone = once(holder, 'exit')
      holder.stdin!.end()
      await gone
      await rm(directory, { recursive: true })
      return { seconds: (JSON.parse(stdout) as { seconds: number }).seconds, footprint }
    }
  }
}

async function firstLine (stream: NodeJS.ReadableStream, name: string): Promise<string> {
  for await (const line of createInterface({ input: stream })) return line
  throw new Error(`the holder of ${name} ended before it served its content`)
}
