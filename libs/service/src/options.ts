import { availableParallelism } from 'node:os'
import { DEFAULT_CLUSTER, DEFAULT_MASTER_PORT, isClusterName, MAX_RUNNING_JOBS, MAX_SLOTS } from '@ipfs-mapreduce/protocol'
import { formatFaults, parseFaults, type Fault } from '@ipfs-mapreduce/faults'
import { isPeerId, onLoopback, openDoorFault } from '@ipfs-mapreduce/network'
import { Command, InvalidArgumentError, Option } from 'commander'
import { parseBytes } from './bytes.ts'
import { ipfsChoice, ipfsFault, ipfsOptions, type IpfsChoice, type IpfsFlags } from './ipfs-options.ts'
import { LOG_FORMATS, LOG_LEVELS, type LogFormat, type LogLevel } from './log.ts'
import { tcpAddressFault } from './tcp-address.ts'

export type ServiceRole = 'master' | 'mapper' | 'reducer'

/** What a person chose, or the defaults. */
export interface ServiceOptions extends IpfsChoice {
  /** Multiaddrs to listen on. */
  listen: string[]
  /** Multiaddrs of peers to connect to at the start. */
  bootstrap: string[]
  /** A folder, or `:memory:`; undefined chooses a free one under `~/.ipmr`. */
  dataDir: string | undefined
  /** Other stores of this machine, to read blocks from. */
  stores: string[]
  /** Most bytes of blocks in the data directory; undefined leaves a tenth of what is free on its disk. */
  maxStorageBytes: number | undefined
  cluster: string
  /** The file of the swarm's key. */
  swarmKey: string | undefined
  /** Ids of the peers that may connect; whoever comes where undefined. */
  allow: string[] | undefined
  /** Of a worker, ids of the masters whose programs it runs; those of its cluster where undefined. */
  acceptMasters: string[] | undefined
  /** Of a master, ids of the peers from which it takes jobs; whoever is connected where undefined. */
  acceptClients: string[] | undefined
  /** Attempts at once; 0 for a master. */
  slots: number
  /** Bounds of a worker's programs; undefined leaves the sandbox's own. */
  programs: { memoryBytes: number | undefined, scratchBytes: number | undefined }
  /** Jobs that a master runs at once; undefined chooses its default. */
  maxJobs: number | undefined
  /** Where the service shows itself: health, metrics, and a master's dashboard; undefined shows nothing. */
  http: { host: string, port: number } | undefined
  logLevel: LogLevel
  logFormat: LogFormat
  mdns: boolean
  /** Whether a worker runs programs even where the system cannot wall them in. */
  allowUnwalled: boolean
  /** What this process is to suffer; none unless fault injection is enabled. */
  faults: Fault[]
  /** By which the faults draw; undefined draws a seed. */
  faultSeed: number | undefined
}

/** A store with less could not take two blocks at once. */
const MIN_STORAGE_BYTES = 16 * 2 ** 20

/** Sorting takes twice the least sort buffers, and V8 itself some tens of MiB. */
const MIN_PROGRAM_BYTES = 64 * 2 ** 20

/** Where HTTP is served that nobody gave an address. */
const HTTP_HOST = '127.0.0.1'
const MAX_PORT = 65_535

/** Jobs at once are bounded by what one status message can list. */
const MAX_JOBS = 256

/** Seeds end before this. */
export const FAULT_SEEDS = 2 ** 32

/** Where a master that was told nothing listens, and where workers look for it. */
export const LOCAL_MASTER = `/ip4/127.0.0.1/tcp/${DEFAULT_MASTER_PORT}`
const ANY_PORT = '/ip4/127.0.0.1/tcp/0'

/** An option that is read from its environment variable too, unless that is empty. */
function fromEnvironment (option: Option, variable: string): Option {
  return process.env[variable] === '' ? option : option.env(variable)
}

/** Collects a repeatable option; a variable holds several values with commas between them. */
const list = (check: (value: string) => string) => (text: string, before: string[] | undefined): string[] =>
  [...before ?? [], ...text.split(',').map(value => check(value.trim()))]

function address (text: string): string {
  const fault = tcpAddressFault(text)
  if (fault !== undefined) throw new InvalidArgumentError(`${fault}.`)
  return text
}

function folder (text: string): string {
  if (text === '') throw new InvalidArgumentError('It should name a folder.')
  return text
}

function bytesFrom (least: number): (text: string) => number {
  return text => {
    const bytes = parseBytes(text)
    if (bytes === undefined || bytes < least) throw new InvalidArgumentError(`It should be a number of bytes such as 500MiB or 20GiB, and at least ${least / 2 ** 20}MiB.`)
    return bytes
  }
}

