import type { CommandContext } from '../commands/context.ts'
import { linesOf } from './lines.ts'
import type { Line } from './lines.ts'
import { withContent } from './reading.ts'
import type { ReadingOptions } from './reading.ts'

export interface CatOptions extends ReadingOptions { json?: boolean }

/** What `ipmr cat --json` prints of each line of a file. */
type LineReport = { path: string, offset: number } & ({ line: string } | { base64: string }) & { more?: true }

/** `ipmr cat`: bytes to stdout as they come, or their lines in JSON. Memory holds one block, however large the file. */
export async function cat (typed: string, { json = false, ...options }: CatOptions, { interrupt, print, printLines }: CommandContext): Promise<void> {
  await withContent(typed, options, interrupt.signal, async ({ files, entries, reading }) => {
    for await (const { path, cid } of entries()) {
      const content = files.read(cid, reading)
      if (json) for await (const lines of linesOf(content)) await printLines(lines.map(line => lineReport(path, line)))
      else for await (const bytes of content) await print(bytes)
    }
  })
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function lineReport (path: string, { offset, bytes, more }: Line): LineReport {
  return { path, offset, ...asText(bytes), ...more && { more } }
}

/** What is no text keeps its bytes. */
function asText (bytes: Uint8Array): { line: string } | { base64: string } {
  try {
    return { line: utf8.decode(bytes) }
  } catch {
    return { base64: Buffer.from(bytes).toString('base64') }
  }
}
