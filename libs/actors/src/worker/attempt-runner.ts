import { concat, MapReduceError, type Executor, type Fetched, type Files, type Lent, type RangeOptions, type RunRef, type Slots, type TaskResult, type Work } from '@ipfs-mapreduce/mapreduce'
import { attemptMachine, MachineActor, type AttemptCommand, type AttemptOutcome, type Timing } from '@ipfs-mapreduce/state-machines'
import { endsSoon } from './ends-soon.ts'
import { Prefetch } from './prefetch.ts'
import { Shuffle } from './shuffle.ts'
import { failureOf } from '../failure.ts'
import type { KeptFiles } from '../kept-files.ts'
import type { Clock, Components, Log } from '../components.ts'
import type { AttemptAssigned, AttemptProgress, Message, Network, Run, RunAt } from '@ipfs-mapreduce/protocol'

/** A program's bundle that is larger is refused. */
const MAX_PROGRAM_BYTES = 16 * 1024 * 1024

export interface AttemptRunnerInit {
  assigned: AttemptAssigned
  master: string
  timing: Timing
  files: Files
  executor: Executor
  network: Network
  clock: Clock
  inspect?: Components['inspect']
  log: Log
  kept: KeptFiles
  /** Those in which attempts of its kind execute. */
  slots: Slots
  /** Whether another attempt could be taken in before this one has ended. */
  mayYield: () => boolean
  onEnd: () => void
}

/** One attempt at a worker: its machine and the machine's effects. */
export class AttemptRunner {
  readonly #init: AttemptRunnerInit
  readonly #actor: MachineActor<typeof attemptMachine>
  readonly #abort = new AbortController()
  readonly #shuffle: Shuffle | undefined
  readonly #input: Prefetch | undefined
  #program: Uint8Array | undefined
  #runs: RunRef[] = []
  #result: TaskResult | undefined
  #records = 0
  #executingSinceMs = 0
  #yielded = false
  #giveBack = (): void => {}

  constructor (init: AttemptRunnerInit) {
    const { assigned: { ref, fetchTimeoutMs, executeTimeoutMs }, timing, clock, log, inspect } = init
    this.#init = init
    this.#actor = new MachineActor(attemptMachine, {
      clock,
      input: { ref, timing: { ...timing, fetchMs: fetchTimeoutMs || timing.fetchMs, executeMs: executeTimeoutMs || timing.executeMs } },
      onCommand: command => { this.#perform(command) },
      onChange: (_, state) => {
        log.debug({ ...ref, state }, 'attempt')
        if (this.#actor.isDone) this.#end()
      },
      ...inspect !== undefined && { inspect }
    })
    if (ref.kind === 'reduce') this.#shuffle = this.#createShuffle()
    else this.#input = this.#createPrefetch()
  }

  start (): void {
    this.#actor.start()
    this.#actor.send({ type: 'start' })
  }

