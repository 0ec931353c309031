import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'

const NEWLINE = 0x0a

/** A hash of a text's lines whatever their order, with how many there are. `rewrite` makes a line what it is to be compared as. */
export async function digestOfLines (parts: AsyncIterable<AsyncIterable<Uint8Array>>, rewrite: (line: string) => string = line => line): Promise<string> {
  const texts: string[] = []
  for await (const part of parts) {
    const chunks: Uint8Array[] = []
    for await (const chunk of part) chunks.push(chunk)
    texts.push(Buffer.concat(chunks).toString('latin1'))
  }
  return linesDigest(texts.flatMap(text => text.split('\n')).filter(line => line !== '').map(rewrite))
}

/** The same of files. */
export async function digestOfFiles (paths: string[], rewrite: (line: string) => string = line => line): Promise<string> {
  const texts = await Promise.all(paths.map(async path => await readFile(path, 'latin1')))
  return linesDigest(texts.flatMap(text => text.split('\n')).filter(line => line !== '').map(rewrite))
}

function linesDigest (lines: string[]): string {
  const hash = createHash('sha256')
  for (const line of lines.sort()) hash.update(line, 'latin1').update(Uint8Array.of(NEWLINE))
  return `${lines.length} lines ${hash.digest('hex').slice(0, 16)}`
}