function file (text: string): string {
  if (text === '') throw new InvalidArgumentError('It should name a file.')
  return text
}

function clusterName (text: string): string {
  if (!isClusterName(text)) throw new InvalidArgumentError('A cluster is named by 1 to 63 small letters, digits and hyphens.')
  return text
}

function peerId (text: string): string {
  if (!isPeerId(text)) throw new InvalidArgumentError('It should be a peer id such as 12D3KooWGzxzKZYveHXtpG6AsrUJBcWxHBFS2HsEoGTxrMLvKXtf: each service prints its own when it is ready.')
  return text
}

function slotCount (text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : NaN
  if (!(count >= 1 && count <= MAX_SLOTS)) throw new InvalidArgumentError(`It should be a whole number from 1 to ${MAX_SLOTS}.`)
  return count
}

function jobCount (text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : NaN
  if (!(count >= 1 && count <= MAX_JOBS)) throw new InvalidArgumentError(`It should be a whole number from 1 to ${MAX_JOBS}.`)
  return count
}

function portNumber (text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : NaN
  if (!(port <= MAX_PORT)) throw new InvalidArgumentError(`It should be a port, a whole number from 0 (any free one) to ${MAX_PORT}.`)
  return port
}

function hostAddress (text: string): string {
  if (!/^[a-z\d.:-]+$/i.test(text)) throw new InvalidArgumentError('It should be an address or a name of this machine, without a port.')
  return text
}

function faultList (text: string, before: Fault[] = []): Fault[] {
  try {
    return [...before, ...parseFaults(text)]
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message)
  }
}

function faultSeed (text: string): number {
  const seed = /^\d+$/.test(text) ? Number(text) : NaN
  if (!(seed < FAULT_SEEDS)) throw new InvalidArgumentError(`It should be a whole number below ${FAULT_SEEDS}.`)
  return seed
}

const about: Record<ServiceRole, string> = {
  master: 'Plans map/reduce jobs, gives their tasks to mappers and reducers, and keeps the results.',
  mapper: 'Runs map tasks over blocks that it holds or fetches.',
  reducer: 'Pulls the runs of map tasks from their holders, merges and reduces them.'
}

function examples (role: ServiceRole): string {
  const worker = role !== 'master'
  const serve = `npx nx serve ${role}`
  const lines: Array<[string, string]> = [
    [serve, worker ? 'joins the master of this machine' : 'the master of this machine'],
    worker
      ? [`${serve} --swarm-key swarm.key --listen /ip4/0.0.0.0/tcp/4511 --bootstrap /ip4/192.168.1.5/tcp/${DEFAULT_MASTER_PORT}`, 'joins a master elsewhere']
      : [`${serve} --swarm-key swarm.key --listen /ip4/0.0.0.0/tcp/${DEFAULT_MASTER_PORT}`, 'a master for other machines'],
    [`${serve} --http 4580`, worker ? 'with metrics for Prometheus' : 'a master with a dashboard'],
    [`${serve} --ipfs-api http://127.0.0.1:5001${worker ? '' : ' --pin-results'}`, worker ? 'beside an IPFS daemon, whose blocks are local then' : 'beside an IPFS daemon, which gets the results'],
    [`${serve} --data-dir :memory:`, 'keeps nothing'],
    [`${serve} --enable-fault-injection --faults '${worker ? 'crash:execute,nth=2 + delay:report,ms=500' : 'drop:gossip,p=0.1 + crash:store'}'`, 'a test: libs/faults/README.md has the language']
  ]
  const width = Math.max(...lines.map(([command]) => command.length))
  return `\nExamples:\n${lines.map(([command, note]) => `  $ ${command.padEnd(width)}  # ${note}`).join('\n')}\n`
}

