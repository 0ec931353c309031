import { injectFaults, parseFaults } from '@ipfs-mapreduce/faults'
import type { Fault, FaultKind, RivalFault, TakeoverFault } from './fault.ts'
import { isMessageFault } from './fault.ts'
import { storm } from './storm.ts'
import type { Message } from '@ipfs-mapreduce/protocol'
import { formatMessage } from '../network/trace.ts'
import type { Affliction, Surroundings } from '../cluster/process.ts'
import type { SimulatedClock } from '../clock.ts'
import type { SeededRandom } from '../prng.ts'
import { CLIENT, type World } from '../world/world.ts'

/** How long a process stays down that a fault of its own has ended. */
const RESTART_MS = 1_500
/** Requests that a stranger may have overheard. */
const OVERHEARD = 64

export interface InflictionInit {
  clock: SimulatedClock
  random: SeededRandom
  /** From then on nothing is inflicted, and what was is mended. */
  endMs: number
}

/** Does to a world what a list of faults says. */
export interface Infliction {
  /** For the surroundings of the world's processes. */
  afflict: NonNullable<Surroundings['afflict']>
  /** Lets the faults come, each at its time; to be called once, before the clock moves. */
  begin: (world: World) => void
  /** Mends every cut, empties every full disk and starts what is down. */
  heal: () => void
  /** How often each kind has struck. */
  readonly struck: ReadonlyMap<FaultKind, number>
}

