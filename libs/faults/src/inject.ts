import type { Clock, Log } from '@ipfs-mapreduce/actors'
import type { Executor, Files } from '@ipfs-mapreduce/mapreduce'
import type { Network } from '@ipfs-mapreduce/protocol'
import { skewedClock } from './clock.ts'
import { faultyExecutor } from './executor.ts'
import type { Fault } from './fault.ts'
import { faultyFiles } from './files.ts'
import { flipByte } from './flip-byte.ts'
import { MESSAGE_TARGETS } from './messages.ts'
import { FaultyNetwork } from './network.ts'
import { Perils } from './perils.ts'
import { Roll } from './roll.ts'
import { Waits } from './waits.ts'

export interface InjectInit {
  /** 0 ≤ result < 1; seeded, the faults of a run can be drawn again. */
  random: () => number
  /** The right time: by it faults are active and delays pass. Its start is now. */
  clock: Clock
  /** Ends the process as `kill -9` does: at once, telling nobody. Code of the process that still runs is held up for ever. */
  crash: () => void
  log?: Log
  /** Told each time a fault strikes. */
  onFault?: (fault: Fault) => void
}

/** Blocks as they pass between disk, process and peers. What comes back may be damaged; whoever takes it checks its hash. */
export interface BlockFaults {
  /** A block as it is read from this peer's disk. */
  stored: (cid: string, bytes: Uint8Array) => Uint8Array
  /** A block as it is given to another peer. */
  served: (cid: string, bytes: Uint8Array) => Uint8Array
}

/** A process's parts with the faults that it suffers. Each decorator is the identity where no fault concerns it. */
export interface FaultInjection {
  network: (network: Network) => Network
  files: (files: Files) => Files
  executor: (executor: Executor) => Executor
  clock: (clock: Clock) => Clock
  /** Undefined where no fault concerns blocks. */
  blocks: BlockFaults | undefined
}

/** Prepares the faults of one process: each counts its own occurrences over all parts. */
export function injectFaults (faults: readonly Fault[], { random, clock, crash, log, onFault }: InjectInit): FaultInjection {
  const roll = new Roll(faults, { random, clock, log, onFault })
  const perils = new Perils({ roll, clock, crash })
  const spoil = (kind: 'rot' | 'corrupt', bytes: Uint8Array): Uint8Array => roll.strikes(kind, 'block') ? flipByte(bytes, random) : bytes
  const skews = faults.filter(({ kind }) => kind === 'skew')
  return {
    network: network => roll.concerns(['drop', 'delay', 'duplicate', 'reorder', 'corrupt', 'crash'], ['attempt', ...MESSAGE_TARGETS])
      ? new FaultyNetwork(network, { roll, perils, random, clock, log })
      : network,
    files: files => roll.concerns(['crash', 'slow', 'stall'], ['fetch', 'store']) || roll.concerns(['full', 'missing'], ['disk', 'block'])
      ? faultyFiles(files, { roll, perils, waits: new Waits(clock) })
      : files,
    executor: executor => roll.concerns(['crash', 'slow', 'stall', 'lie'], ['execute', 'output'])
      ? faultyExecutor(executor, { roll, perils, waits: new Waits(clock), random })
      : executor,
    clock: inner => skews.length === 0 ? inner : skewedClock(inner, skews, roll),
    blocks: roll.concerns(['rot', 'corrupt'], ['block'])
      ? { stored: (_, bytes) => spoil('rot', bytes), served: (_, bytes) => spoil('corrupt', bytes) }
      : undefined
  }
}
