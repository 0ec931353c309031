import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { namespacesFault } from './namespaces.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))
const COMPILED = fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url))
const DEADLINE_MS = 180_000

interface Finished { exit: number | null, stdout: string, stderr: string }

/** The tool as a person runs it, in a temporary directory of its own. */
describe('npm run chaos', () => {
  let temp: string
  beforeAll(() => { temp = mkdtempSync(join(tmpdir(), 'ipmr-chaos-spec-')) })
  afterAll(() => { rmSync(temp, { recursive: true, force: true }) })

  /** @param until - SIGINT is sent when this has been printed */
  async function chaos (args: string[], until?: RegExp): Promise<Finished> {
    const child = spawn(process.execPath, ['--conditions=@ipfs-mapreduce/source', '--disable-warning=ExperimentalWarning', MAIN, ...args], {
      env: { PATH: process.env['PATH'], TMPDIR: temp, NODE_COMPILE_CACHE: COMPILED }, stdio: ['ignore', 'pipe', 'pipe']
    })
    const said = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said.stdout += chunk
      if (until?.test(said.stdout) === true) child.kill('SIGINT')
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => { said.stderr += chunk })
    return await new Promise(resolve => { child.once('close', exit => { resolve({ exit, ...said }) }) })
  }

  it('bears a killed master, and a worker that is cut off or killed: every output exact, nothing left behind', async () => {
    const why = await namespacesFault()
    const { exit, stdout, stderr } = await chaos(['--rounds', '3', '--seed', '32', '--only', 'kill-master,kill-worker,partition'])
    expect({ exit, stderr, stdout }).toMatchObject({ exit: 0, stderr: '' })
    expect(stdout).toContain(why === undefined ? 'each with an address on a network of its own' : `left out: partition (${why})`)
    expect(stdout).toMatch(/^3 rounds; jobs: 3 exact, 0 failed for a true reason, 0 lost$/m)
    expect(stdout).toMatch(why === undefined ? /^faults: kill-master 1, partition 1$/m : /^faults: kill-master 1, kill-worker 1$/m)
    expect(stdout).toMatch(/^ {2}kill-master +[+-]\d+\.\d s {2}\(1 job\)$/m)
    expect(stdout).toMatch(/^nothing was lost\n {2}npm run chaos -- --seed 32 --rounds 3 --only kill-worker,kill-master,partition$/m)
    expect(readdirSync(temp)).toEqual([])
  }, DEADLINE_MS)

  it('cleans up at Ctrl-C', async () => {
    const { exit, stdout } = await chaos(['--rounds', '3', '--seed', '5', '--loopback'], /all have joined/)
    expect({ exit, stdout }).toMatchObject({ exit: 130 })
    expect(readdirSync(temp)).toEqual([])
  }, DEADLINE_MS)

  it('refuses kinds that cannot be had here', async () => {
    const { exit, stderr } = await chaos(['--only', 'loss', '--loopback'])
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: 'chaos: --only loss: all processes are on loopback, as was asked\n' })
  }, DEADLINE_MS)
})
