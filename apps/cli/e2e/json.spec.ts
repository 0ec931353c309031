import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ABSENT } from './cid.ts'
import { services } from './services.ts'
import type { Services } from './services.ts'
import { slowWordCount } from './slow-program.ts'
import { sampleText } from './text.ts'
import { succeeded, workbench } from './workbench.ts'
import type { Finished, Workbench } from './workbench.ts'

const text = sampleText(300)
const bytes = Buffer.byteLength(text)
const lastLine = text.split('\n').at(-1) ?? ''
/** Nobody listens there: connections are refused. */
const NO_MASTER = ['--connect', '/ip4/127.0.0.1/tcp/9']
const CUT = ['sample.txt', '--chunk-size', '1k', '--split-size', '1k', '--detach', '-q']

let bench: Workbench
let cluster: Services
/** What has begun before its turn. */
const begun = new Map<Success, Promise<Finished>>()

/** Words after `ipmr`, without `--json`. */
interface Typed { args: () => string[] | Promise<string[]> }
/** `told` in the last line that is printed, or in all where it is one value. `early`: it waits for long, and begins first. */
interface Success extends Typed { told: unknown, lines?: true, early?: true }
interface Failure extends Typed { exit: 1 | 2, code: string }

const connected = (...args: string[]): string[] => cluster.connected(...args)
const jobOf = async (program: string): Promise<string> => succeeded(await bench.ipmr(...connected('run', program, ...CUT))).trim()
let sample: Promise<string> | undefined
/** That of the sample, which is added once. */
const cidOfSample = async (): Promise<string> => await (sample ??= bench.ipmr('add', 'sample.txt').then(added => succeeded(added).trim()))
const has = (members: object): unknown => expect.objectContaining(members)
const cid: unknown = expect.stringMatching(/^baf/)

/** Every command, and each of its modes. */
const SUCCESSES: Record<string, Success[]> = {
  init: [{ args: () => ['init', 'words'], told: has({ files: expect.arrayContaining(['program.ts']) }) }],
  run: [
    { args: () => ['run', 'word-count', 'sample.txt'], told: has({ state: 'succeeded', result: cid }) },
    { args: () => ['run', '--local', 'word-count', 'sample.txt'], told: has({ state: 'succeeded', result: cid }) },
    { args: () => ['run', '--explain', 'word-count', 'sample.txt'], told: has({ maps: expect.any(Array) }) },
    { args: () => connected('run', '--detach', 'word-count', 'sample.txt'), told: has({ job: expect.any(String), pid: expect.any(Number) }) }
  ],
  add: [{ args: () => ['add', 'sample.txt'], told: [{ path: 'sample.txt', cid, bytes }] }],
  get: [{ args: async () => ['get', await cidOfSample(), '-o', 'got.txt'], told: has({ type: 'file', files: 1, bytes }) }],
  cat: [{ args: async () => ['cat', await cidOfSample()], told: has({ path: '', offset: bytes - Buffer.byteLength(lastLine), line: lastLine }), lines: true }],
  gc: [{ args: () => ['gc', '--dry-run', '--data-dir', 'alone'], told: has({ blocks: expect.any(Number), dryRun: true }) }],
  jobs: [{ args: () => connected('jobs'), told: expect.arrayContaining([has({ job: expect.any(String) })]) }],
  status: [
    { args: () => connected('status'), told: has({ jobs: expect.any(Array), workers: expect.any(Array) }) },
    { args: async () => connected('status', await jobOf('slow.js')), told: has({ state: expect.any(String) }) },
    { args: async () => connected('status', '--watch', await jobOf('slow.js')), told: has({ state: 'succeeded' }), lines: true }
  ],
  logs: [
    { args: async () => connected('logs', await jobOf('slow.js')), told: has({ attempts: expect.any(Array) }) },
    { args: async () => connected('logs', '--follow', await jobOf('slow.js')), told: has({ state: 'succeeded', attempts: expect.any(Array) }) }
  ],
  cancel: [{ args: async () => connected('cancel', await jobOf('slower.js')), told: has({ state: 'cancelled' }) }],
  peers: [{ args: () => connected('peers'), told: expect.arrayContaining([has({ role: 'mapper' }), has({ role: 'reducer' })]) }],
  key: [
    { args: () => ['key', 'new.key'], told: has({ file: 'new.key' }) },
    { args: () => ['key', '--id'], told: has({ peer: expect.stringMatching(/^12D3/) }) }
  ],
  demo: [{ args: () => ['demo', '-q'], told: has({ state: 'succeeded', words: expect.arrayContaining([{ word: 'the', count: expect.any(Number) }]) }) }],
  completion: [{ args: () => ['completion', 'fish'], told: has({ shell: 'fish', script: expect.stringContaining('complete -c ipmr') }) }],
  resume: [{ args: async () => connected('resume', await firstCheckpoint(await jobOf('slower.js'))), told: has({ state: 'succeeded', result: cid }), early: true }]
}

