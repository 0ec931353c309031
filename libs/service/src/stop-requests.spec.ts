import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from '@jest/globals'

const FIXTURE = fileURLToPath(new URL('./fixture/stoppable.ts', import.meta.url))
const DEADLINE_MS = 30_000

interface Started {
  child: ChildProcess
  /** The next line of stdout. */
  line: () => Promise<string | undefined>
  exit: Promise<[code: number | null, signal: string | null]>
}

describe('requests to stop', () => {
  const children: ChildProcess[] = []
  afterEach(() => { for (const child of children.splice(0)) child.kill('SIGKILL') })

  function start (env: Record<string, string>, stdio: SpawnOptions['stdio']): Started {
    const child = spawn(process.execPath, [FIXTURE], { stdio, env: { ...process.env, NODE_OPTIONS: '', ...env } })
    children.push(child)
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
    const exit = once(child, 'exit') as Promise<[number | null, string | null]>
    return { child, exit, line: async () => (await lines.next()).value as string | undefined }
  }

  it.each(['SIGINT', 'SIGTERM'] as const)('drains at the first %s', async signal => {
    const { child, line } = start({}, ['ignore', 'pipe', 'inherit'])
    expect(await line()).toBe('ready')
    child.kill(signal)
    expect(await line()).toBe(`drain ${signal}`)
  }, DEADLINE_MS)

  it.each([['SIGINT', 130], ['SIGTERM', 143]] as const)('exits at the second %s with %d', async (signal, code) => {
    const { child, line, exit } = start({}, ['ignore', 'pipe', 'inherit'])
    await line()
    child.kill(signal)
    await line()
    // One that follows at once counts as the same; so go on pressing.
    const pressing = setInterval(() => child.kill(signal), 50)
    expect(await exit).toEqual([code, null])
    clearInterval(pressing)
  }, DEADLINE_MS)

  it('takes two signals at once for one', async () => {
    const { child, line, exit } = start({ IPMR_EXIT_WITH_PARENT: '1' }, ['pipe', 'pipe', 'inherit'])
    await line()
    child.kill('SIGINT')
    child.kill('SIGTERM')
    expect(await line()).toMatch(/^drain/)
    child.stdin!.end()
    expect(await line()).toBe('orphaned')
    expect(await exit).toEqual([0, null])
  }, DEADLINE_MS)

  it('notices that its parent is gone by its stdin', async () => {
    const { child, line, exit } = start({ IPMR_EXIT_WITH_PARENT: '1' }, ['pipe', 'pipe', 'inherit'])
    await line()
    child.stdin!.destroy()
    expect(await line()).toBe('orphaned')
    expect(await exit).toEqual([0, null])
  }, DEADLINE_MS)

  it('notices that its parent is gone by its channel', async () => {
    const { child, line, exit } = start({}, ['ignore', 'pipe', 'inherit', 'ipc'])
    await line()
    child.disconnect()
    expect(await line()).toBe('orphaned')
    expect(await exit).toEqual([0, null])
  }, DEADLINE_MS)

  it('does not care about stdin unless it is told to', async () => {
    const { child, line } = start({}, ['pipe', 'pipe', 'inherit'])
    await line()
    child.stdin!.end()
    child.kill('SIGINT')
    expect(await line()).toBe('drain SIGINT')
  }, DEADLINE_MS)

  it('refuses to watch a stdin that nobody holds open', async () => {
    const { child, exit } = start({ IPMR_EXIT_WITH_PARENT: '1' }, ['ignore', 'pipe', 'pipe'])
    let stderr = ''
    child.stderr!.on('data', chunk => { stderr += String(chunk) })
    expect((await exit)[0]).toBe(1)
    expect(stderr).toContain('IPMR_EXIT_WITH_PARENT')
  }, DEADLINE_MS)
})
