import type { CommandContext } from '../commands/context.ts'
import { withContent } from './reading.ts'
import type { ReadingOptions } from './reading.ts'

export type CatOptions = ReadingOptions

/** `ipmr cat`: bytes to stdout, as they come. */
export async function cat (typed: string, options: CatOptions, { interrupt }: CommandContext): Promise<void> {
  await withContent(typed, options, interrupt.signal, async ({ files, entries, reading }) => {
    for await (const { cid } of entries()) {
      for await (const bytes of files.read(cid, reading)) await write(bytes)
    }
  })
}

/** Waits until the reader has taken the bytes: memory holds one block, however large the file. */
async function write (bytes: Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(bytes, error => { if (error == null) resolve(); else reject(error) })
  })
}