  progress (): AttemptProgress {
    return { ref: this.#init.assigned.ref, state: this.#state(), records: this.#records }
  }

  get reporting (): boolean {
    return this.#state() === 'reporting'
  }

  /** It is about to end, and its master may have offered another one for its slot. */
  get yielded (): boolean {
    return this.#yielded
  }

  get master (): string {
    return this.#init.master
  }

  runsCommitted (runs: RunAt[], empty: number[]): void {
    this.#shuffle?.add(runs, empty)
  }

  /** What waits to be reported is reported now. */
  masterBack (): void {
    this.#actor.send({ type: 'masterBack' })
  }

  abort (reason: string): void {
    this.#actor.send({ type: 'abort', reason })
  }

  /** Whether it can do no more until its master tells it of runs. */
  get needsMaster (): boolean {
    return this.#init.assigned.ref.kind === 'reduce' && this.#state() === 'fetching'
  }

  /** What has not begun to execute is handed back, for a reason: it reports that, and holds no slot. */
  handBack (reason: string): void {
    if (!['fetching', 'queued'].includes(this.#state())) return
    this.#abort.abort()
    this.#actor.send({ type: 'stepFailed', failure: { code: 'ABORTED', message: `${reason}; the attempt was handed back` } })
  }

  #state (): string {
    const { value } = this.#actor
    return typeof value === 'string' ? value : Object.keys(value)[0]!
  }

  #createShuffle (): Shuffle {
    const { assigned: { ref, mapTasks } } = this.#init
    return new Shuffle({
      mapTasks,
      fetch: async (cid, options) => await this.#fetchRun(cid, options),
      signal: this.#abort.signal,
      onComplete: (runs, fetched) => {
        this.#runs = runs
        this.#actor.send({ type: 'fetched', ...fetched })
      },
      onLost: (run, failure) => {
        this.#step(this.#request({ type: 'runLost', ref, mapTask: run.mapTask, cid: run.cid, message: failure.message }).then(() => {}))
      }
    })
  }

  #createPrefetch (): Prefetch {
    const { assigned: { splits, providers, roots = [] }, files } = this.#init
    return new Prefetch({
      splits,
      fetch: async (cid, range) => await files.fetch(cid, { ...range, droppable: true, providers, roots, signal: this.#abort.signal }),
      onLast: () => { this.#inputRead() }
    })
  }

  /** Reads content when it is here. */
  #reading<Range extends RangeOptions, Content extends Uint8Array | Lent> (read: (cid: string, range: Range) => AsyncIterable<Content>): (cid: string, range: Range) => AsyncIterable<Content> {
    const { providers, roots = [] } = this.#init.assigned
    const reading = (cid: string, range: Range): AsyncIterable<Content> => read(cid, { providers, roots, ...range, signal: range.signal ?? this.#abort.signal })
    return (cid, range) => this.#input?.read(cid, range, reading) ?? reading(cid, range)
  }

  async #fetchRun (cid: string, options?: RangeOptions): Promise<Fetched> {
    const { assigned: { ref }, files, kept } = this.#init
    const total = { bytes: 0, blocks: 0 }
    await kept.fetch(ref.job, cid, async () => {
      const { bytes, blocks } = await files.fetch(cid, options)
      total.bytes += bytes
      total.blocks += blocks
    })
    return total
  }

  #perform (command: AttemptCommand): void {
    switch (command.type) {
      case 'fetch': this.#step(this.#fetch()); break
      case 'takeSlot': this.#step(this.#takeSlot()); break
      case 'execute': this.#step(this.#execute().finally(this.#giveBack)); break
      case 'store':
        this.#yieldSlot()
        this.#step(this.#store())
        break
      case 'report': this.#report(command); break
      case 'halt': this.#abort.abort(new MapReduceError('ABORTED', command.reason)); break
    }
  }

  /** An effect whose failure is an event; one that was halted has nobody to tell. */
  #step (effect: Promise<void>): void {
    effect.catch((error: unknown) => {
      if (!this.#abort.signal.aborted) this.#actor.send({ type: 'stepFailed', failure: failureOf(error) })
    })
  }

  async #fetch (): Promise<void> {
    const { assigned: { program, providers }, files } = this.#init
    const options = { providers, signal: this.#abort.signal }
    this.#program = await collect(files.read(program, options), program)
    if (this.#shuffle !== undefined) {
      this.#shuffle.start()
      return
    }
    this.#actor.send({ type: 'fetched', ...await this.#input!.start() })
  }

  async #takeSlot (): Promise<void> {
    const giveBack = await this.#init.slots.take(this.#abort.signal)
    if (this.#state() !== 'queued') {
      giveBack()
      return
    }
    this.#giveBack = giveBack
    this.#actor.send({ type: 'slotTaken' })
  }

  #inputRead (): void {
    const { assigned: { splits }, clock, executor } = this.#init
    const read = {
      elapsedMs: clock.now() - this.#executingSinceMs,
      bytes: splits.reduce((sum, { length }) => sum + length, 0),
      aheadBytes: executor.readAheadBytes ?? 0
    }
    if (endsSoon(read)) this.#yieldSlot()
  }

