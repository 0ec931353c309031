import type { Components, MasterComponents } from '@ipfs-mapreduce/actors'
import type { FaultInjection } from '@ipfs-mapreduce/faults'
import { createFiles, openStore } from '@ipfs-mapreduce/blocks'
import type { HeliaFiles } from '@ipfs-mapreduce/blocks'
import { connectDaemon } from '@ipfs-mapreduce/kubo'
import type { Daemon } from '@ipfs-mapreduce/kubo'
import { createNetwork, loadOrCreateKey, onLoopback, readSwarmKey } from '@ipfs-mapreduce/network'
import { CommanderError } from 'commander'
import { blockFolders } from './block-folders.ts'
import { countBlocksAsHeap } from './block-memory.ts'
import { systemClock } from './clock.ts'
import { createClosers, type Closers } from './closers.ts'
import type { ServiceActor } from './service-actor.ts'
import { IN_MEMORY, openDataDir, openScratch } from './data-dir.ts'
import { prepareFaults } from './fault-injection.ts'
import { idMaker } from './ids.ts'
import { createLog, type ServiceLog } from './log.ts'
import { observe, type Observation } from './observation.ts'
import { parseOptions, type ServiceOptions, type ServiceRole } from './options.ts'
import { openOutside } from './outside.ts'
import { readyLine } from './ready-line.ts'
import { listenForStop } from './stop-requests.ts'
import { isTaken } from './store-lock.ts'
import { VERSION } from './version.ts'

/** Closing everything takes at most this long; then the process ends all the same. */
export const STOP_TIMEOUT_MS = 10_000

/** What a role's actor is made from. */
export interface ServiceParts {
  options: ServiceOptions
  components: Components
  /** Brings a result to the IPFS daemon that is to keep it; undefined where none is. */
  keepResult: MasterComponents['keepResult']
  /** Faults that this process suffers: `components` have theirs already, what the role adds is to be decorated. */
  faults: FaultInjection
  /** Where what must outlive the process is kept; undefined keeps nothing. No other process uses it. */
  dataDir: string | undefined
  /** Empty at the start, removed at the end. */
  scratchDir: string
  /** How the service is looked at: what the role adds to `components` is to be looked at too. */
  observation: Observation
  /** Registers what is to be closed after the actor has stopped. */
  onClose: Closers['add']
}

export interface ServiceDefinition {
  role: ServiceRole
  create: (parts: ServiceParts) => Promise<ServiceActor> | ServiceActor
}

interface Opened {
  actor: ServiceActor
  components: Components
}

/**
 * Runs a service from its command line to its exit: opens store, key, network and files, starts the actor, prints
 * the ready line to stdout; the first SIGINT or SIGTERM drains and exits with 0, a second one exits at once.
 * Ends the process itself: 0 after a drain, 1 after a failure, 2 on bad usage.
 */
export async function runService ({ role, create }: ServiceDefinition, argv = process.argv.slice(2)): Promise<void> {
  const options = optionsOrExit(role, argv)
  countBlocksAsHeap()
  const log = createLog(role, { level: options.logLevel, format: options.logFormat })
  const closers = createClosers(log)
  let actor: ServiceActor | undefined
  let stage: 'starting' | 'started' | 'leaving' = 'starting'
  const finish = async (exitCode: number): Promise<never> => {
    setTimeout(() => process.exit(exitCode), STOP_TIMEOUT_MS).unref()
    await closers.close()
    process.exit(exitCode)
  }
  const fail = (what: string) => (error: unknown): void => {
    log.debug({ err: error }, what)
    process.stderr.write(`${role}: ${what}: ${describe(error)}\n`)
    void finish(1)
  }
  const drain = async (): Promise<void> => {
    stage = 'leaving'
    const left = actor?.remaining()
    log.info({}, left === undefined ? 'leaving' : `draining: ${left}, press Ctrl-C again to stop at once`)
    await actor?.drain()
    await finish(0)
  }
  exitOnUncaught(role, log)
  try {
    listenForStop({
      onDrain: () => { drain().catch(fail('cannot leave')) },
      onKill: exitCode => process.exit(exitCode),
      onOrphaned: () => { void finish(0) }
    })
    const observation = await observe({ role, options, log, addCloser: closers.add, waitsFor: () => stage === 'started' ? actor?.waitsFor() : `the ${role} is ${stage}` })
    const opened = await open(options, log, closers, role, create, observation)
    actor = opened.actor
    await actor.start()
    stage = 'started'
    if (observation.http !== undefined) process.stdout.write(`metrics  ${observation.http.server.url}/metrics\n`)
    process.stdout.write(`${readyLine({ ...options, role, peer: opened.components.network.peer, addresses: opened.components.network.addresses() })}\n`)
  } catch (error) {
    fail('cannot start')(error)
  }
}

