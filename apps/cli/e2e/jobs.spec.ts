import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { isRunning, until } from './processes.ts'
import { services } from './services.ts'
import type { Services } from './services.ts'
import { slowWordCount } from './slow-program.ts'
import { countWords, linesOf, sampleText } from './text.ts'
import { succeeded, workbench } from './workbench.ts'
import type { Workbench } from './workbench.ts'

const text = sampleText(300)
let bench: Workbench
let cluster: Services
const connected = (...args: string[]): string[] => cluster.connected(...args)
const cut = ['sample.txt', '--chunk-size', '1k', '--split-size', '1k']
const SLOW = ['run', 'slow.js', ...cut]
/** Longer than anything that is asked meanwhile, on a busy machine too: it is cancelled. */
const ENDLESS = ['run', 'endless.js', ...cut]

beforeAll(async () => {
  bench = workbench()
  bench.write('sample.txt', text)
  bench.write('slow.js', slowWordCount(12))
  bench.write('endless.js', slowWordCount(1_000))
  bench.write('throws.js', 'export default { input: \'lines\', map () { throw new TypeError(\'never\') }, reduce () {} }\n')
  cluster = services(bench, `jobs-${process.pid}`)
  await cluster.startMaster('master')
  await Promise.all([cluster.startWorker('mapper', 'mapper-1'), cluster.startWorker('mapper', 'mapper-2'), cluster.startWorker('reducer', 'reducer-1')])
})
afterAll(async () => { await bench.remove() })

describe('ipmr run --detach', () => {
  it('prints the job\'s id and ends while the job runs; its output is written in the end, and it is watched meanwhile', async () => {
    const { exit, stdout, stderr } = await bench.ipmr(...connected(...SLOW, '-o', 'left', '--detach'))
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: expect.stringMatching(/^\S+\n$/) })
    expect(stderr).toMatch(/^ipmr: process \d+ stays until the job ends: it writes the result to left then, .*\.log\n$/)
    const job = stdout.trim()
    const jobs = JSON.parse(succeeded(await bench.ipmr(...connected('jobs', '--json')))) as Array<{ job: string, state: string }>
    expect(jobs.find(found => found.job === job)?.state).toMatch(/planning|running/)
    const lines = succeeded(await bench.ipmr(...connected('status', job, '--watch', '--json'))).trim().split('\n').map(line => JSON.parse(line) as { state: string })
    expect(lines.length).toBeGreaterThan(1)
    expect(lines.at(-1)?.state).toBe('succeeded')
    await until('output', () => existsSync(join(bench.dir, 'left', '_SUCCESS')), written => written)
    expect(linesOf(...bench.parts('left'))).toEqual(countWords(text))
  })

  it('leaves no process where others hold the input, and says why it leaves one where they do not', async () => {
    const text = sampleText(90)
    bench.write('other.txt', text)
    const cid = succeeded(await bench.ipmr('add', 'other.txt', '--chunk-size', '1k')).trim()
    const detached = async (...more: string[]): Promise<{ job: string, pid: number, stays?: string, log: string }> =>
      JSON.parse(succeeded(await bench.ipmr(...connected('run', 'slow.js', cid, '--split-size', '1k', '--detach', '--json', '-q', ...more)))) as { job: string, pid: number, log: string }
    const ended = async (job: string): Promise<string> => JSON.parse(succeeded(await bench.ipmr(...connected('status', job, '--watch', '--json'))).trim().split('\n').at(-1)!).result as string
    const first = await detached()
    expect(first.stays).toBe('serves blocks of the input that no mapper holds')
    const result = await ended(first.job)
    // Its mappers have the blocks now: to who holds them, too, and to who holds nothing, it is all the same.
    for (const more of [[], ['--data-dir', 'nothing-here']]) {
      const { job, pid, stays, log } = await detached(...more)
      expect(stays).toBeUndefined()
      await until('the process has gone', () => isRunning(pid), running => !running)
      expect(bench.read(log.slice(bench.dir.length))).toContain('"state": "running"')
      expect(await ended(job)).toBe(result)
    }
    succeeded(await bench.ipmr(...connected('get', result, '-o', 'as-counted')))
    expect(linesOf(...bench.parts('as-counted'))).toEqual(countWords(text))
  })

  it('leaves the job running when the process that serves it is told to go', async () => {
    bench.write('unheld.txt', sampleText(280))
    const unheld = ENDLESS.map(word => word === 'sample.txt' ? 'unheld.txt' : word)
    const { job, pid, log } = JSON.parse(succeeded(await bench.ipmr(...connected(...unheld, '--detach', '--json')))) as { job: string, pid: number, log: string }
    process.kill(pid, 'SIGTERM')
    const said = await until('its last word', () => bench.read(log.slice(bench.dir.length)), text => text.endsWith('ipmr: interrupted\n'))
    expect(said).toContain(`job ${job} goes on at the master`)
    expect(said).toContain('"interrupted: the job goes on at the master"')
    expect(JSON.parse(succeeded(await bench.ipmr(...connected('status', job, '--json'))))).toMatchObject({ state: expect.not.stringMatching('cancelled') })
    // With the process went what it served, which may have failed the job by now: then there is nothing to cancel.
    await bench.ipmr(...connected('cancel', job))
  })

  it('is of a master that goes on, and says what the master refuses', async () => {
    const local = await bench.ipmr(...SLOW, '--detach')
    expect(local).toMatchObject({ exit: 2, stderr: 'ipmr: --detach leaves a job with a master that goes on: name it with --connect, as in --connect local\n' })
    const wrong = await bench.ipmr('run', 'word-count', 'sample.txt', '--detach', '--connect', '/ip4/127.0.0.1/tcp/9')
    expect(wrong.exit).toBe(1)
    expect(wrong.stderr).toMatch(/^ipmr: no master at \/ip4\/127\.0\.0\.1\/tcp\/9 \(connect ECONNREFUSED 127\.0\.0\.1:9\): start one with .*\n$/)
  })
})

