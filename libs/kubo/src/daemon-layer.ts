import { BLOCK_RPC_TIMEOUT_MS, LIST_HEAD_START_MS, LOCATE_TIMEOUT_MS, MAX_BLOCK_RPCS, MAX_LOCATING_RPCS, MIN_LOCATED_BLOCKS, RETRY_MS } from './constants.ts'
import { gate } from './gate.ts'
import { locate } from './locate.ts'
import { reasonOf, saysAbsent } from './reason.ts'
import type { Log } from './log.ts'
import type { Layer, StoredBlock } from '@ipfs-mapreduce/blocks'
import { CID } from 'multiformats/cid'
import type { BlockAPI, RefsAPI } from 'kubo-rpc-client'

export interface DaemonLayerInit {
  /** What a person calls the daemon. */
  name: string
  block: Pick<BlockAPI, 'get' | 'stat'>
  refs: Pick<RefsAPI, 'local'>
  log: Log
  /** Milliseconds of a clock that does not go back. */
  nowMs: () => number
}

/**
 * The blocks that a daemon holds. It is asked for what lies on its own disk alone: what it does not hold is asked of peers by
 * this node, which knows who has it. While the daemon cannot be asked its blocks are absent, and jobs go on without it.
 */
export class DaemonLayer implements Layer {
  readonly name: string
  readonly #block: DaemonLayerInit['block']
  readonly #refs: DaemonLayerInit['refs']
  readonly #log: Log
  readonly #nowMs: () => number
  readonly #inTurn = gate(MAX_BLOCK_RPCS)
  #silentUntilMs = -Infinity
  #away = false

  constructor ({ name, block, refs, log, nowMs }: DaemonLayerInit) {
    this.name = name
    this.#block = block
    this.#refs = refs
    this.#log = log
    this.#nowMs = nowMs
  }

  async has (cid: CID): Promise<boolean> {
    return await this.#ask(async options => await this.#block.stat(cid, options)) !== undefined
  }

  /** What is not known after LOCATE_TIMEOUT_MS counts as absent: the answer is a hint, and others wait for it. */
  async hasEach (cids: readonly CID[]): Promise<boolean[]> {
    if (cids.length < MIN_LOCATED_BLOCKS) return await Promise.all(cids.map(async cid => await this.has(cid)))
    return await locate(cids, {
      has: async cid => await this.has(cid), list: signal => this.#list(signal), maxAsking: MAX_LOCATING_RPCS,
      headStartMs: LIST_HEAD_START_MS, signal: AbortSignal.timeout(LOCATE_TIMEOUT_MS)
    })
  }

  async read (cid: CID): Promise<StoredBlock | undefined> {
    const bytes = await this.#ask(async options => await this.#block.get(cid, options))
    return bytes === undefined ? undefined : { bytes }
  }

  async * #list (signal: AbortSignal): AsyncGenerator<CID> {
    for await (const { ref, err } of this.#refs.local({ signal })) {
      // Empty where there is none, whatever its type says.
      if (err != null && `${err}` !== '') throw new Error(`${err}`)
      yield CID.parse(ref)
    }
  }

  async #ask <T> (question: (options: { offline: true, signal: AbortSignal }) => Promise<T>): Promise<T | undefined> {
    return await this.#inTurn(async () => {
      if (this.#nowMs() < this.#silentUntilMs) return undefined
      try {
        const answer = await question({ offline: true, signal: AbortSignal.timeout(BLOCK_RPC_TIMEOUT_MS) })
        this.#back()
        return answer
      } catch (error) {
        if (saysAbsent(error)) this.#back()
        else this.#lost(error)
        return undefined
      }
    })
  }

  #lost (error: unknown): void {
    this.#silentUntilMs = this.#nowMs() + RETRY_MS
    if (this.#away) return
    this.#away = true
    this.#log.warn({ daemon: this.name, reason: reasonOf(error) }, 'the IPFS daemon cannot be asked: its blocks count as absent until it answers again')
  }

  #back (): void {
    if (!this.#away) return
    this.#away = false
    this.#log.warn({ daemon: this.name }, 'the IPFS daemon answers again')
  }
}
