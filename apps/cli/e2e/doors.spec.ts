import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { services } from './services.ts'
import type { Services } from './services.ts'
import { countWords, linesOf, sampleText } from './text.ts'
import { succeeded, workbench } from './workbench.ts'
import type { Workbench } from './workbench.ts'

const text = sampleText(100)

let bench: Workbench
let cluster: Services

const run = (...args: string[]): string[] => cluster.connected('run', 'word-count', 'sample.txt', ...args)

beforeAll(async () => {
  bench = workbench()
  bench.write('sample.txt', text)
  succeeded(await bench.ipmr('key', 'swarm.key'))
  const { peer: client } = JSON.parse(succeeded(await bench.ipmr('key', '--id', '--json'))) as { peer: string }
  expect(succeeded(await bench.ipmr('key', '--id'))).toBe(`${client}\n`)
  cluster = services(bench, `doors-${process.pid}`)
  const master = await cluster.startMaster('master', 0, '--swarm-key', 'swarm.key', '--accept-client', client)
  const [, id = ''] = await master.says(/peer (\w+)/)
  await Promise.all([
    cluster.startWorker('mapper', 'mapper', '--swarm-key', 'swarm.key', '--accept-master', id),
    cluster.startWorker('reducer', 'reducer', '--swarm-key', 'swarm.key', '--accept-master', id)
  ])
})

afterAll(async () => { await bench.remove() })

describe('a cluster with a swarm key', () => {
  it('has a key that its owner alone can read, and that is not overwritten', async () => {
    expect(bench.read('swarm.key')).toMatch(/^\/key\/swarm\/psk\/1\.0\.0\/\n\/base16\/\n[0-9a-f]{64}\n$/)
    expect(statSync(join(bench.dir, 'swarm.key')).mode & 0o777).toBe(0o600)
    expect(await bench.ipmr('key', 'swarm.key')).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringMatching(/^ipmr: swarm\.key is there already.*\n$/) })
  })

  it('runs the job of a client that has it and is accepted', async () => {
    succeeded(await bench.ipmr(...run('--swarm-key', 'swarm.key', '-o', 'out')))
    expect(linesOf(...bench.parts('out'))).toEqual(countWords(text))
    const peers = JSON.parse(succeeded(await bench.ipmr(...cluster.connected('peers', '--json', '--swarm-key', 'swarm.key')))) as Array<{ role: string }>
    expect(peers.map(({ role }) => role).sort()).toEqual(['mapper', 'reducer'])
  })

  it.each([['status'], ['run', 'word-count', 'sample.txt']])('does not answer %s without the key, and within seconds', async (...command) => {
    const { exit, stdout, stderr } = await bench.ipmr(...cluster.connected(...command, ...command[0] === 'run' ? ['-q'] : []))
    expect(exit).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^ipmr: no master at [^\n]*--swarm-key[^\n]*\n$/)
  })

  it('takes no job of a client that has the key and is not accepted, and says so', async () => {
    const { exit, stderr } = await bench.ipmr(...run('--swarm-key', 'swarm.key', '--data-dir', 'other', '-q'))
    expect(exit).toBe(1)
    expect(stderr).toMatch(/^ipmr: [^\n]*takes no jobs from peer \w+; see --accept-client\n$/)
  })

  it('is not joined by a worker without the key, nor by one that accepts another master', async () => {
    const stranger = cluster.serveWorker('mapper', 'stranger', '--slots', '1')
    await stranger.says(/no master joined yet/)
    const choosy = cluster.serveWorker('mapper', 'choosy', '--slots', '1', '--swarm-key', 'swarm.key', '--accept-master', '12D3KooWGzxzKZYveHXtpG6AsrUJBcWxHBFS2HsEoGTxrMLvKXtf')
    await choosy.says(/not one of the masters that this worker accepts/)
    const peers = JSON.parse(succeeded(await bench.ipmr(...cluster.connected('peers', '--json', '--swarm-key', 'swarm.key')))) as unknown[]
    expect(peers).toHaveLength(2)
  })
})

describe('a command that reaches another machine', () => {
  it('opens no door to strangers', async () => {
    const { exit, stderr } = await bench.ipmr('run', 'word-count', 'sample.txt', '--connect', '/ip4/198.51.100.1/tcp/4510', '-q')
    expect(exit).toBe(1)
    expect(stderr).toMatch(/^ipmr: \/ip4\/0\.0\.0\.0\/tcp\/0 can be reached by strangers: [^\n]*--swarm-key[^\n]*\n$/)
  })
})
