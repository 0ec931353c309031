import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { base32upper } from 'multiformats/bases/base32'
import { CID } from 'multiformats/cid'
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
let master: Running
let mapper: Running

beforeEach(async () => {
  bench = workbench()
  bench.write('sample.txt', text)
  cluster = services(bench, `restart-${process.pid}`)
  master = await cluster.startMaster('master')
  ;[mapper] = await Promise.all([cluster.startWorker('mapper', 'mapper'), cluster.startWorker('reducer', 'reducer')])
})

afterEach(async () => { await bench.remove() })

/** A job of some 300 * `msPerLine`, in the middle of its maps. */
async function startJob (msPerLine: number): Promise<{ running: Running, job: string }> {
  bench.write('slow.js', slowWordCount(msPerLine))
  const running = bench.start(...cluster.connected('run', 'slow.js', 'sample.txt', '--chunk-size', '1k', '--split-size', '2k', '-o', 'out'))
  const [, job = ''] = await running.says(/job (\S+) accepted/)
  await running.says(/map [1-9]\d*\/\d+ \(\d running/)
  return { running, job }
}

/** Whether a service has a block, by its data directory. */
function keeps (name: string, cid: string): boolean {
  const file = `${base32upper.encode(CID.parse(cid).multihash.bytes)}.data`
  return readdirSync(join(bench.dir, name, 'blocks'), { recursive: true, encoding: 'utf8' }).some(path => path.endsWith(file))
}

async function killMaster (): Promise<void> {
  master.child.kill('SIGKILL')
  await master.ended
}

const port = (): number => Number(cluster.master().split('/').at(-1))

describe('a job whose master is killed', () => {
  it('goes on when the master is started again, and so does its client: the result is exact', async () => {
    const { running } = await startJob(20)
    await killMaster()
    await running.says(/lost the master at \/ip4\/127\.0\.0\.1\/tcp\/\d+ \(.*\), trying again/)
    await cluster.startMaster('master', port())
    succeeded(await running.ended)
    expect(running.said().stderr).toMatch(/ipmr: the master at \S+ is back\n/)
    expect(linesOf(...bench.parts('out'))).toEqual(countWords(text))
  })

  it('is watched further when the master is started again, and it is said that it was away', async () => {
    const { running, job } = await startJob(40)
    const watched = bench.start(...cluster.connected('status', job, '--watch'))
    await watched.says(/^job \S+: running /m)
    await killMaster()
    await watched.says(/^ipmr: lost the master at \/ip4\/127\.0\.0\.1\/tcp\/\d+ \(.*\), trying again for up to 1 min 00 s$/m)
    await cluster.startMaster('master', port())
    expect(succeeded(await watched.ended)).toMatch(/: succeeded .*, result baf\w+\n$/)
    expect(watched.said().stderr).toMatch(/ipmr: the master at \S+ is back\n$/)
    succeeded(await running.ended)
  })

  it('is followed to another master of that place, which does not know it: the reason is true', async () => {
    const { running, job } = await startJob(20)
    await killMaster()
    await running.says(/lost the master at \/ip4\/127\.0\.0\.1\/tcp\/\d+ \(.*\), trying again/)
    await cluster.startMaster('another-data-directory', port())
    const { exit, stdout, stderr } = await running.ended
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' })
    expect(stderr).toMatch(new RegExp(`ipmr: the master at \\S+ no longer knows job ${job}, .*run the job again`))
    expect(stderr.match(/lost the master/g)).toHaveLength(1)
  })

  it('is left cleanly by Ctrl-C while the master is away', async () => {
    const { running, job } = await startJob(20)
    await killMaster()
    await running.says(/lost the master/)
    running.child.kill('SIGINT')
    const { exit, stdout, stderr } = await running.ended
    expect({ exit, stdout }).toEqual({ exit: 130, stdout: '' })
    expect(stderr).toContain(`job ${job} may still run: cancel it with ipmr cancel --connect ${cluster.master()} ${job}\n`)
    expect(bench.leftovers()).toEqual([])
  })

  it('is taken up by another master from the checkpoint that ipmr status showed', async () => {
    const { running, job } = await startJob(50)
    const [, checkpoint = ''] = await bench.start(...cluster.connected('status', job, '--watch', '--json')).says(/"checkpoint":"(baf\w+)"/)
    // Until it is kept elsewhere it dies with its master.
    await until('the mapper to keep it', () => keeps('mapper', checkpoint), kept => kept)
    const [provider] = await mapper.says(/\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/\w+/)
    running.child.kill('SIGKILL')
    await Promise.all([running.ended, killMaster()])
    await cluster.startMaster('another-data-directory', port())
    const resumed = await bench.ipmr(...cluster.connected('resume', checkpoint, '--provider', provider, '--output', 'resumed', '--json'))
    const report = JSON.parse(succeeded(resumed)) as { job: string, counters: Record<string, number> }
    expect(report.job).toBe(job)
    expect(report.counters['map.input.records']).toBe(text.split('\n').length)
    expect(linesOf(...bench.parts('resumed'))).toEqual(countWords(text))
  })
})

describe('ipmr resume', () => {
  it('says that a checkpoint is nowhere, in bounded time, and what is none', async () => {
    const refused = await bench.ipmr(...cluster.connected('resume', 'no-cid'))
    expect(refused).toMatchObject({ exit: 2, stdout: '', stderr: 'ipmr: no-cid is no CID of a checkpoint: ipmr status shows that of a running job\n' })
    const { exit, stdout, stderr } = await bench.ipmr(...cluster.connected('resume', ABSENT, '-q'))
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' })
    expect(stderr).toContain(ABSENT)
  })
})
