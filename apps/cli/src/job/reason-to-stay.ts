import type { HeliaFiles } from '@ipfs-mapreduce/blocks'
import type { ReadOptions } from '@ipfs-mapreduce/mapreduce'
import { MAX_CIDS_PER_QUERY } from '@ipfs-mapreduce/protocol'
import type { WorkerStatus } from '@ipfs-mapreduce/protocol'
import { askStatus } from '../client/ask.ts'
import type { MasterLink } from '../client/ask.ts'
import type { Client } from '../client/client.ts'
import { askHolders } from '../explain/holders.ts'
import { holdersOf } from './holders.ts'
import type { RunOptions } from './run.ts'

/**
 * What the process of a detached job has to do until the job's end, as "it …" says; undefined where others can do without it.
 * The program, and the nodes above the input's blocks, the master has read when it has planned the job.
 */
export async function reasonToStay (input: string, { output, ipfs: { pinResults } }: Pick<RunOptions, 'output' | 'ipfs'>, { files, network }: Client, link: MasterLink, signal: AbortSignal): Promise<string | undefined> {
  if (output !== undefined) return `writes the result to ${output} then, and serves program and input`
  if (pinResults === true) return 'pins the result in the IPFS daemon then, and serves program and input'
  const { workers } = await askStatus(link, undefined, signal)
  const mappers = workers.filter(({ role, state }) => role !== 'reducer' && state === 'ready')
  const reading = { signal, providers: await holdersOf(link, signal) }
  for await (const blocks of heldHere(files, input, reading)) {
    if (!await areHeld(blocks, network, mappers, signal)) return 'serves blocks of the input that no mapper holds'
  }
  return undefined
}

/** Blocks of the input's files that this machine holds, as many at once as a mapper can be asked about. */
async function * heldHere (files: HeliaFiles, input: string, reading: ReadOptions): AsyncGenerator<string[]> {
  // What is above them came here with them, or was made here.
  const [hasRoot] = await files.has([input])
  if (hasRoot !== true) return
  let leaves: string[] = []
  const here = async (): Promise<string[]> => {
    const held = await files.has(leaves)
    return leaves.filter((_, index) => held[index] === true)
  }
  for await (const { cid, bytes } of files.walk(input, reading)) {
    for await (const leaf of files.leaves(cid, { ...reading, bytes })) {
      leaves.push(leaf.cid)
      if (leaves.length < MAX_CIDS_PER_QUERY) continue
      yield await here()
      leaves = []
    }
  }
  yield await here()
}

async function areHeld (blocks: string[], network: Client['network'], mappers: WorkerStatus[], signal: AbortSignal): Promise<boolean> {
  if (blocks.length === 0) return true
  const holders = await askHolders(network, mappers, blocks, signal)
  return blocks.every(block => holders.some(({ held }) => held.has(block)))
}
