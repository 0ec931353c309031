import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const MAIN = join(ROOT, 'apps/mapper/dist/bundle/main.mjs')
const DEADLINE_MS = 30_000

interface Service {
  child: ChildProcess
  /** Resolves with the first line of stdout that matches, rejects when the process ends first. */
  until: (pattern: RegExp) => Promise<string>
  /** The same for stderr. */
  logged: (pattern: RegExp) => Promise<string>
  exit: Promise<{ code: number | null, stderr: string }>
}

describe('the mapper service', () => {
  let home: string
  const children: ChildProcess[] = []
  beforeAll(async () => {
    await promisify(execFile)(process.execPath, [join(ROOT, 'tools/build/bundle.mjs'), 'apps/mapper'], { cwd: ROOT })
    home = mkdtempSync(join(tmpdir(), 'ipmr-mapper-'))
  }, DEADLINE_MS)
  afterEach(() => { for (const child of children.splice(0)) child.kill('SIGKILL') })
  afterAll(() => { rmSync(home, { recursive: true, force: true }) })

  /** Starts a mapper of a cluster of its own. */
  function start (args: string[] = [], env: Record<string, string> = {}): Service {
    const child = spawn(process.execPath, [MAIN, '--no-mdns', '--cluster', 'mapper-spec', '--slots', '2', '--log-format', 'json', ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: home, TMPDIR: tmpdir(), ...env }
    })
    children.push(child)
    const seen = { stdout: '', stderr: '' }
    const reader = (name: 'stdout' | 'stderr') => {
      const lines = createInterface({ input: child[name]! })
      lines.on('line', line => { seen[name] += `${line}\n` })
      return (pattern: RegExp): Promise<string> => new Promise((resolve, reject) => {
        const find = (): boolean => {
          const found = seen[name].split('\n').find(line => pattern.test(line))
          if (found !== undefined) resolve(found)
          return found !== undefined
        }
        if (find()) return
        lines.on('line', find)
        child.once('close', () => { if (!find()) reject(new Error(`${name} ended without ${String(pattern)}:\n${seen.stdout}${seen.stderr}`)) })
      })
    }
    const exit = once(child, 'close').then(([code]) => ({ code: code as number | null, stderr: seen.stderr }))
    return { child, exit, until: reader('stdout'), logged: reader('stderr') }
  }

  it('says in one line that it is ready, leaves at Ctrl-C, and comes back as the same peer', async () => {
    const dataDir = join(home, 'kept')
    const first = start(['--data-dir', dataDir])
    const line = await first.until(/./)
    expect(line).toMatch(/^mapper ready {2}peer (\w+) {2}slots 2 {2}cluster mapper-spec {2}listening \/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/\1$/)
    first.child.kill('SIGINT')
    await first.logged(/"leaving"/)
    expect((await first.exit).code).toBe(0)
    expect(readdirSync(dataDir).sort()).toEqual(['blocks', 'datastore'])

    const second = start(['--data-dir', dataDir])
    expect(/peer (\w+)/.exec(await second.until(/ready/))?.[1]).toBe(/peer (\w+)/.exec(line)?.[1])
    second.child.kill('SIGTERM')
    expect((await second.exit).code).toBe(0)
  }, DEADLINE_MS)

  it('finds a data directory beside that of another mapper, and refuses to share a chosen one', async () => {
    const services = [start(), start()]
    await Promise.all(services.map(service => service.until(/ready/)))
    expect(readdirSync(join(home, '.ipmr/mapper-spec')).sort()).toEqual(['mapper', 'mapper-2'])

    const third = await start(['--data-dir', join(home, '.ipmr/mapper-spec/mapper')]).exit
    expect(third.code).toBe(1)
    expect(third.stderr).toMatch(/^mapper: cannot start: [^\n]*in use[^\n]*--data-dir[^\n]*\n$/)
    for (const { child } of services) child.kill('SIGINT')
    expect(await Promise.all(services.map(async ({ exit }) => (await exit).code))).toEqual([0, 0])
  }, DEADLINE_MS)

  it('stops when its stdin closes, if it was started so', async () => {
    const service = start(['--data-dir', ':memory:'], { IPMR_EXIT_WITH_PARENT: '1' })
    await service.until(/ready/)
    service.child.stdin!.end()
    expect((await service.exit).code).toBe(0)
  }, DEADLINE_MS)

  it('keeps nothing in memory, on disk', async () => {
    const empty = join(home, 'empty')
    const service = start(['--data-dir', ':memory:'], { HOME: empty })
    await service.until(/ready/)
    service.child.kill('SIGINT')
    await service.exit
    expect(existsSync(empty)).toBe(false)
  }, DEADLINE_MS)

  it('says in one line that it cannot listen', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const { code, stderr } = await start(['--data-dir', ':memory:', '--listen', `/ip4/127.0.0.1/tcp/${port}`]).exit
    taken.close()
    expect(code).toBe(1)
    expect(stderr).toMatch(new RegExp(`^mapper: cannot start: [^\\n]*${port}[^\\n]*\\n$`))
  }, DEADLINE_MS)

  it('says in one line that its port for HTTP is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const { code, stderr } = await start(['--data-dir', ':memory:', '--http', String(port)]).exit
    taken.close()
    expect(code).toBe(1)
    expect(stderr).toMatch(new RegExp(`^mapper: cannot start: --http [^\\n]*${port}[^\\n]*\\n$`))
  }, DEADLINE_MS)

  it('refuses bad usage in one line', async () => {
    const { code, stderr } = await start(['--slots', 'many']).exit
    expect(code).toBe(2)
    expect(stderr).toMatch(/^mapper: [^\n]*--slots[^\n]*\n$/)
  }, DEADLINE_MS)

  it('warns when it listens beyond this machine, and says who may come in', async () => {
    const key = join(home, 'swarm.key')
    writeFileSync(key, `/key/swarm/psk/1.0.0/\n/base16/\n${'0f'.repeat(32)}\n`)
    const service = start(['--data-dir', ':memory:', '--listen', '/ip4/0.0.0.0/tcp/0', '--swarm-key', key])
    const warning = await service.logged(/beyond this machine/)
    expect(warning).toContain('mapper-spec')
    expect(warning).toContain('whoever has the swarm key')
    await service.until(/ready/)
    service.child.kill('SIGINT')
    expect((await service.exit).code).toBe(0)
  }, DEADLINE_MS)

  it('does not listen beyond this machine where strangers could come in', async () => {
    const { code, stderr } = await start(['--data-dir', ':memory:', '--listen', '/ip4/0.0.0.0/tcp/0']).exit
    expect(code).toBe(2)
    expect(stderr).toMatch(/^mapper: --listen [^\n]*--swarm-key[^\n]*\n$/)
  }, DEADLINE_MS)

  it('says in one line that its swarm key is none', async () => {
    const { code, stderr } = await start(['--data-dir', ':memory:', '--swarm-key', join(home, 'missing.key')]).exit
    expect(code).toBe(1)
    expect(stderr).toMatch(/^mapper: cannot start: [^\n]*missing\.key[^\n]*ipmr key[^\n]*\n$/)
  }, DEADLINE_MS)
})
