import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { OURS } from './contender.ts'
import type { Results } from './results.ts'
import { TWO_PROCESSES } from './rivals/names.ts'
import { WORKLOADS } from './workloads/index.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))
/** Half of what a process costs that is started from its sources is their compilation. */
const COMPILED = fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url))
const TIMEOUT_MS = 180_000
/** One of the command line, and one on a cluster beside other programs. `npm run test:long` tries all, which takes a minute. */
const TRIED = ['add', 'word-count']

let directory: string
beforeEach(async () => { directory = await mkdtemp(join(tmpdir(), 'ipmr-bench-spec-')) })
afterEach(async () => { await rm(directory, { recursive: true }) })

/** The command with all that it leaves in a folder of the test; `onSaid` hears its progress. */
async function bench (args: string[], onSaid: (text: string, interrupt: () => void) => void = () => undefined): Promise<{ status: number | null, said: string }> {
  const child = spawn(process.execPath, ['--conditions=@ipfs-mapreduce/source', '--disable-warning=ExperimentalWarning', MAIN, ...args], {
    env: { PATH: process.env['PATH'], TMPDIR: directory, HOME: directory, NODE_COMPILE_CACHE: COMPILED }, stdio: ['ignore', 'pipe', 'pipe']
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
      onSaid(said, () => { child.kill('SIGINT') })
    })
  }
  const [status] = await once(child, 'close') as [number | null]
  return { status, said }
}

/** Processes whose command line names a folder of the test. */
async function processesLeft (): Promise<string[]> {
  if (process.platform !== 'linux') return []
  const left: string[] = []
  for (const pid of (await readdir('/proc')).filter(name => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (command.includes(directory)) left.push(command.replaceAll('\0', ' '))
  }
  return left
}

async function foldersLeft (): Promise<string[]> {
  return (await readdir(directory)).filter(name => name.startsWith('ipmr-bench-'))
}

describe('the benchmark', () => {
  it('runs workloads, their contenders with equal results, and leaves nothing', async () => {
    const json = join(directory, 'results.json')
    const { status, said } = await bench([...TRIED, '--try', '--json', json])
    expect({ status, said: status === 0 ? '' : said }).toEqual({ status: 0, said: '' })
    const { workloads } = JSON.parse(await readFile(json, 'utf8')) as Results
    expect(workloads.map(({ workload }) => workload)).toEqual(TRIED)
    for (const name of TRIED) expect(WORKLOADS.map(({ name }) => name)).toContain(name)
    for (const { contenders: [own] } of workloads) expect(own).toMatchObject({ name: OURS, seconds: { median: expect.any(Number) } })
    const [own, byHand] = workloads.find(({ workload }) => workload === 'word-count')!.contenders
    expect(byHand!.name).toBe(TWO_PROCESSES)
    expect(own!.phases!['total']).toBeLessThanOrEqual(own!.seconds.median)
    if (process.platform === 'linux') expect(own!.footprint!.peakMiB['mapper-1 executor']).toBeGreaterThan(20)
    expect(await processesLeft()).toEqual([])
    expect(await foldersLeft()).toEqual([])
    const compared = await bench(['add', '--try', '--against', json])
    expect(compared).toMatchObject({ status: 0, said: expect.stringMatching(/^ +add, 1 MiB: .* → .* times as fast/m) })
  }, TIMEOUT_MS)

  it('leaves no process and no file where it is interrupted while a cluster runs', async () => {
    let interrupted = false
    const { status, said } = await bench(['no-op'], (text, interrupt) => {
      if (interrupted || !text.includes('run 1 of')) return
      interrupted = true
      interrupt()
    })
    expect({ status, said }).toMatchObject({ status: 130 })
    expect(said).toContain('bench: interrupted')
    expect(await processesLeft()).toEqual([])
    expect(await foldersLeft()).toEqual([])
  }, TIMEOUT_MS)

  it('says which workloads there are where it does not know one', async () => {
    const { status, said } = await bench(['wordcount'])
    expect(status).toBe(2)
    expect(said).toMatch(/^bench: there is no workload wordcount: choose from .*word-count/)
  }, TIMEOUT_MS)
})
