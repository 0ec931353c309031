import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { blocksOf } from './markdown.ts'
import { commandsOf, sessionOf } from './session.ts'
import type { Typed } from './session.ts'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Pages that show what is seen then, and how many of their commands are typed at least. */
export const SHOWING = [['docs/METRICS.md', 1], ['docs/TUTORIAL.md', 20], ['docs/OPERATORS.md', 15], ['docs/COMPARISON.md', 5]] as const

/** All pages of the repository, but for what measurements write. */
export const PAGES = ['*.md', 'docs/*.md', 'libs/*/*.md', 'apps/*/*.md', 'tools/*/*.md'].flatMap(pattern => globSync(pattern, { cwd: ROOT })).sort()

/** Those that are neither shown nor the README: what they tell to type is for somebody in a checkout. */
export const OTHERS = PAGES.filter(name => name !== 'README.md' && !SHOWING.some(([shown]) => shown === name))

export const page = (name: string): string => readFileSync(join(ROOT, name), 'utf8')

/** All that a page tells to type in blocks of their own, without remarks. */
export function typedOn (name: string): Typed[] {
  const blocks = blocksOf(page(name))
  const typed = [...blocks.filter(({ language }) => language === 'console').flatMap(sessionOf), ...blocks.filter(({ language }) => language === 'sh').flatMap(commandsOf)]
  return typed.map(entry => ({ ...entry, command: entry.command.replace(/\s+#.*$/, '') }))
}

/** Of `ipmr`, of a service or of a tool that is installed beside them: typed on a machine. */
export const ON_MACHINES = /^npx (?:ipmr|nx serve|asc) /