describe('ipmr status --watch', () => {
  it('into a pipe is a line of a job when something has changed, until it has ended', async () => {
    const job = succeeded(await bench.ipmr(...connected(...SLOW, '--detach', '-q'))).trim()
    const lines = succeeded(await bench.ipmr(...connected('status', job, '--watch'))).trimEnd().split('\n')
    for (const line of lines) expect(line).toMatch(new RegExp(`^job ${job}: \\w+ [\\d.]+ s(, |$)`))
    expect(new Set(lines).size).toBe(lines.length)
    expect(lines.length).toBeGreaterThan(1)
    expect(lines.at(-1)).toMatch(/: succeeded [\d.]+ s, map (\d+)\/\1, reduce 2\/2, result baf\w+$/)
  })

  it('into a pipe is a line of all jobs and workers, until Ctrl-C', async () => {
    const watched = bench.start(...connected('status', '--watch'))
    await watched.says(/^\d+ jobs? \(.*\); 2 mappers, 1 reducer, \d of 3 slots busy/m)
    const { job } = JSON.parse(succeeded(await bench.ipmr(...connected(...ENDLESS, '--detach', '--json', '-q')))) as { job: string }
    await watched.says(new RegExp(`^\\d+ jobs \\(.*\\b1 running.*\\); 2 mappers, .*; job ${job}: running [\\d.]+ s, map `, 'm'))
    succeeded(await bench.ipmr(...connected('cancel', job)))
    // In a line after that: jobs of other tests may have been cancelled before.
    await watched.says(new RegExp(`; job ${job}: running .*\\n(.*\\n)*\\d+ jobs \\((?!.*running).*\\b[1-9] cancelled.*\\); `))
    watched.child.kill('SIGINT')
    expect(await watched.ended).toMatchObject({ exit: 0, stderr: '', stdout: expect.stringMatching(/^(\d+ jobs? .*\n){3,20}$/) })
  })
})

