import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { main as asc } from 'assemblyscript/asc'
import { sampleText } from './text.ts'
import { APPS, succeeded, workbench } from './workbench.ts'
import type { Workbench } from './workbench.ts'

let bench: Workbench
const OWN = `
import { defineProgram, sum } from '@ipfs-mapreduce/mapreduce'
import { check } from './check.ts'

interface NotInTheBundle { word: string }

export default defineProgram<'lines', string, number>({
  input: 'lines',
  map ({ value }, emit) {
    console.log('at', value)
    emit(check(value), 1)
  },
  reduce: (word, counts, emit) => emit(word, sum(counts))
})
`
const CHECK = `
/** A comment that the bundle drops,
 *  and with it these lines. */
export function check (value: string): string {
  if (value === 'bad') throw new TypeError('cannot stand ' + value)
  return value
}
`

beforeAll(async () => {
  bench = workbench()
  bench.write('own.ts', OWN)
  bench.write('check.ts', CHECK)
  bench.write('good.txt', 'good\nfine\ngood\n')
  bench.write('bad.txt', 'good\nbad\n')
  const { error, stderr } = await asc([join(APPS, '../libs/sandbox/assembly/word-count.ts'), '--runtime', 'stub', '-O', '--outFile', join(bench.dir, 'word-count.wasm')])
  if (error !== null) throw new Error(stderr.toString())
})
afterAll(async () => { await bench.remove() })

describe('ipmr run --local', () => {
  it('prints the output of the program alone, in one process; what the program prints goes to stderr', async () => {
    const { exit, stdout, stderr } = await bench.ipmr('run', '--local', 'own.ts', 'good.txt', '--reducers', '1')
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: 'fine 1\ngood 2\n' })
    expect(stderr).toMatch(/^at good\nat fine\nat good\nipmr: 3 records, 2 keys, .* s\n$/)
  })

  it.each([
    ['word-count', ['--chunk-size', '1k', '--reducers', '3']],
    ['sort', ['--reducers', '2']],
    ['word-count.wasm', ['--reducers', '2']]
  ])('%s gives the CID that a cluster gives, and writes the same files', async (program, options) => {
    bench.write('sample.txt', sampleText(500))
    const here = JSON.parse(succeeded(await bench.ipmr('run', '--local', program, 'sample.txt', ...options, '--json', '-o', `${program}-here`))) as { result: string }
    expect(succeeded(await bench.ipmr('run', program, 'sample.txt', ...options, '-o', `${program}-there`))).toBe(`${here.result}\n`)
    expect(bench.parts(`${program}-here`)).toEqual(bench.parts(`${program}-there`))
  })

  it('refuses a WebAssembly module that is no program', async () => {
    const path = bench.write('empty.wasm', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))
    const { exit, stderr } = await bench.ipmr('run', '--local', 'empty.wasm', 'good.txt')
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: `ipmr: ${path}: the program cannot be loaded: it exports no memory\n` })
  })

  it.each([['here', ['--local']], ['on a cluster', ['--attempts', '1']]])('a throw %s is shown in lines of the program\'s sources', async (_, options) => {
    const { exit, stdout, stderr } = await bench.ipmr('run', 'own.ts', 'bad.txt', ...options)
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' })
    expect(stderr).toMatch(/^ipmr: .*map threw at bad\.txt, offset 5: TypeError: cannot stand bad$/m)
    expect(stderr).toMatch(/\n +TypeError: cannot stand bad\n +at check \(check\.ts:5:\d+\)\n +at Object\.map \(own\.ts:11:\d+\)\nipmr: mend/)
  })

  it('passes over records that throw, where it may, and refuses what is not synchronous', async () => {
    expect(succeeded(await bench.ipmr('run', '--local', 'own.ts', 'bad.txt', '-q', '--skip-bad-records', '1'))).toBe('good 1\n')
    bench.write('later.js', 'export default { input: \'lines\', async map () {}, reduce () {} }\n')
    expect((await bench.ipmr('run', '--local', 'later.js', 'good.txt')).stderr).toContain('map must not be async')
  })

  it('can be debugged: the inspector knows the sources', async () => {
    const running = bench.launch(['--inspect=127.0.0.1:0', join(APPS, 'cli', 'bin', 'ipmr.mjs'), 'run', '--local', 'own.ts', 'good.txt'])
    await running.says(/Debugger listening on ws:/)
    expect(succeeded(await running.ended)).toContain('good 2\n')
  })

  it('ends at once by Ctrl-C though the program computes without end', async () => {
    bench.write('endless.js', 'export default { input: \'lines\', map () { console.log(\'begun\'); for (;;); }, reduce () {} }\n')
    const running = bench.start('run', '--local', 'endless.js', 'good.txt')
    await running.says(/begun/)
    running.child.kill('SIGINT')
    expect(await running.ended).toMatchObject({ exit: null, signal: 'SIGINT' })
    expect(bench.leftovers()).toEqual([])
  })

  it('is not for what is of a cluster', async () => {
    const { exit, stderr } = await bench.ipmr('run', '--local', 'own.ts', 'good.txt', '--connect', 'local')
    expect(exit).toBe(2)
    expect(stderr).toBe('ipmr: --connect is of a cluster, and --local runs in this process: leave one of the two out\n')
  })
})