export function createInfliction (faults: readonly Fault[], { clock, random, endMs }: InflictionInit): Infliction {
  const struck = new Map<FaultKind, number>()
  const count = (kind: FaultKind): void => { struck.set(kind, (struck.get(kind) ?? 0) + 1) }
  const mends = new Set<() => void>()
  /** Masters whose machines are lost for good. */
  const gone = new Set<string>()
  const overheard: Array<{ to: string, message: Message }> = []
  let world: World | undefined

  const start = (on: World, peer: string): void => {
    if (!gone.has(peer)) on.start(peer)
  }

  /** Faults may be over by then: it is the user who acts. */
  const takeOver = ({ kind, peer, by, resumeMs }: TakeoverFault | RivalFault, on: World): void => {
    clock.setTimeout(() => {
      start(on, by)
      on.tell({ type: 'takeover', from: peer, by, forGood: kind === 'takeover' })
    }, resumeMs, `the end of waiting for ${peer}`)
  }

  const strike = (fault: Exclude<Fault, { kind: 'process' }>, on: World): void => {
    const tell = (what: string, peer?: string, cids?: string[]): void => {
      count(fault.kind)
      on.tell({ type: 'fault', kind: fault.kind, what, ...peer !== undefined && { peer }, ...cids !== undefined && { cids } })
    }
    /** Undoes it when its time is over, or all faults' is. */
    const until = (forMs: number, mend: () => void): void => {
      const once = (): void => { if (mends.delete(once)) mend() }
      mends.add(once)
      clock.setTimeout(once, forMs, `the end of a ${fault.kind}`)
    }
    switch (fault.kind) {
      case 'partition': case 'cut':
        tell(`${fault.from.join(' ')} ${fault.kind === 'cut' ? '-|' : '|'} ${fault.to.join(' ')} for ${fault.forMs} ms`)
        until(fault.forMs, fault.kind === 'cut' ? on.network.cut(fault.from, fault.to) : on.network.partition(fault.from, fault.to))
        break
      case 'crash':
        if (!on.up(fault.peer)) break
        on.crash(fault.peer)
        if (fault.disk === 'wiped') {
          tell(`the disk of ${fault.peer} is wiped`, fault.peer, on.files.disk(fault.peer).cids())
          wipe(on, fault.peer)
        } else tell(`${fault.peer} crashes for ${fault.forMs} ms`, fault.peer)
        until(fault.forMs, () => { start(on, fault.peer) })
        break
      case 'drain': case 'stop':
        if (!on.up(fault.peer)) break
        tell(`${fault.peer} ${fault.kind}s`, fault.peer)
        on[fault.kind](fault.peer)
        until(fault.forMs, () => {
          // A worker that has not left by then stops waiting for those who need it.
          on.crash(fault.peer)
          start(on, fault.peer)
        })
        break
      case 'lose': case 'rot': {
        const cids = on.files.disk(fault.peer).cids().sort()
        const cid = cids[Math.floor(fault.which * cids.length)]
        if (cid === undefined) break
        tell(`${fault.peer} ${fault.kind === 'lose' ? 'loses' : 'lets rot'} ${cid}`, fault.peer, [cid])
        on.files[fault.kind](fault.peer, cid)
        break
      }
      case 'full':
        tell(`the disk of ${fault.peer} is full for ${fault.forMs} ms`, fault.peer)
        fill(on, fault.peer, true)
        until(fault.forMs, () => { fill(on, fault.peer, false) })
        break
      case 'forge':
        for (const which of fault.which) {
          const said = overheard[Math.floor(which * overheard.length)]
          const client = on.client()
          if (said === undefined || client === undefined || said.to === CLIENT) continue
          tell(`${CLIENT} says ${formatMessage(said.message)} to ${said.to}`)
          // Refused or not: nothing may come of it.
          client.port.request(on.network.address(said.to), said.message).catch(() => {})
        }
        break
      case 'takeover':
        on.crash(fault.peer)
        gone.add(fault.peer)
        tell(`${fault.peer} is lost for good`, fault.peer, on.files.disk(fault.peer).cids())
        wipe(on, fault.peer)
        takeOver(fault, on)
        break
      case 'rival':
        on.crash(fault.peer)
        tell(`${fault.peer} is lost for ${fault.forMs} ms`, fault.peer)
        until(fault.forMs, () => { start(on, fault.peer) })
        takeOver(fault, on)
        break
      default: throw new Error(`a ${fault.kind} is not struck at a time`)
    }
  }

  return {
    struck,
    afflict (name, { lifetime, random: own }): Affliction | undefined {
      const specs = faults.filter(fault => fault.kind === 'process' && fault.peer === name).map(fault => (fault as Extract<Fault, { kind: 'process' }>).faults)
      const leftMs = endMs - clock.now()
      if (specs.length === 0 || leftMs <= 0) return undefined
      const parsed = parseFaults(specs.join('; ')).map(fault => ({ ...fault, forMs: Math.min(fault.forMs ?? Infinity, Math.max(0, leftMs - (fault.afterMs ?? 0))) }))
      return injectFaults(parsed, {
        random: own.random,
        clock: lifetime.clock,
        crash () {
          lifetime.end()
          clock.setTimeout(() => { if (world !== undefined) start(world, name) }, RESTART_MS, `restart of ${name}`)
        },
        onFault (fault) {
          count('process')
          world?.tell({ type: 'fault', kind: 'process', what: `${name} suffers ${fault.kind}:${fault.target}`, peer: name })
        }
      })
    },
    begin (on) {
      world = on
      on.watch(occurrence => {
        if (occurrence.type !== 'sent' || occurrence.consignment.cargo.kind !== 'request') return
        const { to, cargo: { message } } = occurrence.consignment as typeof occurrence.consignment & { cargo: { kind: 'request' } }
        overheard.push({ to, message })
        if (overheard.length > OVERHEARD) overheard.shift()
      })
      const messages = faults.filter(isMessageFault)
      on.network.intercept(storm(messages, { random: random.fork('storm'), nowMs: () => clock.now(), endMs, onStrike: ({ kind }) => { count(kind) } }))
      for (const fault of faults) {
        if (fault.kind === 'process' || isMessageFault(fault) || fault.atMs >= endMs) continue
        clock.setTimeout(() => { strike(fault, on) }, fault.atMs, fault.kind)
      }
    },
    heal () {
      for (const mend of [...mends]) mend()
      for (const name of world?.names ?? []) start(world!, name)
    }
  }
}

function fill (world: World, peer: string, full: boolean): void {
  world.files.fill(peer, full)
  world.journals.setFull(peer, full)
}

function wipe (world: World, peer: string): void {
  world.files.wipe(peer)
  world.journals.wipe(peer)
}
