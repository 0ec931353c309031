import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { HEARTBEAT_MS, LEASE_MS, type AttemptAssigned, type AttemptProgress, type AttemptRef, type Message, type Run, type RunsCommitted } from '@ipfs-mapreduce/protocol'
import type { SeededRandom } from '@ipfs-mapreduce/simulator'
import { fakeCid, hash, indexOf } from './cids.ts'
import { CID_SPACES } from './input.ts'
import type { ScaleClock } from './clock.ts'
import type { FaultRates } from './faults.ts'
import type { Kind } from './meter.ts'
import type { Peer, ScaleNetwork } from './network.ts'

/** Records that each map task says it has read; the job's counter must be their sum. */
export const RECORDS_PER_MAP = 1000
/** A worker asks after the jobs whose runs it holds every six leases, as the real one does. */
const AUDIT_MS = 6 * LEASE_MS
const RUN_BYTES = 64 * 1024

/** What all workers share. */
export interface Surroundings {
  cluster: string
  clock: ScaleClock
  network: ScaleNetwork
  kind: Kind
  random: SeededRandom
  faults: FaultRates
  /** Virtual milliseconds of an attempt: half to one and a half of it, by chance. */
  taskMs: number
  reducers: number
  mappers: number
  /** Mappers that hold each block. */
  replicas: number
  /** Share of a map task's partitions that get no pairs. */
  emptyShare: number
  counts: WorkerCounts
}

/** What the workers saw and did, to be held against what the master says. */
export interface WorkerCounts {
  attempts: number
  completed: number
  failed: number
  deaths: number
  heartbeats: number
  lostHeartbeats: number
  runsLost: number
  audits: number
  /** Runs and empty marks that reduce attempts were told of. */
  told: number
  aborted: number
}

interface Running {
  ref: AttemptRef
  startedMs: number
  /** A reduce's: which map tasks it was told of, and how many. */
  shuffle?: { maps: Uint8Array, told: number }
}

/**
 * A worker that speaks the protocol and does nothing: it joins, sends heartbeats, takes attempts up to its slots, and after
 * a time reports what it did not make. The machines of the real worker are left out, so that the master's time is most of
 * the run.
 */
export class LightWorker implements Peer {
  readonly peer: string
  presence: Peer['presence'] = 'closed'
  readonly #around: Surroundings
  readonly #number: number
  readonly #role: 'mapper' | 'reducer'
  readonly #slots: number
  readonly #running = new Map<string, Running>()
  #life = 0
  #auditedMs = 0
  #job: string | undefined

  /** Mappers are numbered from 0, then reducers. */
  constructor (number: number, slots: number, around: Surroundings) {
    this.#number = number
    this.#slots = slots
    this.#around = around
    this.#role = number < around.mappers ? 'mapper' : 'reducer'
    this.peer = `12D3KooW${fakeCid('raw', 0, number).slice(-44)}`
  }

