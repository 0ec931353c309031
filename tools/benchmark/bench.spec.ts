import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Results } from './results.ts'
import { TWO_PROCESSES } from './rivals/names.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))
const TIMEOUT_MS = 120_000

let directory: string
beforeEach(async () => { directory = await mkdtemp(join(tmpdir(), 'ipmr-bench-spec-')) })
afterEach(async () => { await rm(directory, { recursive: true }) })

/** The command with all that it leaves in a folder of the test; `onSaid` hears its progress. */
async function bench (args: string[], onSaid: (text: string, interrupt: () => void) => void = () => undefined): Promise<{ status: number | null, said: string }> {
  const child = spawn(process.execPath, ['--conditions=@ipfs-mapreduce/source', '--disable-warning=ExperimentalWarning', MAIN, ...args], {
    env: { PATH: process.env['PATH'], TMPDIR: directory, HOME: directory }, stdio: ['ignore', 'pipe', 'pipe']
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
  it('counts words on a cluster and by hand with equal results, and leaves nothing', async () => {
    const json = join(directory, 'results.json')
    const { status, said } = await bench(['word-count', '--size', '1MiB', '--runs', '1', '--json', json])
    expect({ status, said }).toMatchObject({ status: 0 })
    const { workloads: [result] } = JSON.parse(await readFile(json, 'utf8')) as Results
    const [own, byHand] = result!.contenders
    expect([own!.name, byHand!.name]).toEqual(['cluster', TWO_PROCESSES])
    expect(own!.seconds.median).toBeGreaterThan(0)
    expect(own!.phases!['total']).toBeLessThanOrEqual(own!.seconds.median)
    if (process.platform === 'linux') expect(own!.footprint!.peakMiB['mapper-1 executor']).toBeGreaterThan(20)
    expect(await processesLeft()).toEqual([])
    expect(await foldersLeft()).toEqual([])
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
