import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { JobJournal } from '@ipfs-mapreduce/mapreduce'
import { fileJournal } from './file-journal.ts'
import { parse } from './format.ts'

const CHILD = fileURLToPath(new URL('./child.spec.support.ts', import.meta.url))
const NODE = ['--conditions=@ipfs-mapreduce/source', '--disable-warning=ExperimentalWarning', CHILD]
const DEADLINE_MS = 60_000
/** Blocks of 512 or 1024 bytes, by the shell. */
const FILE_LIMIT_BLOCKS = 64

/** An entry of the child's. */
interface Numbered { i: number, padding: string }

describe('a journal whose process', () => {
  let dir: string
  beforeEach(async () => { dir = await mkdtemp(join(tmpdir(), 'ipmr-journal-')) })
  afterEach(async () => { await rm(dir, { recursive: true }) })

  /** The whole lines that a child printed; it is killed when it has printed `lines`. */
  const run = async (command: string, args: string[], lines = Infinity): Promise<{ said: string[], signal: NodeJS.Signals | null, exitCode: number | null, errors: string }> => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: '' } })
    let errors = ''
    child.stderr.on('data', (text: Buffer) => { errors += text.toString() })
    const ended = new Promise<[number | null, NodeJS.Signals | null]>(resolve => child.once('close', (...end) => { resolve(end) }))
    const said: string[] = []
    for await (const line of createInterface(child.stdout)) {
      said.push(line)
      if (said.length === lines) child.kill('SIGKILL')
    }
    const [exitCode, signal] = await ended
    return { said, signal, exitCode, errors }
  }
  const found = async (): Promise<JobJournal[]> => {
    const journal = await fileJournal({ dir })
    const jobs: JobJournal[] = []
    for await (const job of journal.load()) jobs.push(job)
    await journal.close()
    return jobs
  }
  const files = async (): Promise<string[]> => (await readdir(dir)).sort()

  it.each([[1, 'sync'], [40, 'sync'], [400, 'sync'], [4000, 'sync'], [400, 'no sync'], [4000, 'no sync']])('is killed after %i appends (%s) has all that was promised, in order, and a clean end', async (lines, sync) => {
    const { said, signal, errors } = await run(process.execPath, [...NODE, dir, 'append', sync], lines)
    expect({ signal, errors }).toEqual({ signal: 'SIGKILL', errors: '' })
    const [job] = await found()
    const entries = job!.entries as unknown as Numbered[]
    expect(entries.map(({ i }) => i)).toEqual(entries.map((_, i) => i))
    expect(entries.every(({ i, padding }) => padding.length === i % 300)).toBe(true)
    expect(Math.max(...said.map(Number))).toBeLessThan(entries.length)
    expect(said.length).toBeGreaterThanOrEqual(lines)
    expect(await files()).toEqual(['000000000001.journal'])
    expect(parse(await readFile(join(dir, '000000000001.journal')))).toMatchObject({ ending: 'whole' })
  }, DEADLINE_MS)

  it.each([[1, 'sync'], [100, 'sync'], [10, 'no sync'], [200, 'no sync']])('is killed while it replaces, %i times (%s), has one whole journal, no older than promised', async (lines, sync) => {
    const { said, signal, errors } = await run(process.execPath, [...NODE, dir, 'replace', sync], lines)
    expect({ signal, errors }).toEqual({ signal: 'SIGKILL', errors: '' })
    const jobs = await found()
    const [{ i }] = jobs[0]!.entries as unknown as [Numbered]
    expect(jobs).toEqual([{ job: 'job', entries: Array.from({ length: 7 }, () => ({ i, padding: 'x'.repeat(1500) })) }])
    expect(i).toBeGreaterThanOrEqual(Number(said.at(-1)))
    expect(await files()).toEqual(['000000000001.journal'])
  }, DEADLINE_MS)

  it('may not write more fails with STORAGE, keeps what was promised, and can be made shorter', async () => {
    const { said, exitCode, errors } = await run('sh', ['-c', `ulimit -f ${FILE_LIMIT_BLOCKS} && exec "$0" "$@"`, process.execPath, ...NODE, dir, 'fill', 'sync'])
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' })
    expect(said.length).toBeGreaterThan(10)
    expect(said).toEqual([...said.slice(0, -2).map((_, i) => String(i)), 'STORAGE', 'STORAGE'])
    expect(await files()).toEqual(['000000000001.journal', '000000000002.journal'])
    expect(await found()).toEqual([{ job: 'job', entries: ['short', 'more'] }, { job: 'other', entries: [1] }])
  }, DEADLINE_MS)
})
