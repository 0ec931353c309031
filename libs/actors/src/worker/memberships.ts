import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { MachineActor, workerMachine, type Timing, type WorkerCommand } from '@ipfs-mapreduce/state-machines'
import { failureOf } from '../failure.ts'
import { within } from '../within.ts'
import type { WorkerComponents } from '../components.ts'
import type { WorkerInit } from '../faces.ts'
import type { AttemptProgress, MasterAdvert } from '@ipfs-mapreduce/protocol'

/** Masters that are sought at once: bounds what adverts of strangers can start. */
const MAX_MASTERS = 64
const LOOPBACK = /^\/ip4\/127\.|^\/ip6\/::1\//

export interface MembershipsInit extends Omit<WorkerInit, 'timing'> {
  timing: Timing
  components: WorkerComponents
  running: () => AttemptProgress[]
  /** After each heartbeat, and after each try to join that failed. */
  onBeat: () => void
  /** The last membership has ended after a drain. */
  onAllLeft: () => void
}

type Link = MachineActor<typeof workerMachine>

/** The masters that a worker has joined or seeks: a machine for each address, and the machines' effects. */
export class Memberships {
  readonly #init: MembershipsInit
  readonly #links = new Map<string, Link>()
  readonly #listeners: Array<(master: string) => void> = []
  #unlisten = (): void => {}
  #lastBeatMs = -Infinity
  #leaving = false
  /** Masters that were asked to welcome this worker: an offer may overtake the welcome. */
  readonly #asked = new Set<string>()
  /** Leaves that are being told; each ends, at the latest with its request's deadline. */
  readonly #goodbyes: Array<Promise<unknown>> = []
  /** Why an address could not be joined, last time. */
  readonly #reasons = new Map<string, string>()

  constructor (init: MembershipsInit) {
    this.#init = init
  }

