import { MapReduceError, type JobSpec } from '@ipfs-mapreduce/mapreduce'
import type { Network, SubmitJob } from '@ipfs-mapreduce/protocol'
import type { VirtualFiles } from '../files/virtual-files.ts'
import type { VirtualNetwork } from '../network/virtual-network.ts'
import { bundleOf, findProgram, type Programs } from './program-bundle.ts'

/** What of a job has a default. */
export interface SubmitOptions extends Partial<Pick<JobSpec, 'reducers' | 'args' | 'separator' | 'splitBytes' | 'skipBadRecords' | 'bounds'>>, Partial<Pick<SubmitJob, 'deadlineMs' | 'workerWaitMs' | 'maxAttempts' | 'priority' | 'submission'>> {
  /** Leaf size of the input's files. */
  chunkBytes?: number
  /** Peers that hold the whole input, beside the client. */
  holders?: readonly string[]
}

/** The input of a job: content by path. */
export type InputFiles = Readonly<Record<string, string | Uint8Array>>

const DEFAULT_CHUNK_BYTES = 64

export interface ClientInit {
  name: string
  port: Network
  master: string
  cluster: string
  network: VirtualNetwork
  files: VirtualFiles
  programs: Programs
  /** Numbers this client's submissions. */
  newId: () => string
}

/** Adds program and input to the client's disk and submits the job, as `ipmr run --connect` does; returns its id. */
export async function submitJob ({ name, port, master, cluster, network, files, programs, newId }: ClientInit, programName: string, input: InputFiles, options: SubmitOptions): Promise<string> {
  const { chunkBytes = DEFAULT_CHUNK_BYTES, holders = [] } = options
  const contents = Object.fromEntries(Object.entries(input).map(([path, content]) => [path, bytesOf(content)]))
  let root = ''
  for (const peer of [name, ...holders]) root = await files.addTree(peer, contents, chunkBytes)
  const { input: inputFormat, deterministic = true } = findProgram(programs, programName)
  const spec: JobSpec = {
    program: await files.addFile(name, bundleOf(programName), chunkBytes),
    programName,
    inputFormat,
    input: root,
    reducers: options.reducers ?? 2,
    args: options.args ?? {},
    separator: options.separator ?? ' ',
    splitBytes: options.splitBytes ?? chunkBytes,
    skipBadRecords: options.skipBadRecords ?? 0,
    ...options.bounds !== undefined && { bounds: options.bounds },
    ...!deterministic && { deterministic }
  }
  const { deadlineMs = 0, workerWaitMs = 0, maxAttempts = 0, priority = 'normal', submission = newId() } = options
  const providers = [name, ...holders].map(network.address)
  const answer = await port.request(master, { type: 'submitJob', cluster, spec, providers, deadlineMs, workerWaitMs, maxAttempts, priority, submission })
  if (answer.type !== 'jobAccepted') throw new MapReduceError('FATAL', `the master answered ${answer.type} to a job`)
  return answer.job
}

function bytesOf (content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content
}