function optionsOrExit (role: ServiceRole, argv: string[]): ServiceOptions {
  try {
    return parseOptions(role, VERSION, argv)
  } catch (error) {
    if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2)
    throw error
  }
}

function describe (error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}

/** What nobody caught is a defect: the process cannot know in what state it is. */
function exitOnUncaught (role: string, log: ServiceLog): void {
  process.on('uncaughtException', error => {
    log.debug({ err: error }, 'uncaught')
    process.stderr.write(`${role}: stopped by an error that nothing caught: ${(error.stack ?? error.message).split(/\n\s*/, 3).join(' ')}\n`)
    process.exit(1)
  })
}

async function open (options: ServiceOptions, log: ServiceLog, closers: Closers, role: ServiceRole, create: ServiceDefinition['create'], observation: Observation): Promise<Opened> {
  const { cluster, listen, mdns, allow } = options
  const swarmKey = options.swarmKey === undefined ? undefined : await readSwarmKey(options.swarmKey)
  // Workers dial their masters themselves, again and again.
  const bootstrap = role === 'master' ? options.bootstrap : []
  const readOnly = options.stores.flatMap(blockFolders)
  const faults = prepareFaults(options, log)
  const daemon = options.ipfsApi === undefined ? undefined : await connectDaemon({ url: options.ipfsApi, log })
  const layers = daemon === undefined ? [] : [daemon.layer]
  const { dataDir, store } = await openDataDir({
    chosen: options.dataDir, cluster, role, isTaken,
    open: async (folder, others) => await openStore(folder, { maxBytes: options.maxStorageBytes ?? 'disk', readOnly: [...readOnly, ...others], layers, log, faults: faults.blocks })
  })
  closers.add('store', () => store.close())
  const scratch = await openScratch(dataDir)
  process.once('exit', scratch.close)
  log.debug({ dataDir, stores: readOnly }, 'store opened')

  const privateKey = await loadOrCreateKey(store.datastore)
  const node = await createNetwork({ privateKey, cluster, listen, bootstrap, mdns, log, ...swarmKey !== undefined && { swarmKey }, ...allow !== undefined && { allow }, ...observation.libp2p !== undefined && { metrics: observation.libp2p }, agent: `ipmr-${role}/${VERSION}` })
  const network = faults.network(node)
  closers.add('network', () => network.close())
  warnBeyondLoopback(options, log)
  const outside = await openOutside(options, { log, closers, ...swarmKey !== undefined && { swarmKey } })
  const files = await createFiles({ libp2p: node.libp2p, store, log, ...outside !== undefined && { outside } })
  closers.add('files', () => files.stop())

  await observation.open(node, store, closers.add)
  const clock = faults.clock(systemClock)
  const components = observation.components({ network, files: faults.files(files), clock, random: Math.random, newId: idMaker(clock.now), log })
  const actor = await create({ options, components, keepResult: options.pinResults ? keeping(daemon, files, log) : undefined, faults, observation, dataDir: dataDir === IN_MEMORY ? undefined : dataDir, scratchDir: scratch.path, onClose: closers.add })
  closers.add(role, () => actor.stop())
  return { actor, components }
}

function keeping (daemon: Daemon | undefined, files: HeliaFiles, log: ServiceLog): MasterComponents['keepResult'] {
  return daemon && (async (result, options) => {
    await daemon.keep(result, files.blocks(result, options), options)
    log.info({ result, daemon: daemon.url }, 'result pinned in the IPFS daemon')
  })
}

function warnBeyondLoopback ({ listen, cluster, slots, swarmKey, allow, acceptMasters, acceptClients }: ServiceOptions, log: ServiceLog): void {
  const beyond = listen.filter(address => !onLoopback(address))
  if (beyond.length === 0) return
  const who = [...swarmKey === undefined ? [] : ['whoever has the swarm key'], ...allow === undefined ? [] : [allow.length === 1 ? 'the peer of --allow' : `the ${allow.length} peers of --allow`]].join(' and is one of ')
  const consequence = slots > 0
    ? acceptMasters === undefined ? 'may have programs run here' : 'may connect, and the masters of --accept-master have programs run here'
    : acceptClients === undefined ? 'may have programs run on the workers' : 'may connect, and the clients of --accept-client have programs run on the workers'
  log.warn({ addresses: beyond, cluster }, `listening beyond this machine: ${who} ${consequence}`)
}