  start (): void {
    const { components: { network }, masters } = this.#init
    network.subscribe('masters', (from, announcement) => {
      if (announcement.type === 'masterAdvert') this.#advertised(from, announcement)
    })
    this.#unlisten = network.onPeer(({ type, peer }) => {
      if (type === 'disconnected') this.#lost(peer)
    })
    for (const address of masters) this.#seek(address)
  }

  onWelcome (listener: (master: string) => void): void {
    this.#listeners.push(listener)
  }

  /** A master says that this worker is no member: it joins again. */
  dismissed (master: string, reason: string): void {
    this.#init.components.log.warn({ master, reason }, 'dismissed by a master')
    this.#lost(master)
  }

  /** Whether a peer is a master that has welcomed this worker; also while it is sought again. */
  isMaster (peer: string): boolean {
    return this.#asked.has(peer) || [...this.#links.values()].some(link => masterOf(link) === peer)
  }

  /** Whether a master is a member's now: it has welcomed this worker and was not lost since. */
  isThere (peer: string): boolean {
    return [...this.#links.values()].some(link => masterOf(link) === peer && topState(link) !== 'joining')
  }

  /** The best state of all memberships: ready, draining, joining or left. */
  state (): string {
    const states = [...this.#links.values()].map(link => topState(link))
    return ['ready', 'draining', 'joining'].find(state => states.includes(state)) ?? 'left'
  }

  drain (): void {
    this.#leaving = true
    for (const link of [...this.#links.values()]) link.send({ type: 'drain' })
    this.#checkLeft()
  }

  idle (): void {
    for (const link of [...this.#links.values()]) link.send({ type: 'idle' })
  }

  stop (): void {
    this.#leaving = true
    this.#unlisten()
    for (const link of [...this.#links.values()]) link.send({ type: 'stop' })
  }

  #lost (master: string): void {
    for (const link of [...this.#links.values()]) {
      if (masterOf(link) !== master) continue
      if (topState(link) !== 'joining') this.#init.components.log.warn({ master }, 'lost a master, joining again')
      link.send({ type: 'masterLost' })
    }
  }

  #advertised (from: string, { cluster, addresses }: MasterAdvert): void {
    if (cluster !== this.#init.cluster || this.#leaving || this.isMaster(from) || !this.#accepts(from)) return
    if (this.#links.size >= MAX_MASTERS && !this.#giveUpOne()) return
    const own = addresses.filter(address => address.endsWith(`/p2p/${from}`))
    // A master elsewhere names its loopback addresses too; one of this machine is reached at the others as well.
    const address = own.find(address => !LOOPBACK.test(address)) ?? own[0] ?? `/p2p/${from}`
    if (!this.#links.has(address)) this.#seek(address)
  }

  #accepts (master: string): boolean {
    return this.#init.acceptMasters?.includes(master) !== false
  }

  /** Makes room for a master that is there, at the cost of an advertised one that has not answered for longest. */
  #giveUpOne (): boolean {
    const failed = ([address, link]: [string, Link]): number => this.#init.masters.includes(address) ? 0 : link.context.failedJoins
    const [worst] = [...this.#links].sort((a, b) => failed(b) - failed(a))
    if (worst === undefined || failed(worst) === 0) return false
    worst[1].send({ type: 'stop' })
    return true
  }

  #seek (address: string): void {
    if (this.#links.has(address)) return
    const { timing, components: { clock, log, inspect } } = this.#init
    const link: Link = new MachineActor(workerMachine, {
      clock, input: { address, timing },
      onCommand: command => { this.#perform(link, address, command) },
      onChange: (_, state) => {
        log.debug({ address, state }, 'membership')
        if (!link.isDone) return
        this.#links.delete(address)
        this.#reasons.delete(address)
        this.#checkLeft()
      },
      ...inspect !== undefined && { inspect }
    })
    this.#links.set(address, link)
    link.start()
  }

  #perform (link: Link, address: string, command: WorkerCommand): void {
    const { network, log } = this.#init.components
    switch (command.type) {
      case 'join':
        this.#join(link, address).catch((error: unknown) => {
          this.#tellWhy(address, error)
          link.send({ type: 'joinFailed' })
          this.#init.onBeat()
        })
        break
      case 'welcomed':
        this.#reasons.delete(address)
        log.info({ master: command.master, address }, 'joined master')
        for (const listener of this.#listeners) listener(command.master)
        break
      case 'heartbeat': this.#heartbeat(); break
      case 'leave':
        if (command.master === undefined) break
        this.#goodbyes.push(network.request(command.master, { type: 'leave', reason: 'the worker left' }).catch((error: unknown) => {
          log.debug({ master: command.master, error: String(error) }, 'the master was not told that this worker left')
        }))
        break
    }
  }

  /** Says why it has not joined when that is news: the first time, and when the reason changes. */
  #tellWhy (address: string, error: unknown): void {
    const { message } = failureOf(error)
    const { log } = this.#init.components
    if (this.#reasons.get(address) === message) log.debug({ address, reason: message }, 'still no master')
    else log.warn({ address, reason: message }, 'no master joined yet, trying again')
    this.#reasons.set(address, message)
  }

  async #join (link: Link, address: string): Promise<void> {
    const { components: { network }, cluster, role, slots, running } = this.#init
    const peer = await network.dial(address)
    if (!this.#accepts(peer)) throw new MapReduceError('REFUSED', `the peer there, ${peer}, is not one of the masters that this worker accepts; see --accept-master`)
    if ([...this.#links.values()].some(other => other !== link && masterOf(other) === peer)) {
      link.send({ type: 'dismiss' })
      return
    }
    this.#asked.add(peer)
    const answer = await network.request(peer, { type: 'join', cluster, role, slots, addresses: network.addresses(), running: running(), draining: this.#leaving }).finally(() => { this.#asked.delete(peer) })
    if (answer.type !== 'welcome') throw new TypeError(`a join was answered by ${answer.type}`)
    link.send({ type: 'welcome', master: peer, heartbeatMs: answer.heartbeatMs })
  }

  /** One announcement serves all masters: a beat of a second membership within half the interval adds nothing. */
  #heartbeat (): void {
    const { components: { network, clock, log }, cluster, role, slots, running } = this.#init
    const nowMs = clock.now()
    const shortestMs = Math.min(...[...this.#links.values()].map(link => link.context.heartbeatMs))
    if (within(nowMs, this.#lastBeatMs, shortestMs / 2)) return
    this.#lastBeatMs = nowMs
    network.publish('workers', { type: 'heartbeat', cluster, role, slots, running: running(), draining: this.#leaving }).catch((error: unknown) => {
      log.debug({ error: String(error) }, 'a heartbeat was not sent')
    })
    this.#init.onBeat()
  }

  #checkLeft (): void {
    if (!this.#leaving || this.#links.size > 0) return
    this.#unlisten()
    void Promise.all(this.#goodbyes).then(() => { this.#init.onAllLeft() })
  }
}

function masterOf (link: Link): string | undefined {
  return link.context.master
}

function topState (link: Link): string {
  const { value } = link
  return typeof value === 'string' ? value : Object.keys(value)[0]!
}
