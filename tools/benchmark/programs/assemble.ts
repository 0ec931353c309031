import { join } from 'node:path'
import type { Bench } from '../bench.ts'
import { ASSEMBLER } from '../layout.ts'

/** Compiles a program in AssemblyScript; returns the module's path. */
export async function assemble (bench: Bench, source: string): Promise<string> {
  const outFile = join(await bench.folder('assembly'), 'program.wasm')
  await bench.processes.run(process.execPath, [ASSEMBLER, source, '--runtime', 'stub', '-O', '--outFile', outFile])
  return outFile
}
