import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { SourceMap } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { sum } from '@ipfs-mapreduce/mapreduce'
import { bundleProgram, bundleSource } from './bundle-program.ts'
import { PROGRAM_API_SOURCE } from './program-api.ts'

let root: string
beforeAll(async () => { root = await mkdtemp(join(tmpdir(), 'bundle-')) })
afterAll(() => rm(root, { recursive: true }))

const PROGRAM = `import { defineProgram, sum, type Datum } from '@ipfs-mapreduce/mapreduce'
import { words } from './lib/words.ts'
import { upper } from 'shouts'
import stops from './stops.json'

interface Unused { a: Datum }

export default defineProgram<'lines', string, number>({
  input: 'lines',
  map ({ value }, emit) { for (const word of words(value)) if (!stops.includes(word)) emit(upper(word as string), 1) },
  reduce: (key, values, emit) => emit(key, sum(values))
})
`

async function write (directory: string, files: Record<string, string>): Promise<string> {
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }
  return directory
}

const PROJECT = {
  'count.ts': PROGRAM,
  'stops.json': '["the"]',
  'lib/words.ts': 'export const words = (line: string): string[] => line.match(/\\p{L}+/gu) ?? []\n',
  'node_modules/shouts/package.json': '{ "name": "shouts", "version": "1.0.0", "main": "main.js" }',
  'node_modules/shouts/main.js': 'exports.upper = word => word.toUpperCase()\n'
}

interface Loaded { default: { map: (record: { value: string }, emit: (key: string, n: number) => void) => void, reduce: (key: string, values: number[], emit: (key: string, n: number) => void) => void } }

/** Imports bundled text as a module of its own. */
async function load <T> (bundle: Uint8Array): Promise<T> {
  const path = join(root, `loaded-${Math.random()}.mjs`)
  await writeFile(path, bundle)
  return await import(path) as T
}

