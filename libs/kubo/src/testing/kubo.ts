import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ChildProcess } from 'node:child_process'

const run = promisify(execFile)

/** Longest start and stop of a daemon, on a busy machine. */
const START_TIMEOUT_MS = 30_000
const STOP_TIMEOUT_MS = 10_000
/** What one command may print. */
const MAX_OUTPUT_BYTES = 64 * 2 ** 20

export interface KuboOptions {
  /** Whether it listens for peers, on loopback; otherwise it is offline. */
  peers?: boolean
  /** Settings of its configuration, by path, as JSON. */
  config?: Record<string, unknown>
  /** The command line that runs another one where the daemon is to be, such as a network namespace. */
  within?: (command: string[]) => string[]
  /** The text of a swarm key: only who has it can connect. */
  swarmKey?: string
}

/** A real daemon in a repo of its own, on ports of loopback that were free. It knows no other peer, and looks for none. */
export interface Kubo {
  /** Of its RPC. */
  url: string
  repo: string
  peer: string
  /** Multiaddrs where peers reach it, with its id; none where it is offline. */
  addresses: string[]
  /** Runs `ipfs` with these arguments against the daemon, and gives what it prints. */
  ipfs: (args: string[], input?: string | Uint8Array) => Promise<string>
  /** Ends it, and removes its repo. */
  stop: () => Promise<void>
  /** Ends it at once, and leaves its repo. */
  kill: () => Promise<void>
}

/** Starts a daemon; `ipfs` is of `findIpfs`. */
export async function startKubo (ipfs: string, { peers = false, config = {}, swarmKey, within = command => command }: KuboOptions = {}): Promise<Kubo> {
  const repo = await mkdtemp(join(tmpdir(), 'ipmr-kubo-'))
  const env = { ...process.env, IPFS_PATH: repo, IPFS_TELEMETRY: 'off', LIBP2P_FORCE_PNET: '' }
  const command = async (args: string[], input?: string | Uint8Array): Promise<string> => {
    const [file = ipfs, ...rest] = within([ipfs, ...args])
    const running = run(file, rest, { env, maxBuffer: MAX_OUTPUT_BYTES })
    // A command that has ended before it read its input says why by how it ended.
    running.child.stdin?.on('error', () => {}).end(input)
    return (await running).stdout.trim()
  }
  try {
    // Loopback, free ports, no bootstrap peers and no mDNS.
    await command(['init', '--profile=test'])
    for (const [path, value] of Object.entries({ 'AutoConf.Enabled': false, 'Routing.Type': 'none', ...config })) await command(['config', '--json', path, JSON.stringify(value)])
    if (swarmKey !== undefined) await writeFile(join(repo, 'swarm.key'), swarmKey)
    const [file = ipfs, ...args] = within([ipfs, 'daemon', ...peers ? [] : ['--offline']])
    const daemon = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const ended = new Promise<void>(resolve => { daemon.once('close', () => { resolve() }) })
    const port = await started(daemon)
    const { ID, Addresses } = JSON.parse(await command(['id'])) as { ID: string, Addresses: string[] | null }
    return {
      url: `http://127.0.0.1:${port}`, repo, peer: ID, ipfs: command,
      addresses: (Addresses ?? []).filter(address => address.startsWith('/ip4/127.0.0.1/tcp/') && !address.includes('/ws')),
      stop: async () => {
        await end(daemon, ended)
        await rm(repo, { recursive: true, force: true, maxRetries: 5 })
      },
      kill: async () => {
        daemon.kill('SIGKILL')
        await ended
      }
    }
  } catch (error) {
    await rm(repo, { recursive: true, force: true })
    throw error
  }
}

/** The port of the RPC, when the daemon is ready. */
async function started (daemon: ChildProcess): Promise<string> {
  let said = ''
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const listen = (chunk: Buffer): void => {
    said += chunk.toString()
    const port = /RPC API server listening on \/ip4\/127\.0\.0\.1\/tcp\/(\d+)/.exec(said)?.[1]
    if (port !== undefined && said.includes('Daemon is ready')) resolve(port)
  }
  daemon.stdout?.on('data', listen)
  daemon.stderr?.on('data', listen)
  daemon.once('close', () => { reject(new Error(`the daemon ended before it was ready:\n${said}`)) })
  const timer = setTimeout(() => {
    daemon.kill('SIGKILL')
    reject(new Error(`the daemon was not ready within ${START_TIMEOUT_MS} ms:\n${said}`))
  }, START_TIMEOUT_MS)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
  }
}

async function end (daemon: ChildProcess, ended: Promise<void>): Promise<void> {
  daemon.kill('SIGTERM')
  const timer = setTimeout(() => { daemon.kill('SIGKILL') }, STOP_TIMEOUT_MS)
  await ended
  clearTimeout(timer)
}
