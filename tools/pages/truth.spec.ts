import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { ensureBundles } from './bundles.ts'
import { anchorsOf, inlineCodeOf, linksOf } from './markdown.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DEADLINE_MS = 120_000
const run = promisify(execFile)

const PAGES = ['README.md', 'SECURITY.md', ...readdirSync(join(ROOT, 'docs')).filter(name => name.endsWith('.md')).map(name => `docs/${name}`)]
const page = (name: string): string => readFileSync(join(ROOT, name), 'utf8')

/** Options that are of others: Node, nx, jest and the tools, each of which says itself what it takes. */
const OF_OTHERS = /^(node|nx|npm|ssh|LAB_|IPMR_)/

describe.each(PAGES)('%s', name => {
  it('links to what is there', () => {
    const broken = linksOf(page(name)).filter(link => {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? name : join(dirname(name), path)
      return !existsSync(join(ROOT, target)) || (anchor !== undefined && !anchorsOf(page(target)).includes(anchor))
    })
    expect(broken).toEqual([])
  })
})

describe('the options that pages name', () => {
  const help = new Map<string, string>()

  beforeAll(async () => {
    await ensureBundles()
    const node = async (...args: string[]): Promise<string> => (await run(process.execPath, args, { cwd: ROOT, env: { PATH: process.env['PATH'], COLUMNS: '200' } })).stdout
    const ipmr = join(ROOT, 'apps/cli/dist/bundle/main.mjs')
    for (const role of ['master', 'mapper', 'reducer']) help.set(role, await node(join(ROOT, 'apps', role, 'dist/bundle/main.mjs'), '--help'))
    const all = await node(ipmr, '--help')
    help.set('', all)
    const commands = [...new Set([...all.matchAll(/^ {2}([a-z]+)(?= )/gm)].map(([, command = '']) => command))].filter(command => command !== 'help')
    for (const command of commands) help.set(command, await node(ipmr, 'help', command))
  }, DEADLINE_MS)

  it.each(PAGES)('%s: are those of ipmr and the services', name => {
    const unknown = inlineCodeOf(page(name)).filter(code => !OF_OTHERS.test(code)).flatMap(code => {
      const command = /^(?:npx )?ipmr (\w+)/.exec(code)?.[1]
      const known = command === undefined ? [...help.values()].join('\n') : help.get(command) ?? ''
      return [...code.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].filter(([option]) => !new RegExp(`${option}(?![\\w-])`).test(known)).map(([option]) => `${option} in ${code}`)
    })
    expect(unknown).toEqual([])
  })
})

describe('the errors that docs/OPERATORS.md explains', () => {
  /** All sources of what is run. */
  function sources (dir: string): string {
    return readdirSync(join(ROOT, dir), { recursive: true, encoding: 'utf8' }).filter(file => /\/src\/.*\.ts$/.test(file) && !/node_modules|\.spec\./.test(file))
      .map(file => readFileSync(join(ROOT, dir, file), 'utf8')).join('\n')
  }

  it('are those that are said', () => {
    const said = sources('libs') + sources('apps')
    const [, table = ''] = page('docs/OPERATORS.md').split('## When something is wrong')
    const texts = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, text = '']) => text)
    expect(texts.length).toBeGreaterThan(10)
    expect(texts.filter(text => !said.includes(text))).toEqual([])
  })
})