/** The command line of one service, on its own so that `--help` can be tested. */
function command (role: ServiceRole, version: string): Command {
  const worker = role !== 'master'
  const options = [
    fromEnvironment(new Option('--listen <multiaddr>', `where to listen, repeatable (default: ${worker ? ANY_PORT : LOCAL_MASTER})`).argParser(list(address)), 'IPMR_LISTEN'),
    fromEnvironment(new Option('--bootstrap <multiaddr>', worker ? 'a master, or any peer of its cluster, repeatable' : 'a peer to connect to, repeatable').argParser(list(address)), 'IPMR_BOOTSTRAP'),
    fromEnvironment(new Option('--data-dir <folder>', `keeps identity and blocks; :memory: keeps nothing (default: ~/.ipmr/CLUSTER/${role}, or the next that is free)`).argParser(folder), 'IPMR_DATA_DIR'),
    fromEnvironment(new Option('--max-storage <size>', 'most bytes of blocks to keep, such as 20GiB; what others hold is dropped for room (default: nine tenths of what is free)').argParser(bytesFrom(MIN_STORAGE_BYTES)), 'IPMR_MAX_STORAGE'),
    fromEnvironment(new Option('--store <folder>', 'another store on this machine to read blocks from, repeatable').argParser(list(folder)), 'IPMR_STORE'),
    ...ipfsOptions(!worker, fromEnvironment),
    fromEnvironment(new Option('--cluster <name>', 'work only with peers of this cluster').default(DEFAULT_CLUSTER).argParser(clusterName), 'IPMR_CLUSTER'),
    fromEnvironment(new Option('--swarm-key <file>', 'connect only with peers that have the same key; ipmr key makes one, Kubo has the same format').argParser(file), 'IPMR_SWARM_KEY'),
    fromEnvironment(new Option('--allow <peerid>', 'connect only with these peers, repeatable').argParser(list(peerId)), 'IPMR_ALLOW'),
    worker
      ? fromEnvironment(new Option('--accept-master <peerid>', 'run programs only of these masters, repeatable (default: of the masters of its cluster)').argParser(list(peerId)), 'IPMR_ACCEPT_MASTER')
      : fromEnvironment(new Option('--accept-client <peerid>', 'take jobs only from these peers, repeatable (default: from whoever is connected)').argParser(list(peerId)), 'IPMR_ACCEPT_CLIENT'),
    ...(worker ? [fromEnvironment(new Option('--slots <n>', `attempts at once (default: one for each processor, here ${availableParallelism()})`).argParser(slotCount), 'IPMR_SLOTS'),
      fromEnvironment(new Option('--program-memory <size>', 'most memory of each program; what takes more fails its attempt (default: 512MiB)').argParser(bytesFrom(MIN_PROGRAM_BYTES)), 'IPMR_PROGRAM_MEMORY'),
      fromEnvironment(new Option('--program-scratch <size>', 'most temporary files of each attempt, beside --max-storage (default: 16GiB)').argParser(bytesFrom(MIN_PROGRAM_BYTES)), 'IPMR_PROGRAM_SCRATCH')] : [fromEnvironment(new Option('--max-jobs <n>', `jobs that run at once; more wait for their turn (default: ${MAX_RUNNING_JOBS})`).argParser(jobCount), 'IPMR_MAX_JOBS')]),
    fromEnvironment(new Option('--http <port>', `serves ${worker ? '' : 'a dashboard, '}/metrics, /healthz and /readyz there; 0 takes a free port (default: none)`).argParser(portNumber), 'IPMR_HTTP'),
    fromEnvironment(new Option('--http-host <address>', `serves them at this address of the machine${worker ? '' : '; the dashboard wants its token there'}`).default(HTTP_HOST).argParser(hostAddress), 'IPMR_HTTP_HOST'),
    fromEnvironment(new Option('--log-level <level>', 'log this and what is worse, to stderr').choices(LOG_LEVELS).default('info'), 'IPMR_LOG_LEVEL'),
    fromEnvironment(new Option('--log-format <format>', 'default: pretty on a terminal, json otherwise').choices(LOG_FORMATS), 'IPMR_LOG_FORMAT'),
    fromEnvironment(new Option('--no-mdns', 'do not look for peers on the local network'), 'IPMR_NO_MDNS'),
    // From the command line alone: a variable that is left over must not break a service, nor open it.
    ...(worker ? [new Option('--allow-unwalled-programs', 'run programs even where this system has no isolates or permissions to hold them')] : []),
    new Option('--enable-fault-injection', 'for tests: lets --faults do harm'),
    new Option('--faults <spec...>', "what to suffer: 'KIND:TARGET,key=value + …'").argParser(faultList),
    new Option('--fault-seed <n>', 'repeats the draws of a run that printed this seed').argParser(faultSeed)
  ]
  const program = new Command(role).description(about[role]).version(version).allowExcessArguments(false).exitOverride()
  for (const option of options) program.addOption(option)
  return program.addHelpText('after', `${examples(role)}\nCtrl-C finishes ${worker ? 'the attempts that run' : 'the jobs that it has'} and leaves; a second one stops at once${worker ? '' : ', and the next start goes on with them'}.`).configureOutput({
    outputError: (text, write) => { write(`${role}: ${text.trim().replace(/^error: /, '').replaceAll('\n', ' ')}\n`) }
  })
}