async function firstCheckpoint (job: string): Promise<string> {
  const watched = bench.start(...connected('status', job, '--watch', '--json'))
  const [, checkpoint = ''] = await watched.says(/"checkpoint":"(\w+)"/)
  watched.child.kill('SIGINT')
  return checkpoint
}

const FAILURES: Record<string, Failure[]> = {
  init: [{ args: () => ['init', 'sample.txt'], exit: 2, code: 'USAGE' }],
  run: [
    { args: () => ['run', 'word-count', 'absent.txt'], exit: 2, code: 'USAGE' },
    { args: () => connected('run', 'throws.js', 'sample.txt', '--attempts', '1', '-q'), exit: 1, code: 'PROGRAM' },
    { args: () => ['run', '--local', 'throws.js', 'sample.txt'], exit: 1, code: 'PROGRAM' },
    { args: () => ['run', '--explain', 'word-count', ABSENT], exit: 1, code: 'BLOCK_UNAVAILABLE' },
    { args: () => ['run', '--detach', 'word-count', 'sample.txt', ...NO_MASTER], exit: 1, code: 'TRANSIENT' }
  ],
  add: [{ args: () => ['add', 'absent.txt'], exit: 2, code: 'USAGE' }],
  get: [{ args: () => ['get', ABSENT], exit: 1, code: 'BLOCK_UNAVAILABLE' }],
  cat: [{ args: () => ['cat', ABSENT], exit: 1, code: 'BLOCK_UNAVAILABLE' }],
  gc: [{ args: () => ['gc', 'no-cid'], exit: 2, code: 'USAGE' }],
  jobs: [{ args: () => ['jobs', ...NO_MASTER], exit: 1, code: 'UNREACHABLE' }],
  status: [
    { args: () => connected('status', 'nosuchjob'), exit: 1, code: 'BAD_INPUT' },
    { args: () => connected('status', 'nosuchjob', '--watch'), exit: 1, code: 'BAD_INPUT' }
  ],
  logs: [
    { args: () => ['logs'], exit: 2, code: 'USAGE' },
    { args: () => connected('logs', 'nosuchjob'), exit: 1, code: 'BAD_INPUT' },
    { args: () => connected('logs', '--follow', 'nosuchjob'), exit: 1, code: 'BAD_INPUT' }
  ],
  cancel: [{ args: () => connected('cancel', 'nosuchjob'), exit: 1, code: 'BAD_INPUT' }],
  resume: [{ args: () => connected('resume', 'no-cid'), exit: 2, code: 'USAGE' }],
  peers: [{ args: () => ['peers', ...NO_MASTER], exit: 1, code: 'UNREACHABLE' }],
  key: [
    { args: () => ['key', 'sample.txt'], exit: 2, code: 'USAGE' },
    { args: () => ['key', '--id', '--data-dir', 'sample.txt'], exit: 1, code: 'STORAGE' }
  ],
  demo: [{ args: () => ['demo', '-o', 'taken'], exit: 2, code: 'USAGE' }],
  completion: [{ args: () => ['completion', 'tcsh'], exit: 2, code: 'USAGE' }]
}