describe('ipmr logs', () => {
  it('tells of every attempt of a job that succeeded', async () => {
    succeeded(await bench.ipmr(...connected('run', 'word-count', 'sample.txt', '--reducers', '1')))
    const jobs = JSON.parse(succeeded(await bench.ipmr(...connected('jobs', '--json')))) as Array<{ job: string, result?: string, spec: { programName: string } }>
    const { job = '', result } = jobs.findLast(({ spec }) => spec.programName === 'word-count') ?? {}
    const log = succeeded(await bench.ipmr(...connected('logs', job)))
    expect(log).toMatch(new RegExp(`^job ${job} \\(word-count\\) succeeded\\n( +[\\d.]+ s  (map|reduce) 0#1 at …\\w{8} .*\\n){4}time: .*\\nmap: 1 of 1 task done, 1 attempt\\nreduce: 1 of 1 task done, 1 attempt\\nresult: ${result}\\n$`))
    expect(log).toMatch(/^ +[\d.]+ s {2}map 0#1 at …\w{8} begins, (fetches its blocks|its blocks are there)$/m)
    expect(log).toMatch(/^ +[\d.]+ s {2}map 0#1 at …\w{8} completed after [\d.]+ s$/m)
  })

  it('tells of a job that runs what has happened so far, and what happens from then on to who follows', async () => {
    const { job } = JSON.parse(succeeded(await bench.ipmr(...connected(...ENDLESS, '--detach', '--json')))) as { job: string }
    const follower = bench.start(...connected('logs', '-f', job))
    await follower.says(/^ +[\d.]+ s {2}map \d+#1 at …\w{8} begins, /m)
    const [, task = ''] = await follower.says(/map (\d+)#1 at …\w{8} completed after /)
    const left = bench.start(...connected('logs', '-f', job))
    await left.says(/ begins, /)
    left.child.kill('SIGINT')
    expect(await left.ended).toMatchObject({ exit: 0, stderr: '' })
    const soFar = succeeded(await bench.ipmr(...connected('logs', job)))
    expect(soFar).toMatch(new RegExp(`^job ${job} \\(endless\\) running\\n`))
    for (const what of ['begins', 'completed']) expect(soFar).toContain(what)
    expect(soFar).toContain(`map ${task}#1`)
    const { attempts } = JSON.parse(succeeded(await bench.ipmr(...connected('logs', job, '--json')))) as { attempts: Array<{ worker: string, outcome: string, endMs?: number }> }
    expect(attempts).toContainEqual(expect.objectContaining({ worker: expect.stringMatching(/^12D3/), outcome: 'completed', endMs: expect.any(Number) }))
    succeeded(await bench.ipmr(...connected('cancel', job, '--reason', 'enough is seen')))
    const followed = succeeded(await follower.ended)
    expect(followed).toMatch(/ overtaken after /)
    expect(followed).toMatch(/^cancelled: enough is seen$/m)
  })

  it('tells why a job failed, with the program\'s stack at each attempt', async () => {
    const { stdout, stderr } = await bench.ipmr(...connected('run', 'throws.js', 'sample.txt', '--attempts', '2', '--json'))
    expect(stderr).toMatch(/^ipmr: warning: map 0 failed: map threw at sample\.txt, offset 0: TypeError: never$/m)
    const { job } = JSON.parse(stdout) as { job: string }
    const log = succeeded(await bench.ipmr(...connected('logs', job)))
    expect(log).toMatch(/^ +[\d.]+ s {2}map 0#1 at …\w{8} failed after [\d.]+ s: PROGRAM .*TypeError: never\n +TypeError: never\n +at Object\.map \(program\.mjs:\d+:\d+\)$/m)
    expect(log).toMatch(/^ +[\d.]+ s {2}map 0#2 at …\w{8} begins, another try, /m)
    expect(log).toMatch(/^failed: map task 0 failed .*TypeError: never\n +TypeError: never\n +at Object\.map \(program\.mjs:\d+:\d+\)$/m)
  })
})

describe('ipmr run --explain', () => {
  it('tells splits, holders and partitions of what the master\'s mappers would do, and runs nothing', async () => {
    const before = succeeded(await bench.ipmr(...connected('jobs', '--json')))
    const cut = ['--chunk-size', '4k', '--split-size', '8k', '--reducers', '3']
    const plan = JSON.parse(succeeded(await bench.ipmr(...connected('run', 'word-count', 'sample.txt', ...cut, '--explain', '--json')))) as {
      input: { cid: string, bytes: number }, maps: Array<{ bytes: number, blocks: number, splits: Array<{ offset: number }>, holders: Array<{ holder: string, blocks: number }> }>, workers: object
    }
    const { length } = Buffer.from(text)
    expect(plan).toMatchObject({ input: { bytes: length }, workers: { mappers: 2, reducers: 1, local: false } })
    expect(plan.maps.map(({ splits }) => splits[0]?.offset)).toEqual(Array.from({ length: Math.ceil(length / 8192) }, (_, task) => task * 8192))
    for (const { blocks, holders } of plan.maps) expect(holders).toContainEqual({ holder: 'this machine', blocks })
    const ran = JSON.parse(succeeded(await bench.ipmr(...connected('run', 'word-count', 'sample.txt', ...cut, '--json', '-q')))) as { input: string, tasks: { map: { total: number } } }
    expect([plan.input.cid, plan.maps.length]).toEqual([ran.input, ran.tasks.map.total])
    const page = succeeded(await bench.ipmr(...connected('run', 'word-count', 'sample.txt', ...cut, '--explain', '-q')))
    expect(page).toContain('reduce   3 partitions, by the hash of the key: part-r-00000 … part-r-00002\n')
    expect(page).toMatch(/^ +0 +8 KiB +2 +.*this machine.* sample\.txt 0–8,192$/m)
    expect(JSON.parse(before)).toHaveLength((JSON.parse(succeeded(await bench.ipmr(...connected('jobs', '--json')))) as unknown[]).length - 1)
  })
})
