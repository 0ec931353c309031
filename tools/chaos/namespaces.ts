import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Link } from './link.ts'
import { Wire } from './wire.ts'
import type { WirePlace } from './wire.ts'

const run = promisify(execFile)

/** Networks of a run: 198.18.N.0 below the wire, 198.19.N.0 on it; the range that RFC 2544 gives to tests of networks. */
const NETWORKS = 254
/** Places in an underlay /24 of /30 subnets. */
const MAX_PLACES = 62
/** Its UDP port counts from here, so that each network of the machine has one of its own. */
const FIRST_PORT = 21_000
/** Of the wire; VXLAN's own headers take 50 of the 1500 bytes below. */
const MTU_BYTES = 1_400
const NAME = /^ipmr-(\d+)-/

/** A network namespace with an address of its own. */
export interface Place {
  address: string
  /** The command line that runs another one there, as the same process. */
  within: (command: string[]) => string[]
  /** The state of its line from now on; `{}` is clear. */
  setLine: (line: { in?: Link, out?: Link }) => void
}

export interface Namespaces {
  add: (name: string) => Promise<Place>
  counts: () => { passed: number, lost: number }
  close: () => Promise<void>
}

/** Why network namespaces cannot be had here; undefined where they can. */
export async function namespacesFault (): Promise<string | undefined> {
  if (process.platform !== 'linux') return `network namespaces are of Linux, and this is ${process.platform}`
  if (process.getuid?.() !== 0) return 'network namespaces need root'
  const probe = `ipmr-${process.pid}-probe`
  try {
    await ip('netns', 'add', probe)
    await ip('-n', probe, 'link', 'add', 'wire', 'type', 'vxlan', 'id', '1', 'remote', '127.0.0.1', 'dstport', '1')
    return undefined
  } catch (error) {
    return `network namespaces with VXLAN cannot be made here: ${(error as Error).message.split('\n').slice(1).join(' ').trim() || (error as Error).message}`
  } finally {
    await remove(probe)
  }
}

/** Opens a wire, to which places are added. Their names are of this process, so that runs side by side do not meet. */
export async function openNamespaces (seed: string): Promise<Namespaces> {
  await removeOrphans()
  const { wire, network } = await openWire(seed)
  const names: string[] = []
  return {
    add: async name => {
      const number = names.length + 1
      if (number > MAX_PLACES) throw new RangeError(`a wire has at most ${MAX_PLACES} places`)
      const namespace = `ipmr-${process.pid}-${name}`
      names.push(namespace)
      const place = { number, underlay: `198.18.${network}.${4 * number + 2}` }
      await makePlace(namespace, network, number, wire.port)
      wire.add(place)
      return placeOf(namespace, place, `198.19.${network}.${number}`, wire)
    },
    counts: () => ({ passed: wire.passed, lost: wire.lost }),
    close: async () => {
      wire.close()
      for (const namespace of names) await remove(namespace)
    }
  }
}

function placeOf (namespace: string, place: WirePlace, address: string, wire: Wire): Place {
  return {
    address,
    within: command => ['ip', 'netns', 'exec', namespace, ...command],
    setLine: line => { wire.set(place, line) }
  }
}

/** A network number that nobody on this machine uses, told by its port. */
async function openWire (seed: string): Promise<{ wire: Wire, network: number }> {
  for (let tried = 0; tried < NETWORKS; tried++) {
    const network = (process.pid + tried) % NETWORKS + 1
    try {
      return { wire: await Wire.open(FIRST_PORT + network, seed), network }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    }
  }
  throw new Error(`all of the ports ${FIRST_PORT + 1} to ${FIRST_PORT + NETWORKS} are in use`)
}

async function makePlace (namespace: string, network: number, number: number, port: number): Promise<void> {
  const outside = `ip${process.pid.toString(36)}.${number}`
  const gate = `198.18.${network}.${4 * number + 1}`
  await ip('netns', 'add', namespace)
  await ip('link', 'add', outside, 'type', 'veth', 'peer', 'name', 'below', 'netns', namespace)
  await ip('addr', 'add', `${gate}/30`, 'dev', outside)
  await ip('link', 'set', outside, 'up')
  const inside = (...args: string[]): Promise<void> => ip('-n', namespace, ...args)
  await inside('link', 'set', 'lo', 'up')
  await inside('addr', 'add', `198.18.${network}.${4 * number + 2}/30`, 'dev', 'below')
  await inside('link', 'set', 'below', 'up')
  const mac = `02:00:00:00:00:${number.toString(16).padStart(2, '0')}`
  await inside('link', 'add', 'wire', 'address', mac, 'mtu', String(MTU_BYTES), 'type', 'vxlan', 'id', '1', 'remote', gate, 'dstport', String(port), 'nolearning', 'dev', 'below')
  // Packets rather than the kernel's bundles of them: what is lost or queued is one packet.
  await inside('link', 'set', 'wire', 'gso_max_segs', '1')
  await inside('addr', 'add', `198.19.${network}.${number}/24`, 'dev', 'wire')
  await inside('link', 'set', 'wire', 'up')
}

/** What runs that were killed have left behind: their names tell their process. */
async function removeOrphans (): Promise<void> {
  const { stdout } = await run('ip', ['netns', 'list'])
  for (const line of stdout.split('\n')) {
    const namespace = line.split(' ')[0] ?? ''
    const pid = NAME.exec(namespace)?.[1]
    if (pid !== undefined && !signal(Number(pid), 0)) await remove(namespace)
  }
}

/** @returns whether the process was there; signal 0 only asks */
function signal (pid: number, name: 'SIGKILL' | 0): boolean {
  try {
    process.kill(pid, name)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

/** Removes a namespace, with the processes in it and its end of the veth pair, which takes the other end along. */
async function remove (namespace: string): Promise<void> {
  const { stdout } = await run('ip', ['netns', 'list'])
  if (!stdout.split('\n').some(line => line.split(' ')[0] === namespace)) return
  const pids = (await run('ip', ['netns', 'pids', namespace])).stdout.split('\n').filter(pid => pid !== '').map(Number)
  for (const pid of pids) signal(pid, 'SIGKILL')
  await ip('netns', 'del', namespace)
}

async function ip (...args: string[]): Promise<void> {
  await run('ip', args)
}