  /** Tells the master that it may offer another attempt for this one's slot, so that none stands empty while reports and offers travel. */
  #yieldSlot (): void {
    const { assigned: { ref }, log, mayYield } = this.#init
    if (this.#yielded || this.#abort.signal.aborted || !mayYield()) return
    this.#yielded = true
    this.#request({ type: 'slotYielded', ref }).catch((error: unknown) => {
      log.debug({ ...ref, error: String(error) }, 'the master was not told that a slot is free soon')
    })
  }

  async #execute (): Promise<void> {
    this.#executingSinceMs = this.#init.clock.now()
    const { files } = this.#init
    const input = this.#input?.rest() ?? Promise.resolve({ bytes: 0, blocks: 0 })
    const lost = new AbortController()
    input.catch((error: unknown) => { lost.abort(error) })
    let result: TaskResult
    try {
      result = await this.#init.executor.execute(this.#work(), {
        program: this.#program!,
        job: this.#init.assigned.ref.job,
        signal: AbortSignal.any([this.#abort.signal, lost.signal]),
        read: this.#reading((cid, range) => files.read(cid, range)),
        ...files.lend !== undefined && { lend: this.#reading((cid, range) => files.lend!(cid, range)) },
        onProgress: records => { this.#records = records }
      })
    } catch (error) {
      // Input that could not be fetched is the reason of whatever that led to.
      if (lost.signal.aborted) await input
      throw error
    }
    if (this.#abort.signal.aborted) {
      await result.release()
      return
    }
    this.#result = result
    const fetched = await input
    if (!this.#abort.signal.aborted) this.#actor.send({ type: 'executed', ...fetched })
  }

  #work (): Work {
    const { ref, args, separator, reducers, splits, skipBadRecords, sortBufferBytes, bounds } = this.#init.assigned
    return ref.kind === 'map'
      ? { kind: 'map', task: ref.task, reducers, args, splits, skipBadRecords, ...sortBufferBytes !== undefined && { sortBufferBytes }, ...bounds !== undefined && { bounds } }
      : { kind: 'reduce', task: ref.task, args, separator, runs: this.#runs, skipBadRecords }
  }

  async #store (): Promise<void> {
    const { assigned: { ref }, files, kept } = this.#init
    const result = this.#result!
    const runs: Run[] = []
    for (const { partition, records, content } of result.outputs) {
      this.#abort.signal.throwIfAborted()
      const { cid, bytes } = await kept.store(ref.job, () => files.put(content()))
      runs.push({ mapTask: ref.task, partition, cid, bytes, records })
    }
    await result.release()
    this.#result = undefined
    const outcome: AttemptOutcome = ref.kind === 'map'
      ? { runs, outputBytes: 0, counters: result.counters, skipped: result.skipped }
      : { runs: [], output: runs[0]!.cid, outputBytes: runs[0]!.bytes, counters: result.counters, skipped: result.skipped }
    this.#actor.send({ type: 'stored', outcome })
  }

  #report ({ outcome, failure, fetchedBytes, fetchedBlocks }: Extract<AttemptCommand, { type: 'report' }>): void {
    const { assigned: { ref }, log } = this.#init
    const message: Message = failure === undefined
      ? { type: 'attemptCompleted', ref, ...outcome!, fetchedBytes, fetchedBlocks }
      : { type: 'attemptFailed', ref, failure }
    this.#request(message).then(
      () => { this.#actor.send({ type: 'reported' }) },
      (error: unknown) => {
        const { code, message } = failureOf(error)
        log.warn({ ...ref, code, reason: message }, 'a report was not taken')
        // A refusal is an answer: the master has no use for it.
        this.#actor.send({ type: code === 'UNREACHABLE' || code === 'TIMEOUT' || code === 'TRANSIENT' ? 'reportFailed' : 'reported' })
      })
  }

  async #request (message: Message): Promise<Message> {
    return await this.#init.network.request(this.#init.master, message)
  }

  #end (): void {
    const { assigned: { ref }, log } = this.#init
    this.#abort.abort(new MapReduceError('ABORTED', 'the attempt ended'))
    this.#result?.release().catch((error: unknown) => { log.warn({ ...ref, error: String(error) }, 'scratch could not be freed') })
    log.info({ ...ref, state: this.#state() }, 'attempt ended')
    this.#init.onEnd()
  }
}

async function collect (chunks: AsyncIterable<Uint8Array>, cid: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    parts.push(chunk)
    bytes += chunk.length
    if (bytes > MAX_PROGRAM_BYTES) throw new MapReduceError('FATAL', `the program ${cid} is larger than ${MAX_PROGRAM_BYTES} bytes`)
  }
  return concat(parts, bytes)
}