/** A worker that nobody elsewhere can reach would join a master elsewhere, and fail the jobs of others: its runs could not be fetched. */
function refuseOneWay (program: Command, role: ServiceRole, { listen = [], bootstrap = [] }: { listen?: string[], bootstrap?: string[] }): void {
  const elsewhere = bootstrap.find(address => !onLoopback(address))
  if (role === 'master' || elsewhere === undefined || !listen.every(onLoopback)) return
  program.error(`error: --bootstrap ${elsewhere} is another machine, and this ${role} listens on loopback alone, where nobody there can fetch from it: add --listen, such as --listen /ip4/0.0.0.0/tcp/4511`, { exitCode: 2 })
}

/** Closed by default: nobody's programs run here because a port was open. */
function refuseOpenDoor (program: Command, { listen = [], swarmKey, allow }: { listen?: string[], swarmKey?: string, allow?: string[] }): void {
  const fault = openDoorFault({ listen, ...swarmKey !== undefined && { swarmKey }, ...allow !== undefined && { allow } })
  if (fault !== undefined) program.error(`error: --listen ${fault}`, { exitCode: 2 })
}

function refuseContradictions (program: Command, given: IpfsFlags & { swarmKey?: string }): void {
  const fault = ipfsFault(given)
  if (fault !== undefined) program.error(`error: ${fault}`, { exitCode: 2 })
}

/** Faults are injected on purpose, or not at all. */
function refuseAccidents (program: Command, { faults, faultSeed, enableFaultInjection = false }: { faults?: Fault[], faultSeed?: number, enableFaultInjection?: boolean }): void {
  if (faults !== undefined && !enableFaultInjection) {
    program.error(`error: --faults '${formatFaults(faults)}' would harm this process: give --enable-fault-injection too if that is meant`, { exitCode: 2 })
  }
  if (faults === undefined && faultSeed !== undefined) program.error('error: --fault-seed is of --faults, which is not given', { exitCode: 2 })
}

/**
 * Reads a service's command line and `IPMR_*` variables; faults are read from the command line alone.
 *
 * @param argv - without the interpreter and the script
 * @throws CommanderError after it has printed help, the version, or one line about a bad value; `exitCode` is 0
 * for the first two
 */
export function parseOptions (role: ServiceRole, version: string, argv: string[]): ServiceOptions {
  const program = command(role, version).parse(argv, { from: 'user' })
  const given = program.opts<IpfsFlags & {
    listen?: string[], bootstrap?: string[], dataDir?: string, maxStorage?: number, store?: string[], cluster: string, slots?: number, programMemory?: number, programScratch?: number, maxJobs?: number, http?: number, httpHost?: string
    swarmKey?: string, allow?: string[], acceptMaster?: string[], acceptClient?: string[]
    logLevel: LogLevel, logFormat?: LogFormat, mdns: boolean, allowUnwalledPrograms?: boolean
    faults?: Fault[], faultSeed?: number, enableFaultInjection?: boolean
  }>()
  refuseOneWay(program, role, given)
  refuseOpenDoor(program, given)
  refuseContradictions(program, given)
  refuseAccidents(program, given)
  return {
    listen: given.listen ?? [role === 'master' ? LOCAL_MASTER : ANY_PORT],
    bootstrap: given.bootstrap ?? [],
    dataDir: given.dataDir,
    stores: given.store ?? [],
    maxStorageBytes: given.maxStorage,
    ...ipfsChoice(given),
    cluster: given.cluster,
    swarmKey: given.swarmKey,
    allow: given.allow,
    acceptMasters: given.acceptMaster,
    acceptClients: given.acceptClient,
    slots: role === 'master' ? 0 : given.slots ?? availableParallelism(),
    programs: { memoryBytes: given.programMemory, scratchBytes: given.programScratch },
    maxJobs: given.maxJobs,
    http: given.http === undefined ? undefined : { host: given.httpHost ?? HTTP_HOST, port: given.http },
    logLevel: given.logLevel,
    allowUnwalled: given.allowUnwalledPrograms ?? false,
    faults: given.faults ?? [],
    faultSeed: given.faultSeed,
    logFormat: given.logFormat ?? (process.stderr.isTTY ? 'pretty' : 'json'),
    // Commander looks only whether the variable is there; `IPMR_NO_MDNS=0` should mean what it says.
    mdns: given.mdns || (program.getOptionValueSource('mdns') === 'env' && /^(0|false|no)$/i.test(process.env['IPMR_NO_MDNS'] ?? ''))
  }
}
