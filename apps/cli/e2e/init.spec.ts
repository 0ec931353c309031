import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { APPS, succeeded, workbench } from './workbench.ts'
import type { Workbench } from './workbench.ts'

const run = promisify(execFile)
const ROOT = join(APPS, '..')
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')

let bench: Workbench
beforeAll(async () => {
  bench = workbench()
  succeeded(await bench.ipmr('init', 'words'))
})
afterAll(async () => { await bench.remove() })

/** What a person runs in the project; rejects with what was said where it fails. */
async function inProject (...args: string[]): Promise<string> {
  const env = { ...process.env, NODE_OPTIONS: '' }
  const { stdout } = await run(process.execPath, args, { cwd: join(bench.dir, 'words'), env }).catch((error: Error & { stdout?: string, stderr?: string }) => {
    throw new Error(`${error.stdout ?? ''}${error.stderr ?? ''}`, { cause: error })
  })
  return stdout
}

describe('ipmr init', () => {
  it('writes a program whose test passes', async () => {
    expect(await inProject('--test', '--test-reporter=tap')).toMatch(/^# pass 2$[^]*^# fail 0$/m)
  })

  it('writes types that an editor finds without anything being installed, and that are the library\'s', async () => {
    await inProject(TSC, '-p', '.')
    bench.write('words/same.ts', `
import type * as lib from '${ROOT}/libs/mapreduce/src/index.ts'
import type * as api from '@ipfs-mapreduce/mapreduce'

type Functions = 'defineProgram' | 'checkProgram' | 'sum' | 'sequential'
export const declared = (library: typeof lib): Pick<typeof api, Functions> => library
export const given = (program: api.Program, options: api.SequentialOptions, result: lib.SequentialResult): [lib.Program, lib.SequentialOptions, api.SequentialResult] => [program, options, result]
// @ts-expect-error a value of a text is a string
export const wrong: api.RecordValue<'lines'> = 1
`)
    await inProject(TSC, '-p', '.', '--skipLibCheck')
  })

  it('has types for what else there is in a program, beside those of Node or a browser where somebody adds them', async () => {
    bench.write('words/logging.ts', `
import { defineProgram } from '@ipfs-mapreduce/mapreduce'

export default defineProgram({
  input: 'lines',
  map ({ value }, emit) {
    console.log('line', value)
    emit(value.length, 1)
  },
  reduce: (length, counts, emit) => emit(length, [...counts].length)
})
`)
    await inProject(TSC, '-p', '.')
    await inProject(TSC, '-p', '.', '--lib', 'es2024,dom', '--types', 'node', '--typeRoots', join(ROOT, 'node_modules', '@types'))
    const { stdout, stderr } = await bench.ipmr('run', '--local', 'words/logging.ts', 'words/sample.txt', '--reducers', '1')
    expect(stdout).toMatch(/^37 1\n/)
    expect(stderr).toContain('line Call me Ishmael.')
  })

  it('writes a program that runs on its sample', async () => {
    const stdout = succeeded(await bench.ipmr('run', '--local', 'words/program.ts', 'words/sample.txt', '--arg', 'least=8', '--reducers', '1', '-q'))
    expect(stdout).toBe('interest 1\nparticular 1\nprecisely 1\n')
  })

  it('writes over nothing, and then writes nothing', async () => {
    bench.write('mine/tsconfig.json', 'precious')
    const { exit, stdout, stderr } = await bench.ipmr('init', 'mine')
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' })
    expect(stderr).toBe('ipmr: will not write over tsconfig.json in mine: name another directory, or move them away\n')
    expect(readdirSync(join(bench.dir, 'mine'))).toEqual(['tsconfig.json'])
    expect((await bench.ipmr('init', 'words')).exit).toBe(2)
    expect((await bench.ipmr('init', 'mine/tsconfig.json')).stderr).toContain('is a file')
  })

  it('tells a script what it wrote', async () => {
    const { files } = JSON.parse(succeeded(await bench.ipmr('init', 'told', '--json'))) as { files: string[] }
    expect(files).toContain('program.ts')
    for (const file of files) expect(bench.read('told', file)).not.toBe('')
  })
})
