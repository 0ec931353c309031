import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'

const MUTANTS = fileURLToPath(new URL('../simulate/mutants/main.ts', import.meta.url))

const mutants = (...args: string[]) => spawn(process.execPath, ['--conditions=@ipfs-mapreduce/source', '--disable-warning=ExperimentalWarning', MUTANTS, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })

async function ended (child: ReturnType<typeof mutants>): Promise<{ exit: unknown, stdout: string, stderr: string }> {
  const [stdout, stderr, [exit]] = await Promise.all([child.stdout.destroyed ? '' : text(child.stdout), text(child.stderr), once(child, 'close')])
  return { exit, stdout, stderr }
}

describe('a command', () => {
  it('prints its help on stdout', async () => {
    expect(await ended(mutants('--help'))).toEqual({ exit: 0, stdout: expect.stringMatching(/^npm run mutants/), stderr: '' })
  })

  it('that is used otherwise says what is wrong and how it is used, on stderr', async () => {
    expect(await ended(mutants('--seeds', '-1'))).toEqual({ exit: 2, stdout: '', stderr: expect.stringMatching(/^--seeds must be a whole number from 1, not -1\n\nnpm run mutants/) })
  })

  it('ends quietly when its reader has gone', async () => {
    const child = mutants('--help')
    child.stdout.destroy()
    expect(await ended(child)).toEqual({ exit: 0, stdout: '', stderr: '' })
  })
})