beforeAll(async () => {
  bench = workbench()
  bench.write('sample.txt', text)
  bench.write('slow.js', slowWordCount(5))
  bench.write('slower.js', slowWordCount(110))
  bench.write('throws.js', 'export default { input: \'lines\', map () { throw new TypeError(\'never\') }, reduce () {} }\n')
  bench.write('taken/mine.txt', 'mine')
  cluster = services(bench, `json-${process.pid}`)
  await cluster.startMaster('master')
  await Promise.all([cluster.startWorker('mapper', 'mapper', '--slots', '2'), cluster.startWorker('reducer', 'reducer')])
  for (const mode of Object.values(SUCCESSES).flat().filter(({ early }) => early)) begun.set(mode, inJson(mode))
})
afterAll(async () => { await bench.remove() })

/** Each case by its command and mode. */
const each = <T extends Typed>(cases: Record<string, T[]>): Array<[string, T]> => Object.entries(cases).flatMap(([command, modes]) =>
  modes.map((mode): [string, T] => [[command, ...mode.args.toString().match(/--(local|explain|detach|watch|follow|id)\b/g) ?? []].join(' '), mode]))

const inJson = async ({ args }: Typed): Promise<Finished> => await bench.ipmr(...await args(), '--json')

/** All of stdout as JSON, or its last line where each is. */
function parsed ({ stdout }: Finished, lines = false): unknown {
  if (!lines) return JSON.parse(stdout)
  return stdout.trimEnd().split('\n').map(line => JSON.parse(line) as unknown).at(-1)
}

describe('ipmr --json', () => {
  it('is of every command, each of which succeeds and fails below', async () => {
    const [, listed = ''] = succeeded(await bench.ipmr('--help')).split('\nCommands:\n')
    const commands = [...listed.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name).filter(name => name !== 'help').sort()
    expect(commands).toEqual(expect.arrayContaining(['demo', 'run', 'status']))
    expect([Object.keys(SUCCESSES).sort(), Object.keys(FAILURES).sort()]).toEqual([commands, commands])
  })

  it.each(each(FAILURES))('%s fails in JSON', async (_, { args, exit, code }) => {
    const failed = await inJson({ args })
    expect(parsed(failed)).toMatchObject({ error: { code, message: expect.any(String) } })
    expect(failed.exit).toBe(exit)
  })

  it('says of a failure beside it what it says without', async () => {
    const [[, { args, exit }]] = each({ status: FAILURES['status']! }) as [[string, Failure]]
    const [scripted, typed] = await Promise.all([inJson({ args }), bench.ipmr(...await args())])
    expect(typed).toMatchObject({ exit, stdout: '', stderr: scripted.stderr })
  })

  it('tells in a line of JSON what failed after others were told', async () => {
    bench.write('pair/a.txt', 'first\n')
    bench.write('pair/b.txt', 'second\n')
    const dir = ['--data-dir', 'pair-repo']
    const pair = succeeded(await bench.ipmr('add', 'pair', ...dir)).trim()
    succeeded(await bench.ipmr('add', 'pair/b.txt', '--data-dir', 'elsewhere'))
    const blocks = readdirSync(join(bench.dir, 'elsewhere'), { recursive: true, encoding: 'utf8' }).filter(path => /blocks.*[^/]{20}$/.test(path))
    for (const path of blocks) rmSync(join(bench.dir, 'pair-repo', path), { force: true })
    const { exit, stdout } = await bench.ipmr('cat', pair, '--json', ...dir)
    const [line, error, ...rest] = stdout.trimEnd().split('\n').map(line => JSON.parse(line) as unknown)
    expect({ exit, line, rest }).toEqual({ exit: 1, line: { path: 'a.txt', offset: 0, line: 'first' }, rest: [] })
    expect(error).toMatchObject({ error: { code: 'BLOCK_UNAVAILABLE' } })
  })

  it.each(each(SUCCESSES))('%s succeeds in JSON', async (_, mode) => {
    const finished = await (begun.get(mode) ?? inJson(mode))
    succeeded(finished)
    expect(parsed(finished, mode.lines)).toEqual(mode.told)
  })
})
