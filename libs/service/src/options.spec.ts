import { availableParallelism } from 'node:os'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { MAX_SLOTS } from '@ipfs-mapreduce/protocol'
import { PUBLIC_BOOTSTRAP, PUBLIC_ROUTERS } from '@ipfs-mapreduce/network'
import { parseOptions } from './options.ts'

const PEER = '12D3KooWGzxzKZYveHXtpG6AsrUJBcWxHBFS2HsEoGTxrMLvKXtf'
const OTHER = 'QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N'

/** Parses, and collects what is printed. */
function attempt (role: 'master' | 'mapper', argv: string[]): { exitCode: number, stderr: string, stdout: string } {
  let stderr = ''
  let stdout = ''
  const onError = jest.spyOn(process.stderr, 'write').mockImplementation(text => { stderr += String(text); return true })
  const onOut = jest.spyOn(process.stdout, 'write').mockImplementation(text => { stdout += String(text); return true })
  try {
    parseOptions(role, '1.2.3', argv)
    return { exitCode: -1, stderr, stdout }
  } catch (error) {
    return { exitCode: (error as { exitCode: number }).exitCode, stderr, stdout }
  } finally {
    onError.mockRestore()
    onOut.mockRestore()
  }
}

describe('options of a service', () => {
  const before = process.env
  beforeEach(() => {
    process.env = Object.fromEntries(Object.entries(before).filter(([name]) => !name.startsWith('IPMR_')))
  })
  afterEach(() => { process.env = before })

  it('has defaults: a local cluster on loopback', () => {
    expect(parseOptions('master', '0', [])).toMatchObject({
      listen: ['/ip4/127.0.0.1/tcp/4510'], bootstrap: [], dataDir: undefined, stores: [], maxStorageBytes: undefined, cluster: 'local', slots: 0, logLevel: 'info', mdns: true
    })
    expect(parseOptions('mapper', '0', [])).toMatchObject({ listen: ['/ip4/127.0.0.1/tcp/0'], slots: availableParallelism() })
  })

  it('takes every option, lists repeated', () => {
    expect(parseOptions('mapper', '0', [
      '--listen', '/ip4/0.0.0.0/tcp/0', '--listen=/ip6/::1/tcp/5', '--bootstrap', '/dns4/master.example/tcp/4510',
      '--swarm-key', 'swarm.key', '--allow', PEER, '--allow', OTHER, '--accept-master', PEER,
      '--data-dir', ':memory:', '--store', '/a', '--store', '/b', '--max-storage', '1.5GiB', '--ipfs-api', '/ip4/127.0.0.1/tcp/5001', '--ipfs-peer', `/ip4/10.0.0.7/tcp/4001/p2p/${PEER}`, '--cluster', 'lab-2', '--slots=3', '--program-memory', '1GiB', '--program-scratch', '64MiB',
      '--log-level', 'debug', '--log-format', 'json', '--no-mdns'
    ])).toEqual({
      listen: ['/ip4/0.0.0.0/tcp/0', '/ip6/::1/tcp/5'],
      bootstrap: ['/dns4/master.example/tcp/4510'],
      dataDir: ':memory:',
      stores: ['/a', '/b'],
      maxStorageBytes: 1.5 * 2 ** 30,
      ipfsApi: '/ip4/127.0.0.1/tcp/5001',
      pinResults: false,
      ipfsPeers: [`/ip4/10.0.0.7/tcp/4001/p2p/${PEER}`],
      routing: undefined,
      cluster: 'lab-2',
      swarmKey: 'swarm.key',
      allow: [PEER, OTHER],
      acceptMasters: [PEER],
      acceptClients: undefined,
      slots: 3,
      programs: { memoryBytes: 2 ** 30, scratchBytes: 2 ** 26 },
      logLevel: 'debug',
      logFormat: 'json',
      mdns: false,
      allowUnwalled: false,
      faults: [],
      faultSeed: undefined
    })
  })

  it('reads variables, lists with commas, and lets the command line win', () => {
    Object.assign(process.env, {
      IPMR_LISTEN: '/ip4/127.0.0.1/tcp/1, /ip4/127.0.0.1/tcp/2', IPMR_SLOTS: '7', IPMR_CLUSTER: 'lab', IPMR_NO_MDNS: '1', IPMR_DATA_DIR: '/d', IPMR_LOG_FORMAT: 'json', IPMR_BOOTSTRAP: ''
    })
    expect(parseOptions('mapper', '0', ['--slots', '2'])).toMatchObject({
      listen: ['/ip4/127.0.0.1/tcp/1', '/ip4/127.0.0.1/tcp/2'], slots: 2, cluster: 'lab', mdns: false, dataDir: '/d', logFormat: 'json', bootstrap: []
    })
  })

  it('takes IPMR_NO_MDNS=0 for what it says', () => {
    process.env['IPMR_NO_MDNS'] = '0'
    expect(parseOptions('mapper', '0', []).mdns).toBe(true)
    expect(parseOptions('mapper', '0', ['--no-mdns']).mdns).toBe(false)
  })

  it.each([
    [['--slots', '0'], '--slots'],
    [['--slots', '1.5'], '--slots'],
    [['--slots', String(MAX_SLOTS + 1)], '--slots'],
    [['--listen', '127.0.0.1:4510'], '--listen'],
    [['--listen', '/ip4/300.0.0.1/tcp/4510'], '300.0.0.1'],
    [['--bootstrap', '/ip4/10.0.0.1/tcp/99999'], '65535'],
    [['--bootstrap', '/ip4/10.0.0.1/udp/1/quic-v1'], '/ip4/192.168.1.5/tcp/4510'],
    [['--cluster', 'My Lab'], '--cluster'],
    [['--log-level', 'loud'], 'trace, debug, info'],
    [['--data-dir', ''], '--data-dir'],
    [['--max-storage', '20'], '16MiB'],
    [['--max-storage', 'much'], '20GiB'],
    [['--swarm-key', ''], '--swarm-key'],
    [['--ipfs-api', 'localhost'], 'http://127.0.0.1:5001'],
    [['--ipfs-peer', '/ip4/10.0.0.7/tcp/4001'], 'ipfs id'],
    [['--ipfs-peer', `/ip4/10.0.0.7/udp/4001/quic-v1/p2p/${PEER}`], 'TCP'],
    [['--public', '--public-router', 'delegated-ipfs.dev'], 'https://delegated-ipfs.dev'],
    [['--allow', 'me'], '12D3KooW'],
    [['--allow', `${PEER},me`], '12D3KooW'],
    [['--accept-master', PEER.slice(0, -1)], '--accept-master'],
    [['--accept-client', PEER], '--accept-client'],
    [['--sloots', '2'], '--slots'],
    [['extra'], 'too many arguments']
  ])('refuses %j in one line that says why', (argv, reason) => {
    const { exitCode, stderr } = attempt('mapper', argv)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^mapper: [^\n]+\n$/)
    expect(stderr).toContain(reason)
  })

  it('names the variable that a bad value came from', () => {
    process.env['IPMR_SLOTS'] = 'many'
    expect(attempt('mapper', []).stderr).toMatch(/^mapper: [^\n]*IPMR_SLOTS[^\n]*\n$/)
  })

  it('serves a dashboard where it is told to, to this machine unless told otherwise', () => {
    expect(parseOptions('master', '0', []).http).toBeUndefined()
    expect(parseOptions('master', '0', ['--http', '4580']).http).toEqual({ host: '127.0.0.1', port: 4580 })
    expect(parseOptions('master', '0', ['--http', '0', '--http-host', '0.0.0.0']).http).toEqual({ host: '0.0.0.0', port: 0 })
    process.env['IPMR_HTTP'] = '4581'
    expect(parseOptions('master', '0', []).http).toEqual({ host: '127.0.0.1', port: 4581 })
    for (const argv of [['--http', '65536'], ['--http', 'http'], ['--http', '1', '--http-host', 'a b']]) expect(attempt('master', argv).exitCode).toBe(1)
    delete process.env['IPMR_HTTP']
    expect(parseOptions('mapper', '0', ['--http', '4580']).http).toEqual({ host: '127.0.0.1', port: 4580 })
  })

  it('knows no slots for a master', () => {
    expect(attempt('master', ['--slots', '2']).stderr).toContain('--slots')
  })

  it('refuses a worker that joins a master elsewhere and cannot be reached from there', () => {
    const refused = attempt('mapper', ['--bootstrap', '/ip4/10.0.0.1/tcp/4510'])
    expect(refused.exitCode).toBe(2)
    expect(refused.stderr).toMatch(/^mapper: --bootstrap \/ip4\/10.0.0.1\/tcp\/4510 is another machine.* add --listen.*\n$/)
    expect(attempt('mapper', ['--bootstrap', '/ip4/127.0.0.1/tcp/4510']).exitCode).toBe(-1)
    expect(attempt('mapper', ['--bootstrap', '/ip4/10.0.0.1/tcp/4510', '--listen', '/ip4/0.0.0.0/tcp/0', '--swarm-key', 'k']).exitCode).toBe(-1)
    expect(attempt('master', ['--bootstrap', '/ip4/10.0.0.1/tcp/4510']).exitCode).toBe(-1)
  })

  it('lets unwalled programs run where that is said, and nowhere else', () => {
    expect(parseOptions('reducer', '0', ['--allow-unwalled-programs']).allowUnwalled).toBe(true)
    expect(attempt('master', ['--allow-unwalled-programs']).stderr).toContain('unknown option')
  })

  it.each([['master'], ['mapper']] as const)('refuses a %s that strangers could reach, and says how to close its door', role => {
    const listen = ['--listen', '/ip4/127.0.0.1/tcp/0', '--listen', '/ip4/0.0.0.0/tcp/4510']
    const { exitCode, stderr } = attempt(role, listen)
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(new RegExp(`^${role}: --listen /ip4/0\\.0\\.0\\.0/tcp/4510 [^\\n]*ipmr key [^\\n]*--swarm-key [^\\n]*--allow PEERID[^\\n]*\\n$`))
    expect(attempt(role, [...listen, '--swarm-key', 'swarm.key']).exitCode).toBe(-1)
    expect(attempt(role, [...listen, '--allow', PEER]).exitCode).toBe(-1)
    expect(attempt(role, [...listen, role === 'master' ? '--accept-client' : '--accept-master', PEER]).exitCode).toBe(2)
    process.env['IPMR_SWARM_KEY'] = 'swarm.key'
    expect(parseOptions(role, '0', listen)).toMatchObject({ swarmKey: 'swarm.key', allow: undefined })
  })

  it('asks the public network where it is told to, by its own peers and routers unless told others', () => {
    expect(parseOptions('mapper', '0', ['--public']).routing).toEqual({ bootstrap: PUBLIC_BOOTSTRAP, routers: PUBLIC_ROUTERS })
    const peer = `/ip4/127.0.0.1/tcp/4001/p2p/${PEER}`
    expect(parseOptions('master', '0', ['--public', '--public-peer', peer, '--public-router', 'none']).routing).toEqual({ bootstrap: [peer], routers: [] })
    expect(parseOptions('mapper', '0', ['--public', '--public-router', 'http://127.0.0.1:1', '--public-router', 'http://127.0.0.1:2']).routing).toMatchObject({ routers: ['http://127.0.0.1:1', 'http://127.0.0.1:2'] })
    Object.assign(process.env, { IPMR_PUBLIC: '1', IPMR_PIN_RESULTS: '1' })
    expect(parseOptions('master', '0', [])).toMatchObject({ routing: undefined, pinResults: false })
  })

  it.each([
    [['--pin-results'], /--pin-results .*--ipfs-api/],
    [['--public-router', 'none'], /--public-router is of --public/],
    [['--public-peer', `/ip4/127.0.0.1/tcp/1/p2p/${PEER}`], /--public-peer is of --public/],
    [['--public', '--swarm-key', 'swarm.key'], /--public .*--swarm-key.*--allow/]
  ])('refuses %j, which does not go together', (argv, reason) => {
    const { exitCode, stderr } = attempt('master', argv)
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(reason)
    expect(stderr).toMatch(/^master: [^\n]+\n$/)
  })

  it('takes faults where they are enabled', () => {
    expect(parseOptions('mapper', '0', ['--enable-fault-injection', '--faults', 'crash:execute,nth=2', '+', 'drop:gossip,p=0.1', '--faults=full:disk', '--fault-seed', '7'])).toMatchObject({
      faults: [{ kind: 'crash', target: 'execute', p: 1, nth: 2 }, { kind: 'drop', target: 'gossip', p: 0.1 }, { kind: 'full', target: 'disk', p: 1 }],
      faultSeed: 7
    })
    expect(parseOptions('mapper', '0', ['--enable-fault-injection']).faults).toEqual([])
  })

  it.each([
    [['--faults', 'crash:execute'], /--faults 'crash:execute'.*--enable-fault-injection/],
    [['--fault-seed', '7'], /--fault-seed .*--faults/],
    [['--enable-fault-injection', '--faults', 'crash:exeute'], /--faults.*character 7: .*'exeute'.*attempt, fetch, execute/],
    [['--enable-fault-injection', '--faults', 'drop:gossip', '--fault-seed', '4294967296'], /--fault-seed.*below 4294967296/]
  ])('refuses %j: harm is meant, or not done', (argv, reason) => {
    const { exitCode, stderr } = attempt('mapper', argv)
    expect(exitCode).toBeGreaterThan(0)
    expect(stderr).toMatch(reason)
    expect(stderr).toMatch(/^mapper: [^\n]+\n$/)
  })

  it('reads no faults from the environment', () => {
    Object.assign(process.env, { IPMR_FAULTS: 'crash:execute', IPMR_ENABLE_FAULT_INJECTION: '1' })
    expect(parseOptions('mapper', '0', []).faults).toEqual([])
  })

  it('prints help with examples, and the version', () => {
    const help = attempt('mapper', ['--help'])
    expect(help.exitCode).toBe(0)
    expect(help.stdout).toContain('$ npx nx serve mapper --swarm-key swarm.key --listen /ip4/0.0.0.0/tcp/4511 --bootstrap')
    expect(help.stdout).toContain('IPMR_SLOTS')
    expect(help.stdout).toContain("$ npx nx serve mapper --enable-fault-injection --faults 'crash:execute,nth=2 + delay:report,ms=500'")
    expect(attempt('master', ['--version'])).toEqual({ exitCode: 0, stdout: '1.2.3\n', stderr: '' })
  })
})
