import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { runs, until } from './sandbox.spec.support.ts'

let scratchDir: string
beforeEach(() => { scratchDir = mkdtempSync(join(tmpdir(), 'orphans-')) })
afterEach(() => { rmSync(scratchDir, { recursive: true }) })

/** Starts the process that holds executors, and waits until one of them is busy. */
async function holder (...more: string[]) {
  const script = fileURLToPath(new URL('./orphans.spec.support.ts', import.meta.url))
  const parent = spawn(process.execPath, ['--conditions=@ipfs-mapreduce/source', script, scratchDir, ...more], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(parent, 'exit')
  const [line] = await Promise.race([once(parent.stdout, 'data'), ended.then(() => { throw new Error('the holder ended') })]) as [Buffer]
  return { parent, ended, pids: JSON.parse(line.toString()) as number[] }
}

describe('executors, at rest and busy for ever', () => {
  it('die with their parent when it is killed', async () => {
    const { parent, ended, pids } = await holder()
    expect(pids.map(runs)).toEqual([true, true])
    parent.kill('SIGKILL')
    await ended
    await until(() => !pids.some(runs), 'the executors to end')
  })

  it('die with their parent when it exits without a word', async () => {
    const { ended, pids } = await holder('exit')
    expect(pids).toHaveLength(2)
    await ended
    await until(() => !pids.some(runs), 'the executors to end')
  })
})