describe('bundleProgram', () => {
  it('makes one module of TypeScript, files, packages and the program\'s API', async () => {
    const { bundle, warnings } = await bundleProgram(join(await write(join(root, 'one'), PROJECT), 'count.ts'))
    expect(warnings).toEqual([])
    const { default: program } = await load<Loaded>(bundle)
    const pairs: unknown[] = []
    program.map({ value: 'the Öl the fire' }, (...pair) => pairs.push(pair))
    program.reduce('x', [1, 2, 3], (...pair) => pairs.push(pair))
    expect(pairs).toEqual([['ÖL', 1], ['FIRE', 1], ['x', 6]])
    expect(new TextDecoder().decode(bundle)).not.toMatch(/^import|interface|: string/m)
  })

  it('gives the same bytes wherever the program lies, and whatever lies about it', async () => {
    const { 'node_modules/shouts/package.json': manifest, 'node_modules/shouts/main.js': main, ...own } = PROJECT
    const here = await write(join(root, 'here'), PROJECT)
    const deep = await write(join(root, 'there/is/deeper'), own)
    // The package is two folders up, and a tsconfig.json beside the program says otherwise.
    await write(join(root, 'there'), { 'node_modules/shouts/package.json': manifest, 'node_modules/shouts/main.js': main })
    await write(deep, { 'tsconfig.json': '{ "compilerOptions": { "target": "es5", "useDefineForClassFields": false } }', 'package.json': '{ "type": "module" }' })
    await symlink(here, join(root, 'linked'))
    await symlink(join(here, 'count.ts'), join(root, 'link.ts'))
    const text = async (path: string) => new TextDecoder().decode((await bundleProgram(path)).bundle)
    const bundled = await text(join(here, 'count.ts'))
    expect(await text(join(deep, 'count.ts'))).toBe(bundled)
    expect(await text(join(root, 'linked', 'count.ts'))).toBe(bundled)
    expect(await text(join(root, 'link.ts'))).toBe(bundled)
    expect(bundled).not.toContain(root)
    expect(bundled).toContain('// program:count.ts')
  })

  it('says where its pieces come from, where that is asked for, and is the same bundle', async () => {
    const path = join(await write(join(root, 'mapped'), PROJECT), 'count.ts')
    const { bundle, sourceMap } = await bundleProgram(path, { sourceMap: true })
    expect(bundle).toEqual((await bundleProgram(path)).bundle)
    expect(sourceMap?.sources).toEqual(expect.arrayContaining([path, join(root, 'mapped/lib/words.ts'), join(root, 'mapped/node_modules/shouts/main.js')]))
    const lines = new TextDecoder().decode(bundle).split('\n')
    const line = lines.findIndex(text => text.includes('stops_default.includes'))
    expect(new SourceMap({ file: '', sourceRoot: '', sourcesContent: [], ...sourceMap! }).findOrigin(line + 1, lines[line]!.indexOf('for') + 1)).toMatchObject({ fileName: path, lineNumber: 10 })
  })

  it('tells two packages of one name apart', async () => {
    const directory = await write(join(root, 'two'), {
      'p.js': 'import { a } from "x"\nimport { b } from "./other/o.js"\nexport default { a, b }',
      'node_modules/x/index.js': 'exports.a = 1',
      'other/o.js': 'import { a } from "x"\nexport const b = a',
      'other/node_modules/x/index.js': 'exports.a = 2'
    })
    const { default: program } = await load<{ default: object }>((await bundleProgram(join(directory, 'p.js'))).bundle)
    expect(program).toEqual({ a: 1, b: 2 })
  })

  it.each([
    ['a module of Node', 'import { readFile } from "node:fs"\nreadFile()', 'p.ts:1:26: a program cannot import "node:fs": Node\'s modules are not there where programs run'],
    ['one without its prefix', 'const x = 1\nconst y = require("fs/promises")', 'p.ts:2:19: a program cannot import "fs/promises"'],
    ['an address', 'import x from "https://example.com/x.js"\nx()', 'p.ts:1:15: a program cannot import "https://example.com/x.js": install it as a package, or copy it beside the program'],
    ['a file that is not there', 'import x from "./x.ts"\nx()', 'p.ts:1:15: Could not resolve "./x.ts"'],
    ['what the API has not', 'import { product } from "@ipfs-mapreduce/mapreduce"\nproduct()', 'p.ts:1:10: No matching export in "api:mapreduce" for import "product"'],
    ['a syntax error', 'export default {', 'p.ts:1:17: Expected identifier but found end of file']
  ])('refuses %s, with its place', async (_, source, message) => {
    await expect(bundleSource('p.ts', source, root)).rejects.toMatchObject({
      code: 'BAD_INPUT', message: expect.stringContaining(`the program p.ts cannot be bundled: ${message}`)
    })
  })

  it('refuses a module of Node in an imported file by that file\'s name', async () => {
    const directory = await write(join(root, 'inner'), { 'p.ts': 'import "./a/b.ts"', 'a/b.ts': '\nimport "node:net"' })
    await expect(bundleProgram(join(directory, 'p.ts'))).rejects.toThrow('a/b.ts:2:8: a program cannot import "node:net"')
  })

  it('says which file it cannot read', async () => {
    await expect(bundleProgram(join(root, 'none.ts'))).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('none.ts: ENOENT') })
  })

  it('passes warnings on with their place', async () => {
    const { warnings } = await bundleSource('p.ts', 'export default { a: 1,\n a: 2 }', root)
    expect(warnings).toEqual(['p.ts:2:2: Duplicate key "a" in object literal'])
  })
})

describe('the API in a bundle', () => {
  it('sums as the library does', async () => {
    const api = await load<{ sum: typeof sum }>(new TextEncoder().encode(PROGRAM_API_SOURCE))
    expect(api.sum([1, 2.5, -7])).toBe(sum([1, 2.5, -7]))
    expect(api.sum([])).toBe(sum([]))
    for (const wrong of ['2', null, new Uint8Array(3), ['x'.repeat(100)]]) {
      const said = (which: typeof sum) => {
        try {
          return which([1, wrong])
        } catch (error) {
          return (error as Error).message
        }
      }
      expect(said(api.sum)).toBe(said(sum))
    }
  })
})