  /** Its process starts, and joins. */
  start (): void {
    const { clock, kind } = this.#around
    this.presence = 'up'
    const life = ++this.#life
    this.#auditedMs = clock.now()
    this.#join()
    clock.after(HEARTBEAT_MS, kind, () => { this.#beat(life) })
  }

  answer (message: Message): Message {
    switch (message.type) {
      case 'attemptAssigned': this.#accept(message); break
      case 'runsCommitted': this.#told(message); break
      case 'attemptAborted': if (this.#running.delete(keyOf(message.ref))) this.#around.counts.aborted++; break
      case 'jobEnded': this.#running.clear(); this.#job = undefined; break
      case 'leave': this.#join(); break
      case 'blocksQuery': return { type: 'blocksHeld', held: this.#held(message.cids) }
      default: throw new MapReduceError('REFUSED', `a worker does not take ${message.type}`)
    }
    return { type: 'ack' }
  }

  #join (): void {
    const { cluster, network } = this.#around
    network.ask(this.peer, {
      type: 'join', cluster, role: this.#role, slots: this.#slots, running: this.#progress(), draining: false,
      addresses: [`/ip4/10.${this.#number >>> 16}.${this.#number >>> 8 & 255}.${this.#number & 255}/tcp/4001/p2p/${this.peer}`]
    })
  }

  #beat (life: number): void {
    if (life !== this.#life) return
    const { cluster, clock, network, kind, random, faults, counts } = this.#around
    if (random.chance(faults.deathsPerBeat)) {
      this.#die()
      return
    }
    clock.after(HEARTBEAT_MS, kind, () => { this.#beat(life) })
    counts.heartbeats++
    if (random.chance(faults.lostHeartbeats)) counts.lostHeartbeats++
    else network.announce(this.peer, { type: 'heartbeat', cluster, role: this.#role, slots: this.#slots, running: this.#progress(), draining: false })
    if (this.#job !== undefined && clock.now() - this.#auditedMs >= AUDIT_MS) {
      this.#auditedMs = clock.now()
      counts.audits++
      network.ask(this.peer, { type: 'statusQuery', job: this.#job })
    }
  }

  /** Half of those that die close their connections. */
  #die (): void {
    const { clock, network, kind, random, faults, counts } = this.#around
    counts.deaths++
    this.#life++
    this.#running.clear()
    this.#job = undefined
    this.presence = random.chance(0.5) ? 'closed' : 'silent'
    if (this.presence === 'closed') network.disconnect(this.peer)
    clock.after(faults.downMs, kind, () => { this.start() })
  }

  #accept ({ ref, mapTasks }: AttemptAssigned): void {
    const { clock, kind, random, faults, taskMs, counts } = this.#around
    if (this.#running.has(keyOf(ref))) return
    if (this.#running.size >= this.#slots) throw new MapReduceError('TRANSIENT', `all ${this.#slots} slots are taken`)
    const running: Running = { ref, startedMs: clock.now(), ...ref.kind === 'reduce' && { shuffle: { maps: new Uint8Array(mapTasks), told: 0 } } }
    this.#running.set(keyOf(ref), running)
    this.#job = ref.job
    counts.attempts++
    if (ref.kind === 'reduce') return
    const slowness = random.chance(faults.stragglers) ? faults.slowness : 1
    const fails = random.chance(faults.failures)
    clock.after(taskMs * (0.5 + random.random()) * slowness, kind, () => { this.#end(running, fails) })
  }

  #end (running: Running, fails: boolean): void {
    const { network, counts } = this.#around
    const { ref } = running
    if (this.#running.get(keyOf(ref)) !== running) return
    this.#running.delete(keyOf(ref))
    if (fails) {
      counts.failed++
      network.ask(this.peer, { type: 'attemptFailed', ref: { ...ref }, failure: { code: 'TRANSIENT', message: 'a fault that was drawn' } })
      return
    }
    counts.completed++
    const report = { type: 'attemptCompleted' as const, ref: { ...ref }, fetchedBytes: 0, fetchedBlocks: 0, skipped: [] }
    if (ref.kind === 'map') network.ask(this.peer, { ...report, runs: this.#runs(ref.task), outputBytes: 0, counters: mapCounters() })
    else network.ask(this.peer, { ...report, runs: [], output: fakeCid('raw', CID_SPACES.output, ref.task), outputBytes: 1, counters: { 'reduce.output.records': 1 } })
  }

  /** Equal tasks give equal runs, whoever makes them. */
  #runs (task: number): Run[] {
    const { reducers, emptyShare } = this.#around
    const runs: Run[] = []
    for (let partition = 0; partition < reducers; partition++) {
      const index = task * reducers + partition
      if (hash(CID_SPACES.run, index) < emptyShare * 2 ** 32) continue
      runs.push({ mapTask: task, partition, cid: fakeCid('raw', CID_SPACES.run, index), bytes: RUN_BYTES, records: RECORDS_PER_MAP })
    }
    return runs
  }

  /** A reduce attempt is told of runs; some cannot be had, and it says so. When it has heard of every map task it ends. */
  #told ({ ref, runs, empty }: RunsCommitted): void {
    const { clock, kind, network, random, faults, taskMs, counts } = this.#around
    const running = this.#running.get(keyOf(ref))
    const shuffle = running?.shuffle
    if (running === undefined || shuffle === undefined) throw new MapReduceError('REFUSED', `attempt ${keyOf(ref)} does not run here`)
    const note = (mapTask: number): void => {
      if (shuffle.maps[mapTask] === 1) return
      shuffle.maps[mapTask] = 1
      shuffle.told++
      counts.told++
    }
    const before = shuffle.told
    for (const { run } of runs) {
      if (shuffle.maps[run.mapTask] === 1) continue
      if (random.chance(faults.lostRuns)) {
        counts.runsLost++
        network.ask(this.peer, { type: 'runLost', ref: { ...ref }, mapTask: run.mapTask, cid: run.cid, message: 'a fault that was drawn' })
      } else note(run.mapTask)
    }
    for (const mapTask of empty) note(mapTask)
    if (before < shuffle.maps.length && shuffle.told === shuffle.maps.length) clock.after(taskMs, kind, () => { this.#end(running, false) })
  }

  #held (cids: string[]): boolean[] {
    return cids.map(cid => {
      const leaf = indexOf(cid)
      for (let replica = 0; replica < this.#around.replicas; replica++) if (hash(leaf, replica) % this.#around.mappers === this.#number) return true
      return false
    })
  }

  #progress (): AttemptProgress[] {
    const nowMs = this.#around.clock.now()
    return [...this.#running.values()].map(({ ref, startedMs }) => ({ ref: { ...ref }, state: 'executing', records: nowMs - startedMs }))
  }
}

/** As a word count's map attempt reports them. */
function mapCounters (): Record<string, number> {
  return {
    'map.input.records': RECORDS_PER_MAP, 'map.input.bytes': 1024 * 1024, 'map.output.records': 8 * RECORDS_PER_MAP,
    'combine.input.records': 8 * RECORDS_PER_MAP, 'combine.output.records': RECORDS_PER_MAP, 'spilled.records': RECORDS_PER_MAP
  }
}

function keyOf ({ kind, task, attempt }: AttemptRef): string {
  return `${kind}/${task}/${attempt}`
}
