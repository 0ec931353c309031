import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ABSENT } from './cid.ts'
import { until } from './processes.ts'
import { slowWordCount } from './slow-program.ts'
import { countWords, linesOf, sampleText } from './text.ts'
import { launch, succeeded, workbench } from './workbench.ts'
import type { Running, Workbench } from './workbench.ts'

const APPS = fileURLToPath(new URL('../..', import.meta.url))
const CLUSTER = `e2e-${process.pid}`
const text = sampleText(300)

let bench: Workbench
let master = ''
const services: Running[] = []

/** A service as a person starts it, in a terminal of its own. */
async function serve (role: string, name: string, ...args: string[]): Promise<Running> {
  const service = launch(spawn(process.execPath, [
    join(APPS, role, 'dist', 'bundle', 'main.mjs'), '--cluster', CLUSTER, '--no-mdns', '--data-dir', join(bench.dir, name), '--slots', '1', ...args
  ].filter((arg, index, all) => role !== 'master' || (arg !== '--slots' && all[index - 1] !== '--slots')), {
    cwd: bench.dir, env: { ...bench.env, IPMR_EXIT_WITH_PARENT: '1' }, stdio: ['pipe', 'pipe', 'pipe']
  }))
  services.push(service)
  await service.says(/ ready /)
  return service
}

const worker = async (role: string, name: string): Promise<Running> => await serve(role, name, '--listen', '/ip4/127.0.0.1/tcp/0', '--bootstrap', master)
const connected = (...args: string[]): string[] => [...args, '--connect', master, '--cluster', CLUSTER]

beforeAll(async () => {
  bench = workbench()
  bench.write('sample.txt', text)
  bench.write('slow.js', slowWordCount(40))
  // Builds what is missing or stale, so that the services are there to be started.
  await bench.ipmr('--version')
  const service = await serve('master', 'master', '--listen', '/ip4/127.0.0.1/tcp/0')
  master = (await service.says(/\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/\w+/))[0]
  await Promise.all([worker('mapper', 'mapper-1'), worker('mapper', 'mapper-2'), worker('reducer', 'reducer-1'), worker('reducer', 'reducer-2')])
})

afterAll(async () => {
  for (const { child } of services) child.kill('SIGKILL')
  await Promise.all(services.map(async ({ ended }) => await ended))
  await bench.remove()
})

describe('services that run already', () => {
  it('are listed by ipmr peers', async () => {
    const peers = await until('workers', async () => (await bench.ipmr(...connected('peers', '--json'))).stdout,
      stdout => stdout !== '' && (JSON.parse(stdout) as unknown[]).length === 4)
    expect((JSON.parse(peers) as Array<{ role: string }>).map(({ role }) => role).sort()).toEqual(['mapper', 'mapper', 'reducer', 'reducer'])
  })

  it('run a job over an input that only the client has, and give it the result', async () => {
    const stdout = succeeded(await bench.ipmr(...connected('run', 'word-count', 'sample.txt', '-o', 'out')))
    expect(linesOf(bench.read('out', 'part-r-00000'), bench.read('out', 'part-r-00001'))).toEqual(countWords(text))
    const status = await bench.ipmr(...connected('status'))
    expect(status.stdout).toMatch(/word-count +succeeded/)
    expect(status.stdout).toContain(stdout.trim())
  })

  it('name the CID that nobody has, in bounded time', async () => {
    const { exit, stdout } = await bench.ipmr(...connected('run', 'word-count', ABSENT, '--json', '-q'))
    expect(exit).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ error: { message: expect.stringContaining(ABSENT) } })
  })

  it('cancel a job that is asked for by hand', async () => {
    const running = bench.start(...connected('run', 'slow.js', 'sample.txt', '--chunk-size', '1k', '--split-size', '1k'))
    const [, job = ''] = await running.says(/job (\S+) accepted/)
    const cancelled = await bench.ipmr(...connected('cancel', job, '--reason', 'enough'))
    expect(cancelled).toMatchObject({ exit: 0, stdout: `${job} cancelled\n` })
    const { exit, stderr } = await running.ended
    expect(exit).toBe(1)
    expect(stderr).toContain('enough')
  })

  it('bear the kill -9 of a mapper and of a reducer in mid-job: the result is exact', async () => {
    const running = bench.start(...connected('run', 'slow.js', 'sample.txt', '--chunk-size', '1k', '--split-size', '2k', '-o', 'survived'))
    await running.says(/map [1-9]\d*\/\d+ \(\d running/)
    services[1]?.child.kill('SIGKILL')
    services[3]?.child.kill('SIGKILL')
    succeeded(await running.ended)
    expect(linesOf(bench.read('survived', 'part-r-00000'), bench.read('survived', 'part-r-00001'))).toEqual(countWords(text))
  })

  it('that are not there are named in one line, within seconds', async () => {
    const started = Date.now()
    const { exit, stderr } = await bench.ipmr('status', '--connect', '/ip4/127.0.0.1/tcp/9')
    expect(exit).toBe(1)
    expect(stderr).toMatch(/^ipmr: no master at \/ip4\/127\.0\.0\.1\/tcp\/9 .*npx nx serve master.*\n$/)
    expect(Date.now() - started).toBeLessThan(10_000)
  })

  it('know what jobs they have', async () => {
    const { exit, stderr } = await bench.ipmr(...connected('status', 'nosuchjob'))
    expect(exit).toBe(1)
    expect(stderr).toContain('nosuchjob')
  })
})
