import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeSwarmKey } from '@ipfs-mapreduce/network'
import type { Link } from './link.ts'
import type { Namespaces } from './namespaces.ts'
import { freePort } from './port.ts'
import type { Running } from './process.ts'
import { Services } from './services.ts'
import type { Member, Role } from './services.ts'

const MASTER = 'master'
const CLIENT = 'client'
/** Of a master that has an address of its own. */
const MASTER_PORT = 4510

export interface ClusterInit {
  /** Where processes keep what is theirs; their logs are in `logs` below it. */
  dir: string
  /** The network that the processes are on; without it all are on loopback. */
  namespaces?: Namespaces
  mappers: number
  reducers: number
  slots: number
  /** Told when a service ends that nobody ended, or does not leave when it should. */
  onLost: (what: string) => void
}

/** Real services under names such as `mapper-2`, and what can be done to them. */
export interface Cluster {
  master: string
  workers: string[]
  /** Runs `ipmr` beside them; `logName` is where its stderr goes. */
  ipmr: (logName: string, ...args: string[]) => Running
  /** Arguments of `ipmr` that name the master. */
  connection: string[]
  signal: (name: string, signal: 'SIGSTOP' | 'SIGCONT') => void
  kill: (name: string) => Promise<void>
  /** Starts one that was ended; `fresh` gives it an empty data directory. */
  restart: (name: string, options: { fresh: boolean }) => Promise<void>
  /** SIGTERM; resolves when it has left, or was killed because it did not. */
  drain: (name: string) => Promise<void>
  /** The state of its line from now on; `{}` is clear. */
  setLine: (name: string, line: { in?: Link, out?: Link }) => void
  close: () => Promise<void>
}

/** Starts a master and workers; resolves when all are ready. */
export async function startCluster ({ dir, namespaces, mappers, reducers, slots, onLost }: ClusterInit): Promise<Cluster> {
  const logsDir = join(dir, 'logs')
  await mkdir(logsDir, { recursive: true })
  const workers = [...names('mapper', mappers), ...names('reducer', reducers)]
  const members = new Map<string, Member>()
  for (const name of [MASTER, ...workers, CLIENT]) {
    members.set(name, { name, role: name.split('-')[0] as Role, place: await namespaces?.add(name), disks: 1, ending: false })
  }
  const find = (name: string): Member => {
    const member = members.get(name)
    if (member === undefined) throw new RangeError(`there is no process ${name}`)
    return member
  }
  const { place } = find(MASTER)
  const master = place === undefined ? `/ip4/127.0.0.1/tcp/${await freePort()}` : `/ip4/${place.address}/tcp/${MASTER_PORT}`
  const cluster = `chaos-${process.pid}`
  const swarmKey = join(dir, 'swarm.key')
  await writeFile(swarmKey, makeSwarmKey())
  const services = new Services({ dir, logsDir, cluster, swarmKey, master, slots, onLost })
  try {
    await services.start(find(MASTER), false)
    await Promise.all(workers.map(name => services.start(find(name), false)))
  } catch (error) {
    await services.close()
    throw error
  }
  return {
    master: MASTER,
    workers,
    connection: ['--connect', master, '--cluster', cluster, '--swarm-key', swarmKey],
    ipmr: (logName, ...args) => services.ipmr(find(CLIENT), logName, args),
    signal: (name, signal) => { find(name).running?.child.kill(signal) },
    kill: name => services.kill(find(name)),
    restart: (name, { fresh }) => services.start(find(name), fresh),
    drain: name => services.drain(find(name)),
    setLine: (name, line) => { find(name).place?.setLine(line) },
    close: () => services.close()
  }
}

function names (role: Role, count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${role}-${n + 1}`)
}
