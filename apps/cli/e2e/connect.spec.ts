import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ABSENT } from './cid.ts'
import { until } from './processes.ts'
import { services } from './services.ts'
import type { Services } from './services.ts'
import { slowWordCount } from './slow-program.ts'
import { countWords, linesOf, sampleText } from './text.ts'
import { succeeded, workbench } from './workbench.ts'
import type { Running, Workbench } from './workbench.ts'

const text = sampleText(300)

let bench: Workbench
let cluster: Services
let mapper: Running
let reducer: Running

const connected = (...args: string[]): string[] => cluster.connected(...args)

beforeAll(async () => {
  bench = workbench()
  bench.write('sample.txt', text)
  bench.write('slow.js', slowWordCount(40))
  cluster = services(bench, `e2e-${process.pid}`)
  await cluster.startMaster('master')
  ;[mapper,, reducer] = await Promise.all([
    cluster.startWorker('mapper', 'mapper-1'), cluster.startWorker('mapper', 'mapper-2'),
    cluster.startWorker('reducer', 'reducer-1'), cluster.startWorker('reducer', 'reducer-2')
  ])
})

afterAll(async () => { await bench.remove() })

describe('services that run already', () => {
  it('are listed by ipmr peers', async () => {
    const peers = await until('workers', async () => (await bench.ipmr(...connected('peers', '--json'))).stdout,
      stdout => stdout !== '' && (JSON.parse(stdout) as unknown[]).length === 4)
    expect((JSON.parse(peers) as Array<{ role: string }>).map(({ role }) => role).sort()).toEqual(['mapper', 'mapper', 'reducer', 'reducer'])
  })

  it('run a job over an input that only the client has, and give it the result', async () => {
    const stdout = succeeded(await bench.ipmr(...connected('run', 'word-count', 'sample.txt', '-o', 'out')))
    expect(linesOf(...bench.parts('out'))).toEqual(countWords(text))
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
    const running = bench.start(...connected('run', 'slow.js', 'sample.txt', '--chunk-size', '1k', '--split-size', '1k', '--priority', 'high'))
    const [, job = ''] = await running.says(/job (\S+) accepted/)
    const page = succeeded(await bench.ipmr(...connected('status', job)))
    expect(page).toMatch(/^priority +high$/m)
    const cancelled = await bench.ipmr(...connected('cancel', job, '--reason', 'enough'))
    expect(cancelled).toMatchObject({ exit: 0, stdout: `${job} cancelled\n` })
    const { exit, stderr } = await running.ended
    expect(exit).toBe(1)
    expect(stderr).toContain('enough')
  })

  it('bear the kill -9 of a mapper and of a reducer in mid-job: the result is exact', async () => {
    const running = bench.start(...connected('run', 'slow.js', 'sample.txt', '--chunk-size', '1k', '--split-size', '2k', '-o', 'survived'))
    await running.says(/map [1-9]\d*\/\d+ \(\d running/)
    mapper.child.kill('SIGKILL')
    reducer.child.kill('SIGKILL')
    succeeded(await running.ended)
    expect(linesOf(...bench.parts('survived'))).toEqual(countWords(text))
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
