import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ensureBundles } from './bundle.mjs'

const run = promisify(execFile)

describe('bundles', () => {
  let root
  const write = (path, content) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  const output = async (app, ...args) => (await run(process.execPath, [join(root, app, 'dist/bundle/main.mjs'), ...args])).stdout

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'ipmr-bundle-'))
    write('package-lock.json', '{}')
    write('libs/greeting/src/word.ts', 'export const word: string = "hello"\n')
    write('libs/sandbox/src/executor-main.ts', 'console.log("executor")\n')
    write('libs/sandbox/src/isolate/engine.ts', 'export function open () { return TextDecoder.name }\n')
    write('libs/sandbox/src/isolate/realm.ts', 'export function open () { return "realm" }\n')
    write('libs/sandbox/src/isolate/text-codec.ts', 'export class TextDecoder { static name = "ours" }\n')
    for (const app of ['master', 'mapper', 'reducer', 'cli']) {
      write(`apps/${app}/src/main.ts`, `import { word } from '../../../libs/greeting/src/word.ts'\nconsole.log(word, '${app}')\n`)
    }
  })
  afterAll(() => { rmSync(root, { recursive: true, force: true }) })

  it('are built when missing, then left alone', async () => {
    expect(await ensureBundles({ root, quiet: true })).toEqual(['apps/master', 'apps/mapper', 'apps/reducer', 'apps/cli'])
    expect(await output('apps/mapper')).toBe('hello mapper\n')
    expect(readdirSync(join(root, 'apps/mapper/dist/bundle')).sort()).toEqual(['engine.js', 'executor.mjs', 'executor.mjs.map', 'main.mjs', 'main.mjs.map', 'realm.js', 'sources.sha256'])
    expect(readdirSync(join(root, 'apps/master/dist/bundle'))).not.toContain('executor.mjs')
    expect(await ensureBundles({ root, quiet: true })).toEqual([])
  })

  it('have the engine beside them as one script, with the text codec that it needs', () => {
    const script = readFileSync(join(root, 'apps/cli/dist/bundle/engine.js'), 'utf8')
    expect(runInNewContext(script)()).toBe('ours')
    expect(runInNewContext(readFileSync(join(root, 'apps/cli/dist/bundle/realm.js'), 'utf8'))()).toBe('realm')
    expect(readdirSync(join(root, 'apps/master/dist/bundle'))).not.toContain('engine.js')
  })

  it('are rebuilt when a source changes, even back to an older one, but not for a test', async () => {
    write('libs/greeting/src/word.spec.ts', '')
    expect(await ensureBundles({ root, quiet: true })).toEqual([])
    write('libs/greeting/src/word.ts', 'export const word: string = "welcome"\n')
    expect(await ensureBundles({ root, apps: ['apps/cli'], quiet: true })).toEqual(['apps/cli'])
    expect(await output('apps/cli')).toBe('welcome cli\n')
    expect(await output('apps/master')).toBe('hello master\n')
    write('libs/greeting/src/word.ts', 'export const word: string = "hello"\n')
    expect(await ensureBundles({ root, quiet: true })).toEqual(['apps/cli'])
  })

  it('may be built by several processes at once', async () => {
    write('libs/greeting/src/word.ts', 'export const word: string = "hi"\n')
    const script = `import { ensureBundles } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'bundle.mjs')).href)}
      await ensureBundles({ root: ${JSON.stringify(root)}, quiet: true })`
    await Promise.all([1, 2, 3].map(() => run(process.execPath, ['--input-type=module', '--eval', script])))
    expect(await Promise.all(['apps/master', 'apps/mapper', 'apps/reducer', 'apps/cli'].map(app => output(app))))
      .toEqual(['hi master\n', 'hi mapper\n', 'hi reducer\n', 'hi cli\n'])
    expect(readdirSync(join(root, 'apps/cli/dist/bundle')).sort()).toEqual(['engine.js', 'executor.mjs', 'executor.mjs.map', 'main.mjs', 'main.mjs.map', 'realm.js', 'sources.sha256'])
  })

  it('have beside them what is loaded when it is reached, and not before', async () => {
    write('libs/observe/src/index.ts', 'console.log("loaded")\nexport const eye = "open"\n')
    write('apps/reducer/src/main.ts', "console.log('hi reducer')\nif (process.argv[2] === 'look') console.log((await import('@ipfs-mapreduce/observe')).eye)\n")
    await ensureBundles({ root, quiet: true })
    expect(readFileSync(join(root, 'apps/reducer/dist/bundle/main.mjs'), 'utf8')).not.toContain('loaded')
    expect(readdirSync(join(root, 'apps/cli/dist/bundle'))).not.toContain('observe.mjs')
    expect(await output('apps/reducer')).toBe('hi reducer\n')
    expect(await output('apps/reducer', 'look')).toBe('hi reducer\nloaded\nopen\n')
  })

  it('leaves what is there when a source cannot be read', async () => {
    write('apps/mapper/src/main.ts', 'this is not TypeScript')
    await expect(ensureBundles({ root, quiet: true })).rejects.toThrow('apps/mapper/src/main.ts:1')
    expect(await output('apps/mapper')).toBe('hi mapper\n')
  })

  it('map back to their sources', () => {
    const map = JSON.parse(readFileSync(join(root, 'apps/cli/dist/bundle/main.mjs.map'), 'utf8'))
    expect(map.sources).toContain('../../src/main.ts')
    expect(map.sources).toContain('../../../../libs/greeting/src/word.ts')
  })
})
